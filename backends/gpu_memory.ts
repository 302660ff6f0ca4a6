/**
 * What lies in a GPU's memory alone. TensorFlow.js moves tensors from backend to backend when they are next needed, but
 * synchronously, and outside of browsers a GPU cannot be read so: whatever is to be computed with elsewhere must have
 * been read before.
 *
 * @module
 */
import * as tf from "../src/base/tfjs.ts";
import type { Tensor } from "../src/base/tensors.ts";

/** A tensor's content as TensorFlow.js's WebGPU backend keeps it. */
interface GpuData {
  /** Its numbers, where they are known outside of the GPU. */
  readonly values: unknown;
  readonly dtype: string;
}

/** As much of TensorFlow.js's WebGPU backend as this takes. */
interface GpuBackend {
  readonly tensorMap: { data: DataMap };
  read(dataId: object): Promise<unknown>;
}

/** The map behind a backend's tensors: it tells what it is asked for, and cannot be gone through. */
type DataMap = Pick<WeakMap<object, GpuData>, "get" | "set" | "has" | "delete">;

/** What was on a backend before it was watched is learnt of when it is used; all else can be gone through. */
class WatchedMap implements DataMap {
  readonly #known = new Map<object, GpuData>();
  readonly #earlier: DataMap;

  constructor(earlier: DataMap) {
    this.#earlier = earlier;
  }

  get(dataId: object): GpuData | undefined {
    const known = this.#known.get(dataId);
    if (known) return known;
    const earlier = this.#earlier.get(dataId);
    if (earlier) this.#known.set(dataId, earlier);
    return earlier;
  }

  set(dataId: object, data: GpuData) {
    this.#known.set(dataId, data);
    return this as unknown as WeakMap<object, GpuData>;
  }

  has(dataId: object): boolean {
    return this.#known.has(dataId) || this.#earlier.has(dataId);
  }

  delete(dataId: object): boolean {
    const wasKnown = this.#known.delete(dataId);
    return this.#earlier.delete(dataId) || wasKnown;
  }

  /** Those whose numbers nobody knows but the GPU. */
  get unread(): object[] {
    const isRead = ({ values, dtype }: GpuData) =>
      values !== null && values !== undefined || dtype === "string";
    return [...this.#known].filter(([_, data]) => !isRead(data)).map(([dataId]) => dataId);
  }
}

/** TensorFlow.js's WebGPU backend, if it has been started. */
function startedGpu(): GpuBackend | undefined {
  const { registry } = tf.engine() as unknown as { readonly registry: Readonly<Record<string, unknown>> };
  const backend = registry["webgpu"];
  return typeof backend === "object" && backend !== null && "tensorMap" in backend
    ? backend as GpuBackend
    : undefined;
}

/** Its tensors, watched from now on. */
function watchedMapOf({ tensorMap }: GpuBackend): WatchedMap {
  if (!(tensorMap.data instanceof WatchedMap)) tensorMap.data = new WatchedMap(tensorMap.data);
  return tensorMap.data as WatchedMap;
}

/** Watch what comes to lie in the GPU's memory, if WebGPU has been started. */
export function watchGpuMemory(): void {
  const gpu = startedGpu();
  if (gpu) watchedMapOf(gpu);
}

async function readAll(gpu: GpuBackend, dataIds: readonly object[]): Promise<void> {
  await Promise.all(dataIds.map((dataId) => gpu.read(dataId).catch(() => {}))); // disposed meanwhile
}

/**
 * Read back what lies in the GPU's memory alone, so that other backends can compute with it. It stays on the GPU too, until
 * it is moved. Where WebGPU was never started it costs nothing.
 *
 * @param tensors Some that may have been made before the GPU was watched.
 */
export async function readBackFromGpu(tensors: readonly Tensor[] = []): Promise<void> {
  const gpu = startedGpu();
  if (!gpu) return;
  const watched = watchedMapOf(gpu);
  for (const { dataId } of tensors) watched.get(dataId);
  await readAll(gpu, watched.unread);
}

/** Read tensors back that lie in the GPU's memory alone, so that they can be looked at without waiting. */
export async function makeReadable(tensors: readonly Tensor[]): Promise<void> {
  const gpu = startedGpu();
  if (!gpu) return;
  const watched = watchedMapOf(gpu);
  await readAll(gpu, tensors.map(({ dataId }) => dataId).filter((dataId) => watched.has(dataId)));
}
