/**
 * Give the memory of an array back now: the collector counts large arrays late, and until it comes by they add up to tens
 * of megabytes. Nobody may look at the array any more. One that is a part of something larger is left as it is.
 *
 * @param view The array; it is empty afterwards.
 */
export function release({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && byteLength === buffer.byteLength) {
    buffer.transfer(0);
  }
}
