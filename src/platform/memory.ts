/** How much memory the process holds, in bytes. */
export interface ProcessMemory {
  /** All of it. */
  readonly resident: number;
  /** What JavaScript's heap uses of it. */
  readonly heap: number;
}

/** How much memory this process holds; `undefined` where the platform does not tell. No permission is needed. */
export function processMemory(): ProcessMemory | undefined {
  try {
    const { rss, heapUsed } = globalThis.Deno.memoryUsage();
    return { resident: rss, heap: heapUsed };
  } catch {
    return undefined; // there is no Deno, or one at the edge that does not say
  }
}
