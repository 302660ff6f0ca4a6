/** Numbers in rows. */
export interface Rows {
  /** `rows` × `columns` numbers, row by row. */
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Awaited in long work; what it throws ends it. */
export type Pause = () => Promise<void>;

/** The product of two vectors. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** The length of a vector. */
export function lengthOf(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

/** The sum of each row. */
export function rowSums({ data, rows, columns }: Rows): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]!;
    return sum;
  });
}

/** Each column by itself, less its mean. */
export function centredColumns({ data, rows, columns }: Rows): Float64Array[] {
  return Array.from({ length: columns }, (_, column) => {
    const values = Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    return values.map((value) => value - mean);
  });
}

/**
 * Choose the sign of a component, which is chance otherwise: it goes with the rows' sums, or where it is at right angles to
 * them its largest value is positive.
 *
 * @param component A number for each row, of mean 0.
 */
export function withSignOf(component: Float64Array, sums: Float64Array): Float32Array {
  const product = dot(component, sums);
  const largest = component.reduce((most, value) => Math.abs(value) > Math.abs(most) ? value : most, 0);
  const isClear = Math.abs(product) > lengthOf(component) * lengthOf(sums) * 1e-12;
  const sign = (isClear ? product : largest) < 0 ? -1 : 1;
  return Float32Array.from(component, (value) => sign * value);
}
