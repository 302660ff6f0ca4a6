import type { HeapBackend } from "./heap_backend.ts";

/**
 * Have a backend's module say that no memory is left. Of those who ask it for some, TensorFlow.js does not look whether any was
 * given: what is written to address 0 instead destroys the module's own books, and the next who asks never gets an answer.
 */
export function checkMemory({ wasm }: HeapBackend): void {
  if (!wasm) return;
  const allocate = wasm._malloc;
  function allocateOrThrow(bytes: number): number {
    const address = allocate(bytes) >>> 0; // it comes as a signed number
    wasm!._malloc = allocateOrThrow; // where the module's glue has put what it calls in its place
    if (address > 0 || bytes === 0) return address;
    throw new RangeError(
      `WebAssembly has no memory left for ${bytes} bytes, of the 4 GB that it can hold at most`,
    );
  }
  wasm._malloc = allocateOrThrow;
}
