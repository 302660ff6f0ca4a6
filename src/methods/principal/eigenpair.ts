import { largestByRotations } from "./jacobi.ts";
import { dot, lengthOf, type Pause } from "./rows.ts";

/** A symmetric matrix. */
export interface SymmetricMatrix {
  /** `size` × `size` numbers, row by row; of a finite size each. */
  readonly data: Float64Array;
  readonly size: number;
}

/** An eigenvalue, and its eigenvector of length 1. */
export interface Eigenpair {
  readonly value: number;
  readonly vector: Float64Array;
}

/** How many directions are kept at once. */
const mostDirections = 24;

/** How often it is begun anew from what was found. */
const mostRounds = 200;

/** How near a multiple of itself the matrix maps the vector, as a part of the eigenvalue. */
const tolerance = 1e-12;

/** Add a multiple of a vector to another, in place. */
function add(to: Float64Array, factor: number, vector: Float64Array): void {
  for (let at = 0; at < to.length; at++) to[at]! += factor * vector[at]!;
}

function scaled(vector: Float64Array, factor: number): Float64Array {
  return vector.map((value) => value * factor);
}

function multiply({ data, size }: SymmetricMatrix, vector: Float64Array): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, row) => dot(data.subarray(row * size, (row + 1) * size), vector),
  );
}

/** Where the search begins: always the same, and at right angles to nothing that can be expected. */
function firstGuess(size: number): Float64Array {
  const guess = Float64Array.from({ length: size }, (_, at) => 0.5 + (at + 1) * Math.SQRT2 % 1);
  return scaled(guess, 1 / lengthOf(guess));
}

/** A symmetric matrix with numbers on and beside its diagonal alone, in rows. */
function tridiagonal(diagonal: readonly number[], beside: readonly number[]): Float64Array[] {
  return diagonal.map((value, at) => {
    const row = new Float64Array(diagonal.length);
    row[at] = value;
    if (at > 0) row[at - 1] = beside[at - 1]!;
    if (at < beside.length) row[at + 1] = beside[at]!;
    return row;
  });
}

/** One round of Lanczos' method: what the matrix does within the space of its first powers times a vector. */
async function searchFrom(
  matrix: SymmetricMatrix,
  start: Float64Array,
  pause: Pause,
): Promise<Eigenpair & { readonly error: number }> {
  const directions = [start];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  for (;;) {
    await pause();
    const image = multiply(matrix, directions.at(-1)!);
    diagonal.push(dot(image, directions.at(-1)!));
    // Twice, since once leaves what was rounded.
    for (let time = 0; time < 2; time++) {
      for (const direction of directions) add(image, -dot(image, direction), direction);
    }
    const rest = lengthOf(image);
    const { value, vector: parts } = largestByRotations(tridiagonal(diagonal, beside));
    const error = rest * Math.abs(parts.at(-1)!);
    if (error <= tolerance * Math.abs(value) || directions.length === Math.min(mostDirections, matrix.size)) {
      const vector = new Float64Array(matrix.size);
      directions.forEach((direction, at) => add(vector, parts[at]!, direction));
      return { value, vector: scaled(vector, 1 / lengthOf(vector)), error };
    }
    beside.push(rest);
    directions.push(scaled(image, 1 / rest));
  }
}

/**
 * The largest eigenvalue of a symmetric matrix without negative ones, and its eigenvector, by Lanczos' method, begun anew
 * from the best that was found until that is as exact as double precision allows. The same matrix gives the same vector;
 * whether it or its opposite is chance.
 *
 * @param matrix Its numbers are finite.
 * @param pause Awaited between products of the matrix with a vector; what it throws ends the search.
 * @returns For a matrix of zeros the value 0.
 */
export async function leadingEigenpair(
  matrix: SymmetricMatrix,
  pause: Pause,
): Promise<Eigenpair> {
  let found = await searchFrom(matrix, firstGuess(matrix.size), pause);
  for (let round = 1; round < mostRounds && found.error > tolerance * Math.abs(found.value); round++) {
    found = await searchFrom(matrix, found.vector, pause);
  }
  return found;
}
