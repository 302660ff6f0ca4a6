import { planAxis } from "../base/heatmap.ts";

/** How random masks are made. */
export interface MaskPlan {
  /** In pixels. */
  readonly height: number;
  readonly width: number;
  /** How many cells a mask has along each side. */
  readonly cells: number;
  /** How likely a cell is to be seen. */
  readonly visible: number;
}

/** A random mask before it is brought to a picture's size. */
export interface RandomMask {
  /** `cells` × `cells`: 1 where it is seen. */
  readonly grid: Float32Array;
  /** By how many pixels it is shifted, from 0 to below a cell's side. */
  readonly down: number;
  readonly right: number;
}

/** Draw a mask: its cells row by row, then how far it is shifted. */
export function drawMask({ height, width, cells, visible }: MaskPlan, random: () => number): RandomMask {
  const grid = Float32Array.from({ length: cells * cells }, () => random() < visible ? 1 : 0);
  const [down, right] = [height, width].map((side) => Math.floor(random() * Math.ceil(side / cells)));
  return { grid, down: down!, right: right! };
}

/**
 * Bring a mask to a picture's size: it becomes one cell larger than the picture, bilinearly, of which a part is taken.
 *
 * @param into Where it is written, `height` × `width`.
 */
export function spreadMask({ grid, down, right }: RandomMask, plan: MaskPlan, into: Float32Array): void {
  const { height, width, cells } = plan;
  const axis = (length: number, shift: number) => {
    const large = (cells + 1) * Math.ceil(length / cells);
    return planAxis(cells, Array.from({ length }, (_, at) => (at + shift + 0.5) * cells / large));
  };
  const [rows, columns] = [axis(height, down), axis(width, right)];
  for (let y = 0, pixel = 0; y < height; y++) {
    const [upper, lower, low] = [rows.before[y]! * cells, rows.after[y]! * cells, rows.weight[y]!];
    for (let x = 0; x < width; x++, pixel++) {
      const [before, after, weight] = [columns.before[x]!, columns.after[x]!, columns.weight[x]!];
      const top = grid[upper + before]! * (1 - weight) + grid[upper + after]! * weight;
      const bottom = grid[lower + before]! * (1 - weight) + grid[lower + after]! * weight;
      into[pixel] = top * (1 - low) + bottom * low;
    }
  }
}
