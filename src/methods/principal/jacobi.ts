/** How often all numbers beside the diagonal are turned to 0; few times suffice. */
const mostSweeps = 50;

/** How far two axes are turned so that what lies between them becomes 0: the cosine and the sine of the angle. */
function turnOf(a: number, between: number, b: number): readonly [cosine: number, sine: number] {
  const ratio = (b - a) / (2 * between);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  return [cosine, tangent * cosine];
}

/** Turn two vectors towards each other, in place. */
function turn(a: Float64Array, b: Float64Array, [cosine, sine]: readonly [number, number]): void {
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at]!, b[at]!];
    a[at] = cosine * one - sine * other;
    b[at] = sine * one + cosine * other;
  }
}

/** Turn two axes of a matrix: its rows, and its columns. */
function turnAxes(
  rows: readonly Float64Array[],
  [p, q]: readonly [number, number],
  [cosine, sine]: readonly [number, number],
): void {
  turn(rows[p]!, rows[q]!, [cosine, sine]);
  for (const row of rows) {
    const [one, other] = [row[p]!, row[q]!];
    row[p] = cosine * one - sine * other;
    row[q] = sine * one + cosine * other;
  }
}

/**
 * The largest eigenvalue of a small symmetric matrix and its eigenvector of length 1, by Jacobi's rotations.
 *
 * @param rows The matrix, which is changed.
 */
export function largestByRotations(
  rows: readonly Float64Array[],
): { readonly value: number; readonly vector: Float64Array } {
  const size = rows.length;
  const axes = rows.map((_, at) => Float64Array.from({ length: size }, (_, other) => other === at ? 1 : 0));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const between = rows[p]![q]!;
        const [a, b] = [rows[p]![p]!, rows[q]![q]!];
        // Left as it is where it is nothing beside what stands on the diagonal.
        if (Math.abs(between) <= Number.EPSILON * 2 ** -10 * Math.sqrt(Math.abs(a * b)) || between === 0) {
          continue;
        }
        const angle = turnOf(a, between, b);
        turnAxes(rows, [p, q], angle);
        turn(axes[p]!, axes[q]!, angle);
        turned = true;
      }
    }
    if (!turned) break;
  }
  let best = 0;
  rows.forEach((row, at) => {
    if (row[at]! > rows[best]![best]!) best = at;
  });
  return { value: rows[best]![best]!, vector: axes[best]! };
}
