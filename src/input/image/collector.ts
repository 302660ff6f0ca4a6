/** How much memory may wait, in bytes. */
const mostWaiting = 2 ** 25;

/** More than the collector lets grow before it looks for what can go, in bytes. */
const alarming = 2 ** 29;

let waiting = 0;

/** Note that memory of WebAssembly is not used any more, in bytes. */
export function noteUnused(length: number): void {
  waiting += length;
}

/**
 * Have memory of WebAssembly collected that nothing holds any more. The collector does not count it, and leaves hundreds
 * of megabytes where they are for as long as little else is made. So it is shown as much of what it does count, of which
 * nothing is ever touched, so that it takes no room.
 */
export async function collectUnused(): Promise<void> {
  if (waiting < mostWaiting) return;
  waiting = 0;
  await new Promise((resolve) => setTimeout(resolve, 0)); // until then weak references hold what they are of
  try {
    new ArrayBuffer(alarming);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // it has looked for room then, which is what is wanted
  }
}
