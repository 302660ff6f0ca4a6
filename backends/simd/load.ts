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

/** What stands in a module before the name of what it imports, and the kind and the flags of a memory with a maximum. */
const importedMemory = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 1]; // "env", "memory"

/** The flags of one that threads share. */
const sharedFlags = 3;

/**
 * A build for a memory that threads share: the same but for one bit of what it says of the memory that it imports.
 *
 * @throws If it imports none.
 */
export function shareMemory(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const start = binary.findIndex((_, at) =>
    importedMemory.every((byte, index) => binary[at + index] === byte)
  );
  if (start < 0) throw new Error("the kernels import no memory");
  const shared = binary.slice();
  shared[start + importedMemory.length - 1] = sharedFlags;
  return shared;
}

/**
 * The kernels, to compute on some memory.
 *
 * @param memory That of TensorFlow.js's module; threads may share it.
 * @param only A build; else the faster one, if it runs here.
 * @throws {WebAssembly.CompileError} If none does.
 */
export async function loadKernels(memory: WebAssembly.Memory, only?: KernelBuild): Promise<LoadedKernels> {
  const build = only ?? "relaxed";
  const built = await readBuild(build);
  const binary = isShared(memory) ? shareMemory(built) : built;
  if (!only && !WebAssembly.validate(binary)) return await loadKernels(memory, "plain");
  const { module, instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  return { build, module, exports: instance.exports as unknown as KernelExports };
}

/** Whether threads share a memory. */
export function isShared({ buffer }: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && (buffer as ArrayBufferLike) instanceof SharedArrayBuffer;
}
