/** A number with as many digits as are worth being read. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Two of them. */
export function roundedPair(
  pair: readonly [number, number] | undefined,
): readonly [number, number] | undefined {
  return pair && [rounded(pair[0]), rounded(pair[1])];
}
