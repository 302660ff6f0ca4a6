/** From which part on a missing sum is told. */
const tolerable = 0.05;

/**
 * How far a map's sum is from what it has to come to, as a part of it: 0 where it is complete.
 *
 * @param sum The sum of all parts.
 * @param wanted What they have to come to.
 */
export function completenessError(sum: number, wanted: number): number {
  const missing = Math.abs(sum - wanted);
  return missing === 0 ? 0 : missing / Math.max(Math.abs(wanted), 1e-12);
}

/**
 * What the user should know where it is large.
 *
 * @param error As {@linkcode completenessError} gives it.
 * @param text What it means.
 */
export function completenessWarnings(error: number, text: string): string[] {
  if (error <= tolerable) return [];
  return [`${text} by ${error < 10 ? `${Math.round(100 * error)} %` : "more than ten times"}`];
}
