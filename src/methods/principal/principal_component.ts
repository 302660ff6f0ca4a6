import { leadingEigenpair, type SymmetricMatrix } from "./eigenpair.ts";
import { centredColumns, dot, type Pause, type Rows, rowSums, withSignOf } from "./rows.ts";

/** The products of all vectors with each other. */
async function productsOf(vectors: readonly Float64Array[], pause: Pause): Promise<SymmetricMatrix> {
  const size = vectors.length;
  const data = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      data[row * size + column] = data[column * size + row] = dot(vectors[row]!, vectors[column]!);
    }
    await pause();
  }
  return { data, size };
}

/** Columns as rows. */
function transpose(columns: readonly Float64Array[]): Float64Array[] {
  return Array.from(columns[0]!, (_, row) => Float64Array.from(columns, (column) => column[row]!));
}

/**
 * The first principal component: X·v, where X is what is given less each column's mean, and v the direction along which its
 * rows differ most. Of XᵀX and XXᵀ the smaller is decomposed, in double precision; at the peak X lies in memory twice. Its
 * sign is chosen so that it goes with the sums of the rows.
 *
 * @param rows What is given.
 * @param pause Awaited in between; what it throws ends the work.
 * @returns A number for each row; NaN where not all that is given are finite numbers.
 */
export async function firstPrincipalComponent(rows: Rows, pause: Pause): Promise<Float32Array> {
  if (!rows.data.every(Number.isFinite)) return new Float32Array(rows.rows).fill(NaN);
  const columns = centredColumns(rows);
  const component = new Float64Array(rows.rows);
  if (rows.columns <= rows.rows) {
    const { vector } = await leadingEigenpair(await productsOf(columns, pause), pause);
    columns.forEach((column, at) => column.forEach((value, row) => component[row]! += vector[at]! * value));
  } else {
    const { value, vector } = await leadingEigenpair(await productsOf(transpose(columns), pause), pause);
    component.set(vector.map((part) => part * Math.sqrt(Math.max(value, 0))));
  }
  return withSignOf(component, rowSums(rows));
}
