/**
 * 8-bit RGBA as one number a pixel, red in its lowest byte: the machines that this runs on have that first.
 *
 * @param data Whole pixels.
 * @returns A view of them, or of a copy where they do not lie as numbers do.
 */
export function asPixels(data: Uint8ClampedArray): Int32Array {
  const { buffer, byteOffset, length } = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Int32Array(buffer, byteOffset, length / 4);
}
