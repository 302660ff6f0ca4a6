/** How many cells are repeated beyond either end, so that all that is read is there. */
export const padding = 2;

/** How one axis of a heatmap is read at other places: four cells each, and how much each counts. */
export interface CubicAxis {
  /** The first of the four, counted from the first repeated cell before the heatmap. */
  readonly first: Int32Array;
  /** Four weights for each place; their sum is 1. */
  readonly weights: Float64Array;
}

/**
 * Plan the reading of one axis by cubic convolution with a = −0.5 (Keys, 1981; Catmull–Rom): a smooth curve through the
 * value at the centre of each cell, without creases there. The centre of cell i lies at i + 0.5; beyond the outermost
 * centres their values go on. Between two cells the curve may rise above both or fall below.
 *
 * @param cells How many cells the heatmap has along the axis.
 * @param places Where to read; what lies outside of 0 to `cells` is read at the end.
 */
export function planCubicAxis(cells: number, places: Float64Array): CubicAxis {
  const first = new Int32Array(places.length);
  const weights = new Float64Array(places.length * 4);
  places.forEach((place, index) => {
    const at = Math.min(Math.max(place, 0), cells) - 0.5;
    const cell = Math.floor(at);
    const t = at - cell;
    first[index] = cell - 1 + padding;
    weights[index * 4] = ((2 - t) * t - 1) * t / 2;
    weights[index * 4 + 1] = ((3 * t - 5) * t * t + 2) / 2;
    weights[index * 4 + 2] = ((4 - 3 * t) * t + 1) * t / 2;
    weights[index * 4 + 3] = (t - 1) * t * t / 2;
  });
  return { first, weights };
}

/** The cell that stands at a place of the padded axis. */
export function cellAt(place: number, cells: number): number {
  return Math.min(Math.max(place - padding, 0), cells - 1);
}
