import type { KernelBuild, KernelExports, LoadedKernels } from "./kernels.ts";

/** The builds, each in a module of its own: what does not run here is not loaded. */
const builds: Readonly<Record<KernelBuild, () => Promise<{ readonly base64: string }>>> = {
  relaxed: () => import("./built/relaxed.ts"),
  plain: () => import("./built/plain.ts"),
};

/** The binary of a build. */
export async function readBuild(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  const { base64 } = await builds[build]();
  return Uint8Array.fromBase64(base64);
}

/**
 * The kernels, to compute on some memory.
 *
 * @param memory That of TensorFlow.js's module for one thread.
 * @param only A build; else the faster one, if it runs here.
 * @throws {WebAssembly.CompileError} If none does.
 */
export async function loadKernels(memory: WebAssembly.Memory, only?: KernelBuild): Promise<LoadedKernels> {
  const build = only ?? "relaxed";
  const binary = await readBuild(build);
  if (!only && !WebAssembly.validate(binary)) return await loadKernels(memory, "plain");
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  return { build, exports: instance.exports as unknown as KernelExports };
}
