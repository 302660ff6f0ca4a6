/** How rows were changed before they were packed, as the field Predictor numbers it. */
export const predictors = { none: 1, differences: 2, floatingPoint: 3 };

/** A row of numbers as they are stored. */
interface Row {
  /** Numbers a pixel. */
  readonly step: number;
  /** Bits a number. */
  readonly bits: number;
  readonly littleEndian: boolean;
}

const getters = { 8: "getUint8", 16: "getUint16", 32: "getUint32" } as const;
const setters = { 8: "setUint8", 16: "setUint16", 32: "setUint32" } as const;

/** Whether the rows of a picture can be undone here. */
export function isKnownPredictor(predictor: number, bits: number, isWhole: boolean): boolean {
  if (predictor === predictors.none) return true;
  if (predictor === predictors.differences) return bits in getters;
  return predictor === predictors.floatingPoint && !isWhole;
}

/** Each number is stored as its difference from the one of the pixel before. */
function sumUp(row: DataView, { step, bits, littleEndian }: Row): void {
  const size = bits / 8;
  const [get, set] = [getters[bits as keyof typeof getters], setters[bits as keyof typeof setters]];
  for (let at = step * size; at + size <= row.byteLength; at += size) {
    row[set](at, row[get](at, littleEndian) + row[get](at - step * size, littleEndian), littleEndian);
  }
}

/** All first bytes, then all second ones, each as its difference from the one before; the result is big-endian. */
function putTogether(row: DataView, { step, bits }: Row): void {
  const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  for (let at = step; at < bytes.length; at++) bytes[at]! += bytes[at - step]!;
  const size = bits / 8;
  const apart = bytes.slice();
  const count = apart.length / size;
  for (let at = 0; at < apart.length; at++) bytes[at] = apart[at % size * count + Math.floor(at / size)]!;
}

/** Undo in place what was done to a row before it was packed. */
export function undoPredictor(predictor: number, row: DataView, shape: Row): void {
  if (predictor === predictors.differences) sumUp(row, shape);
  if (predictor === predictors.floatingPoint) putTogether(row, shape);
}
