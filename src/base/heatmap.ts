/** A map over the picture: one value a cell, row by row from the top left. */
export interface Heatmap {
  /** `height` × `width` values, 0 to 1. */
  readonly data: Float32Array;
  /** Cells from top to bottom. */
  readonly height: number;
  /** Cells from left to right. */
  readonly width: number;
}

/**
 * Scale a raw map to 0 … 1: (m − min) / (max − min + eps).
 *
 * @param map The raw values, any range.
 * @param eps Keeps a flat map from dividing by zero.
 */
export function normalize(map: Float32Array, eps: number): Float32Array {
  let min = Infinity;
  let max = -Infinity;
  for (const value of map) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // In float32 step by step, as the reference computes it.
  const range = Math.fround(Math.fround(max - min) + Math.fround(eps));
  return map.map((value) => Math.fround(value - min) / range);
}

/** Where a heatmap has its maximum. */
export interface Peak {
  /** From the left edge, as a fraction of the width, at the cell's centre. */
  readonly x: number;
  /** From the top edge, as a fraction of the height, at the cell's centre. */
  readonly y: number;
  /** The value there. */
  readonly value: number;
}

/** The heatmap's maximum; of several, the first from the top left. What is no number is passed over. */
export function peak({ data, height, width }: Heatmap): Peak {
  let best = 0;
  data.forEach((value, index) => {
    if (value > data[best]! || Number.isNaN(data[best])) best = index;
  });
  return {
    x: (best % width + 0.5) / width,
    y: (Math.floor(best / width) + 0.5) / height,
    value: data[best]!,
  };
}

/** How one axis of a heatmap is read at other places: between which two cells, and how near the second. */
export interface Axis {
  /** The cell before each place. */
  readonly before: Int32Array;
  /** The cell after. */
  readonly after: Int32Array;
  /** How much the second counts, 0 to 1. */
  readonly weight: Float64Array;
}

/**
 * Plan the bilinear reading of one axis. The centre of cell i lies at i + 0.5; beyond the outermost centres the
 * edge goes on.
 *
 * @param cells How many cells the heatmap has along the axis.
 * @param places Where to read, from 0 to `cells`.
 */
export function planAxis(cells: number, places: Iterable<number>): Axis {
  const at = Float64Array.from(places, (place) => Math.min(Math.max(place - 0.5, 0), cells - 1));
  const before = Int32Array.from(at);
  return {
    before,
    after: before.map((cell) => Math.min(cell + 1, cells - 1)),
    weight: at.map((place, index) => place - before[index]!),
  };
}

/**
 * Bring a heatmap to another size, bilinearly.
 *
 * @param heatmap The map.
 * @param size The height and width wanted, in pixels.
 */
export function resizeHeatmap(
  heatmap: Heatmap,
  { height, width }: { height: number; width: number },
): Heatmap {
  const { data } = heatmap;
  const places = (count: number, cells: number) =>
    Array.from({ length: count }, (_, index) => (index + 0.5) * cells / count);
  const down = planAxis(heatmap.height, places(height, heatmap.height));
  const across = planAxis(heatmap.width, places(width, heatmap.width));
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const [upper, lower] = [down.before[y]! * heatmap.width, down.after[y]! * heatmap.width];
    for (let x = 0; x < width; x++) {
      const [left, right, weight] = [across.before[x]!, across.after[x]!, across.weight[x]!];
      const top = data[upper + left]! * (1 - weight) + data[upper + right]! * weight;
      const bottom = data[lower + left]! * (1 - weight) + data[lower + right]! * weight;
      result[y * width + x] = top * (1 - down.weight[y]!) + bottom * down.weight[y]!;
    }
  }
  return { data: result, height, width };
}
