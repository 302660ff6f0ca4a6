/** What NumPy's files begin with: its mark, and version 1.0 of the format. */
const prefix = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/** Where the numbers begin is a multiple of this many bytes. */
const alignment = 64;

/**
 * Numbers as a file of NumPy: `numpy.load` gives the array back.
 *
 * @param data The numbers, the last axis innermost.
 * @param shape How many there are along each axis.
 * @throws {RangeError} If the shape does not hold as many numbers.
 */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  if (shape.reduce((product, length) => product * length, 1) !== data.length) {
    throw new RangeError(`Cannot write ${data.length} numbers as an array of ${shape.join(" × ")}`);
  }
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${axes}), }`;
  const start = Math.ceil((prefix.length + 2 + text.length + 1) / alignment) * alignment;
  const header = new TextEncoder().encode(`${text.padEnd(start - prefix.length - 3)}\n`);
  const bytes = new Uint8Array(start + data.length * 4);
  bytes.set(prefix);
  const view = new DataView(bytes.buffer);
  view.setUint16(prefix.length, header.length, true);
  bytes.set(header, prefix.length + 2);
  data.forEach((value, index) => view.setFloat32(start + index * 4, value, true));
  return bytes;
}
