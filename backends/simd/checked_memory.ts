import type { HeapBackend } from "./heap_backend.ts";

/**
 * Have a backend's module say that no memory is left. Of those who ask it for some, TensorFlow.js does not look whether any was
 * given: what is written to address 0 instead destroys the module's own books, and the next who asks never gets an answer.
 */
export function checkMemory({ wasm }: HeapBackend): void {
  if (!wasm) return;
  wasm._free(wasm._malloc(1)); // when it is first asked, the module's glue puts what it calls in its place
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = allocate(bytes) >>> 0; // it comes as a signed number
    if (address > 0 || bytes === 0) return address;
    throw new RangeError(
      `WebAssembly has no memory left for ${bytes} bytes, of the 4 GB that it can hold at most`,
    );
  };
}
