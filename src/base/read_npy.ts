import { shown } from "./options.ts";
import { parsePythonLiteral, type PythonValue } from "./python_literal.ts";

/** An array of NumPy's. */
export interface NpyArray {
  /** Its numbers, the last axis innermost. */
  readonly data: Float32Array;
  /** How many there are along each axis. */
  readonly shape: readonly number[];
}

/** What NumPy's files begin with. */
const mark = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Where the mark and the version end, and the length of the header stands. */
const lengthAt = 8;

/** A type of numbers: bytes of each, and how one is read. */
interface NumberType {
  readonly size: number;
  read(view: DataView, at: number, little: boolean): number;
}

/** Types by NumPy's names, without the order of their bytes. */
const types: Readonly<Record<string, NumberType>> = {
  f2: { size: 2, read: (view, at, little) => view.getFloat16(at, little) },
  f4: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  i2: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  i4: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  i8: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
};

/** Whether bytes begin as a file of NumPy's does. */
export function isNpy(bytes: Uint8Array): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

/** What the header says, and where the numbers begin. */
function readHeader(bytes: Uint8Array): { readonly header: PythonValue; readonly start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = bytes[6]! > 1; // from version 2 on its length takes four bytes
  const headerAt = lengthAt + (isLong ? 4 : 2);
  if (bytes.length < headerAt) throw new TypeError("it is cut short");
  const start = headerAt + (isLong ? view.getUint32(lengthAt, true) : view.getUint16(lengthAt, true));
  if (start > bytes.length) throw new TypeError("it is cut short");
  return { header: parsePythonLiteral(new TextDecoder().decode(bytes.subarray(headerAt, start))), start };
}

/** The lengths of the axes; `undefined` where they are none. */
function shapeOf(value: PythonValue | undefined): number[] | undefined {
  const isLength = (length: PythonValue): length is number =>
    Number.isSafeInteger(length) && Number(length) >= 0;
  return Array.isArray(value) && value.every(isLength) ? value : undefined;
}

/**
 * Read an array that `numpy.save` wrote.
 *
 * @param bytes The file's content.
 * @returns Its numbers as float32.
 * @throws {TypeError} In a few words, if it is damaged, holds other things than numbers, or columns after one another.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  const { header, start } = readHeader(bytes);
  const fields = header instanceof Map
    ? header as ReadonlyMap<string, PythonValue>
    : new Map<string, PythonValue>();
  const shape = shapeOf(fields.get("shape"));
  const [, order, name] = /^([<>|=])(\w+)$/.exec(String(fields.get("descr"))) ?? [];
  const type = name !== undefined && Object.hasOwn(types, name) ? types[name] : undefined;
  if (!shape) throw new TypeError("its header says no shape");
  if (!type) throw new TypeError(`it holds ${shown(fields.get("descr"))}, not numbers`);
  if (fields.get("fortran_order") === true && shape.length > 1) {
    throw new TypeError("its columns lie after one another: save numpy.ascontiguousarray() of it");
  }
  const count = shape.reduce((product, length) => product * length, 1);
  if (count * type.size > bytes.length - start) throw new TypeError("it is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const little = order !== ">";
  return {
    data: Float32Array.from({ length: count }, (_, at) => type.read(view, at * type.size, little)),
    shape,
  };
}
