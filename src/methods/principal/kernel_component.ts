import { leadingEigenpair, type SymmetricMatrix } from "./eigenpair.ts";
import { type Pause, type Rows, rowSums, withSignOf } from "./rows.ts";

/** More rows have a kernel too large to be held and searched, 128 MiB. */
const mostRows = 4096;

/** The square of the distance between two rows. */
function squaredDistance({ data, columns }: Rows, a: number, b: number): number {
  let sum = 0;
  for (let column = 0; column < columns; column++) {
    const difference = data[a * columns + column]! - data[b * columns + column]!;
    sum += difference * difference;
  }
  return sum;
}

/** How alike all rows are: exp(−‖xᵢ − xⱼ‖² / columns). */
async function kernelOf(rows: Rows, pause: Pause): Promise<SymmetricMatrix> {
  const { rows: size, columns } = rows;
  const data = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      data[a * size + b] = data[b * size + a] = Math.exp(-squaredDistance(rows, a, b) / columns);
    }
    await pause();
  }
  return { data, size };
}

/** Centre what the kernel stands for, in place: the mean of each row and each column becomes 0. */
function centre({ data, size }: SymmetricMatrix): void {
  const means = Float64Array.from({ length: size }, (_, row) => {
    let sum = 0;
    for (let at = row * size; at < (row + 1) * size; at++) sum += data[at]!;
    return sum / size;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / size;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      data[row * size + column]! += mean - means[row]! - means[column]!;
    }
  }
}

/**
 * The first component of a kernel principal component analysis: u·√λ for the largest eigenvalue λ of the centred kernel
 * exp(−‖xᵢ − xⱼ‖² / columns) and its eigenvector u, in double precision. Its sign is chosen so that it goes with the sums
 * of the rows.
 *
 * @param rows What is given.
 * @param pause Awaited in between; what it throws ends the work.
 * @returns A number for each row; NaN where not all that is given are finite numbers.
 * @throws {RangeError} If there are more than 4,096 rows.
 */
export async function firstKernelComponent(rows: Rows, pause: Pause): Promise<Float32Array> {
  if (rows.rows > mostRows) {
    throw new RangeError(
      `Cannot compare ${rows.rows} places of a layer with each other: choose a later layer, of ${mostRows} at most`,
    );
  }
  if (!rows.data.every(Number.isFinite)) return new Float32Array(rows.rows).fill(NaN);
  const kernel = await kernelOf(rows, pause);
  centre(kernel);
  const { value, vector } = await leadingEigenpair(kernel, pause);
  return withSignOf(vector.map((part) => part * Math.sqrt(Math.max(value, 0))), rowSums(rows));
}
