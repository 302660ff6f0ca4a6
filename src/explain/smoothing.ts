/** How maps are smoothed. */
export type Smoothing = "principal";

/** The names of all ways to smooth maps. */
export const smoothings: readonly Smoothing[] = Object.freeze(["principal"]);
