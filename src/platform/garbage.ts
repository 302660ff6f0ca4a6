/**
 * Clearing up a thread's heap while it works. V8 doubles the room for new objects each time that as much has outlived
 * collections, up to 64 MB a thread, and makes it smaller only when a thread has little to do: one that is kept busy holds
 * more with each thousand tasks, though none leaves anything.
 *
 * @module
 */

/** How far a heap, and what belongs to it outside, may grow before it is cleared up, in bytes. */
const roomBytes = 32e6;

/** What a thread that computes holds when all else is cleared up, in bytes; each clearing up finds out. */
const usualBytes = 24e6;

/** Collects all garbage of this thread; `undefined` where that cannot be asked for. */
type Collect = (() => void) | undefined;

/** V8's collector, had as Node documents it, which needs no permission and no option of the process. */
async function findCollector(): Promise<Collect> {
  try {
    const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
      import("node:v8"),
      import("node:vm"),
    ]);
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("gc");
    return typeof collect === "function" ? () => void collect() : undefined;
  } catch {
    return undefined; // no such platform
  }
}

/** What this thread's heap takes, and what belongs to it outside, in bytes; 0 where the platform does not tell. */
function heldBytes(): number {
  try {
    const { heapTotal, external } = globalThis.Deno.memoryUsage();
    return heapTotal + external;
  } catch {
    return 0;
  }
}

/** Keeps the heap of this thread from growing. */
export class HeapKeeper {
  #held = usualBytes;
  #collector: Promise<Collect> | undefined;

  /**
   * Clear up, if the heap has grown; to be called between two tasks, when little is in use: that takes a tenth of a second.
   *
   * @returns Whether it was cleared up.
   */
  async clearUp(): Promise<boolean> {
    if (heldBytes() < this.#held + roomBytes) return false;
    this.#held = Infinity; // no second time meanwhile, and none where there is no collector
    const collect = await (this.#collector ??= findCollector());
    if (!collect) return false;
    collect();
    this.#held = heldBytes();
    return true;
  }
}
