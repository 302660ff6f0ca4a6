/** How many cores computations may take. */
export function availableCores(): Promise<number> {
  return Promise.resolve(navigator.hardwareConcurrency || 1);
}
