import * as tf from "../src/base/tfjs.ts";
import { quote } from "../src/base/quote.ts";
import { isPermitted } from "../src/platform/permission.ts";
import { type Backend, CannotStart, type StartedBackend } from "./backend.ts";
import { watchGpu } from "./gpu_errors.ts";
import { watchGpuMemory } from "./gpu_memory.ts";
import { registerKernels } from "./kernels/mod.ts";
import { runSelfTest } from "./self_check.ts";

/** Where graphics drivers look for the desktop. */
const desktopVariable = "XDG_RUNTIME_DIR";

/**
 * Run something that wakes the graphics drivers. Mesa's prints an error where there is no desktop, as on servers;
 * given a folder to look in, it finds nothing and is silent. That takes the permission to set the variable; it is
 * not asked for.
 */
async function withQuietDrivers<T>(run: () => Promise<T>): Promise<T> {
  if (!globalThis.Deno?.env) return await run(); // some edge host
  const granted = isPermitted({ name: "env", variable: desktopVariable });
  if (!granted || Deno.env.has(desktopVariable)) return await run();
  Deno.env.set(desktopVariable, "/");
  try {
    return await run();
  } finally {
    Deno.env.delete(desktopVariable);
  }
}

/** What the kernel of Linux shows of a GPU: its own drivers', NVIDIA's, and that of Windows beneath it. */
const deviceFiles = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg"];

/**
 * Whether it is sure that there is no hardware GPU. To ask for an adapter loads all graphics drivers, an emulator among
 * them maybe, at the cost of tens of milliseconds and megabytes. Permission to look is not asked for.
 */
function isWithoutGpu(): boolean {
  if (globalThis.Deno?.build.os !== "linux") return false;
  return deviceFiles.every((path) => {
    if (!isPermitted({ name: "read", path })) return false;
    try {
      Deno.statSync(path);
      return false;
    } catch (error) {
      return error instanceof Deno.errors.NotFound;
    }
  });
}

/** The GPU as its driver names it. */
function nameOf({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter(Boolean).join(" ") || "unnamed";
}

function describe(adapter: GPUAdapter | null): StartedBackend {
  const { info } = adapter ?? {};
  return {
    threads: 1,
    simd: false,
    kernels: null,
    adapter: info ? nameOf(info) : null,
    software: info?.isFallbackAdapter ?? false,
  };
}

/** The GPU that TensorFlow.js takes: where there are two, it asks for the faster, and so does this. */
async function requestAdapter(): Promise<GPUAdapter | null> {
  return await withQuietDrivers(() => navigator.gpu.requestAdapter({ powerPreference: "high-performance" }));
}

/** GPUs that are freed when the process ends. */
const freed = new WeakSet<GPUDevice>();

/** Free the GPU when the process ends: Mesa's emulator crashes now and then where it is still held. */
function freeAtExit(): void {
  const { device } = tf.backend() as unknown as { readonly device?: GPUDevice };
  if (!device || freed.has(device) || !globalThis.Deno) return;
  freed.add(device);
  globalThis.addEventListener("unload", () => device.destroy());
}

/** Make WebGPU the current backend, and find out what it computes wrongly. */
async function startAndTest(): Promise<string> {
  await import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0");
  if (!await withQuietDrivers(() => tf.setBackend("webgpu"))) return "TensorFlow.js cannot use it";
  registerKernels("webgpu");
  watchGpu();
  watchGpuMemory();
  freeAtExit();
  const failed = (await runSelfTest()).filter(({ ok }) => !ok);
  return failed.length === 0 ? "" : `it computes wrongly: ${failed.map(({ name }) => name).join(", ")}`;
}

/** WebGPU: on a hardware GPU; by name on a software one too, which is slower than WebAssembly. */
export const webgpuBackend: Backend = {
  name: "webgpu",
  async start({ byName }) {
    if (!globalThis.navigator?.gpu) throw new CannotStart("this platform has no WebGPU");
    if (!byName && isWithoutGpu()) throw new CannotStart("this machine has no GPU");
    const adapter = await requestAdapter();
    if (!adapter) throw new CannotStart("there is no GPU that this platform can use");
    const gpu = quote(nameOf(adapter.info));
    if (adapter.info.isFallbackAdapter && !byName) throw new CannotStart(`${gpu} is emulated on the CPU`);
    const before = tf.engine().backendName;
    const fault = await startAndTest().catch((error: Error) => error.message.split("\n")[0]!);
    if (fault) {
      if (before) await tf.setBackend(before);
      throw new CannotStart(`${gpu} is of no use: ${fault}`);
    }
    return describe(adapter);
  },
  async inspect() {
    watchGpu();
    watchGpuMemory();
    return describe(await requestAdapter());
  },
};
