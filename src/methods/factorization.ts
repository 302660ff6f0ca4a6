/**
 * Non-negative factorisation: a matrix of no negative numbers as the product of two small ones.
 *
 * @module
 */

/** A matrix without negative numbers, row by row. */
export interface Matrix {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/** How a matrix is factorised. */
export interface FactorizationOptions {
  /** How many terms at most. */
  readonly components: number;
  /** Awaited between pieces of work; what it throws ends it. */
  pause(): Promise<void>;
}

/** One term of a product: `strengths` times `concept`. */
export interface Component {
  /** One number a row, the largest of them 1. */
  readonly strengths: Float64Array;
  /** One number a column. */
  readonly concept: Float64Array;
}

/** The terms of a product, and how near to the matrix it comes. */
export interface Factorization {
  /** The one with the largest sum first. */
  readonly components: readonly Component[];
  /** |A − Σ terms| / |A| by Frobenius's norm. */
  readonly error: number;
}

/** How often both factors are improved at most. */
const mostRounds = 200;

/** How little the squared error falls in a round that is the last, as a part of the matrix's square. */
const tolerance = 1e-6;

/** What counts as nothing beside the matrix's square. */
const nothing = 1e-12;

/** Σ a·b */
function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function add(to: Float64Array, from: ArrayLike<number>, times: number): void {
  for (let at = 0; at < to.length; at++) to[at]! += times * from[at]!;
}

/**
 * Rows to begin with: each time the one of which most is left when those before are projected off.
 *
 * @returns Fewer than asked for where nothing is left.
 */
function chooseRows(rows: readonly Float64Array[], count: number): Float64Array[] {
  const left = rows.map((row) => Float64Array.from(row));
  const least = nothing * left.reduce((sum, row) => sum + dot(row, row), 0);
  const chosen: Float64Array[] = [];
  while (chosen.length < count) {
    const sizes = left.map((row) => dot(row, row));
    const best = sizes.reduce((best, size, at) => size > sizes[best]! ? at : best, 0);
    if (!(sizes[best]! > least)) break;
    chosen.push(Float64Array.from(rows[best]!));
    const direction = left[best]!.map((value) => value / Math.sqrt(sizes[best]!));
    for (const row of left) add(row, direction, -dot(row, direction));
  }
  return chosen;
}

/**
 * Make one factor the best for the other, a term at a time (hierarchical alternating least squares).
 *
 * @param own The factor, term by term; it is changed.
 * @param products For each term of the other what it gives with the matrix.
 * @param gram What the terms of the other give with each other.
 */
function improve(
  own: readonly Float64Array[],
  products: readonly Float64Array[],
  gram: readonly (readonly number[])[],
): void {
  own.forEach((term, at) => {
    const size = gram[at]![at]!;
    if (size === 0) return;
    const change = Float64Array.from(products[at]!);
    own.forEach((other, of) => add(change, other, -gram[at]![of]!));
    for (let index = 0; index < term.length; index++) {
      term[index] = Math.max(term[index]! + change[index]! / size, 0);
    }
  });
}

function gramOf(terms: readonly Float64Array[]): number[][] {
  return terms.map((a) => terms.map((b) => dot(a, b)));
}

/** Scale a term so that its largest strength is 1. */
function scale(strengths: Float64Array, concept: Float64Array): Component {
  const largest = strengths.reduce((a, b) => Math.max(a, b), 0) || 1;
  return {
    strengths: strengths.map((value) => value / largest),
    concept: concept.map((value) => value * largest),
  };
}

function sizeOf({ strengths, concept }: Component): number {
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return sum(strengths) * sum(concept);
}

/**
 * Factorise a matrix in double precision. The same matrix gives the same factors: nothing is drawn at random.
 *
 * It begins with rows of the matrix that differ most (successive projections: Araújo et al., "The successive projections
 * algorithm for variable selection", 2001), and then improves both factors in turn, term by term (Cichocki & Phan, "Fast Local
 * Algorithms for Large Scale Nonnegative Matrix and Tensor Factorizations", 2009), until the error hardly falls any more.
 * Terms that are nothing are left out.
 */
export async function factorize(
  { data, rows, columns }: Matrix,
  { components, pause }: FactorizationOptions,
): Promise<Factorization> {
  const matrix = Array.from({ length: rows }, (_, row) => {
    return Float64Array.from({ length: columns }, (_, column) => data[row * columns + column]!);
  });
  const square = matrix.reduce((sum, row) => sum + dot(row, row), 0);
  const concepts = chooseRows(matrix, components);
  const strengths = concepts.map(() => new Float64Array(rows));
  let error = square;
  for (let round = 0; round < mostRounds; round++) {
    const onConcepts = concepts.map((concept) => Float64Array.from(matrix, (row) => dot(row, concept)));
    improve(strengths, onConcepts, gramOf(concepts));
    const onRows = strengths.map((strength) => {
      const sum = new Float64Array(columns);
      matrix.forEach((row, at) => strength[at] !== 0 && add(sum, row, strength[at]!));
      return sum;
    });
    const gram = gramOf(strengths);
    improve(concepts, onRows, gram);
    const inner = concepts.reduce((sum, concept, at) => sum + dot(concept, onRows[at]!), 0);
    const own = gramOf(concepts).reduce((sum, row, at) => sum + dot(row, gram[at]!), 0);
    const before = error;
    error = square - 2 * inner + own;
    await pause();
    if (!(before - error > tolerance * square)) break;
  }
  const found = strengths.map((strength, at) => scale(strength, concepts[at]!));
  return {
    components: found.filter((one) => sizeOf(one) > 0).sort((a, b) => sizeOf(b) - sizeOf(a)),
    error: square > 0 ? Math.sqrt(Math.max(error, 0) / square) : 0,
  };
}
