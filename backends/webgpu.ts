import * as tf from "@tensorflow/tfjs";
import { type Backend, CannotStart } from "./backend.ts";
import { registerKernels } from "./kernels/mod.ts";
import { runSelfTest } from "./self_test.ts";

/** Where graphics drivers look for the desktop. */
const desktopVariable = "XDG_RUNTIME_DIR";

/**
 * Run something that wakes the graphics drivers. Mesa's prints an error where there is no desktop, as on servers;
 * given a folder to look in, it finds nothing and is silent. That takes the permission to set the variable; it is
 * not asked for.
 */
async function withQuietDrivers<T>(run: () => Promise<T>): Promise<T> {
  const granted = Deno.permissions.querySync({ name: "env", variable: desktopVariable }).state === "granted";
  if (!granted || Deno.env.has(desktopVariable)) return await run();
  Deno.env.set(desktopVariable, "/");
  try {
    return await run();
  } finally {
    Deno.env.delete(desktopVariable);
  }
}

/** The GPU as its driver names it. */
function describe({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter(Boolean).join(" ") || "unnamed";
}

/** WebGPU: on a hardware GPU; by name on a software one too, which is slower than WebAssembly. */
export const webgpuBackend: Backend = {
  name: "webgpu",
  async start({ byName }) {
    if (!globalThis.navigator?.gpu) throw new CannotStart("this platform has no WebGPU");
    const adapter = await withQuietDrivers(() => navigator.gpu.requestAdapter());
    if (!adapter) throw new CannotStart("there is no GPU that this platform can use");
    const { info } = adapter;
    const software = info.isFallbackAdapter;
    if (software && !byName) throw new CannotStart(`"${describe(info)}" is emulated on the CPU`);
    await import("@tensorflow/tfjs-backend-webgpu");
    const before = tf.engine().backendName;
    if (!await withQuietDrivers(() => tf.setBackend("webgpu"))) {
      throw new CannotStart(`TensorFlow.js cannot start on "${describe(info)}"`);
    }
    registerKernels("webgpu");
    const failed = (await runSelfTest()).filter(({ ok }) => !ok);
    if (failed.length > 0) {
      if (before) await tf.setBackend(before);
      const names = failed.map(({ name }) => name).join(", ");
      throw new CannotStart(`"${describe(info)}" computes wrongly: ${names}`);
    }
    return { threads: 1, simd: false, adapter: describe(info), software };
  },
};
