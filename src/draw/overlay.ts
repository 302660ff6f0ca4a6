import { type Colormap, colormaps, findColormap } from "./colormaps/mod.ts";
import { type Heatmap, planAxis } from "../base/heatmap.ts";
import type { Placement, RgbaImage } from "../input/image/types.ts";

/** Options of {@linkcode renderOverlay}. */
export interface OverlayOptions {
  /**
   * Where on the photo the model looked.
   * @default {all of it}
   */
  readonly placement?: Placement | undefined;
  /**
   * The colour map's name.
   * @default {"viridis"}
   */
  readonly colormap?: string | undefined;
  /**
   * The heatmap's opacity, 0 to 1.
   * @default {0.4}
   */
  readonly alpha?: number | undefined;
}

/** Options of {@linkcode renderHeatmap}. */
export interface HeatmapOptions extends Omit<OverlayOptions, "alpha"> {
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
}

/** What stands for a pixel that the model did not see. */
const unseen = -1;

/** The colour of such a pixel where no photo shows. */
const unseenGrey = 128;

function chooseColormap(name: string | undefined): Colormap {
  return name === undefined ? colormaps[0]! : findColormap(name);
}

/** For each pixel along one side, where in the heatmap's cells it lies; NaN outside. */
function locate(pixels: number, start: number, length: number, cells: number): Float64Array {
  return Float64Array.from({ length: pixels }, (_, pixel) => {
    const place = (pixel + 0.5 - start) / length;
    return place < 0 || place > 1 ? NaN : place * cells;
  });
}

/** Go through a picture row by row with the index of each pixel's colour, 0 to 255, or −1 where there is none. */
function forEachRow(
  { data: values, height: rows, width: columns }: Heatmap,
  { height, width, placement = { x: 0, y: 0, width, height } }: Omit<HeatmapOptions, "colormap">,
  visit: (y: number, indices: Int16Array) => void,
): void {
  const data = values.map((value) => Number.isFinite(value) ? value : 0);
  const down = locate(height, placement.y, placement.height, rows);
  const across = locate(width, placement.x, placement.width, columns);
  const vertical = planAxis(rows, down.map((place) => place || 0));
  const horizontal = planAxis(columns, across.map((place) => place || 0));
  const line = new Float64Array(columns);
  const indices = new Int16Array(width);
  for (let y = 0; y < height; y++) {
    if (Number.isNaN(down[y]!)) {
      visit(y, indices.fill(unseen));
      continue;
    }
    const [upper, lower, weight] = [
      vertical.before[y]! * columns,
      vertical.after[y]! * columns,
      vertical.weight[y]!,
    ];
    for (let cell = 0; cell < columns; cell++) {
      line[cell] = (data[upper + cell]! * (1 - weight) + data[lower + cell]! * weight) * 255;
    }
    for (let x = 0; x < width; x++) {
      const near = horizontal.weight[x]!;
      const value = line[horizontal.before[x]!]! * (1 - near) + line[horizontal.after[x]!]! * near;
      indices[x] = Math.min(Math.max(value + 0.5, 0), 255);
    }
    for (let x = 0; x < width; x++) if (Number.isNaN(across[x]!)) indices[x] = unseen;
    visit(y, indices);
  }
}

/**
 * Lay a heatmap over the photo, at the photo's size: bilinear, coloured, `(1 − alpha) · photo + alpha · colour`.
 * What the model did not see stays as it is.
 *
 * @param photo Upright and opaque.
 * @param heatmap The map, 0 to 1, any size.
 * @throws {RangeError} If there is no such colour map, or the opacity is not 0 to 1.
 */
export function renderOverlay(photo: RgbaImage, heatmap: Heatmap, options: OverlayOptions = {}): RgbaImage {
  const { alpha = 0.4, placement } = options;
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`Cannot draw with alpha ${alpha}: use 0 to 1`);
  const { height, width } = photo;
  const shares = Float32Array.from(chooseColormap(options.colormap).colors, (color) => color * alpha);
  const data = new Uint8ClampedArray(photo.data);
  forEachRow(heatmap, { height, width, placement }, (y, indices) => {
    for (let x = 0, at = y * width * 4; x < width; x++, at += 4) {
      const index = indices[x]! * 3;
      if (index < 0) continue;
      data[at] = data[at]! * (1 - alpha) + shares[index]!;
      data[at + 1] = data[at + 1]! * (1 - alpha) + shares[index + 1]!;
      data[at + 2] = data[at + 2]! * (1 - alpha) + shares[index + 2]!;
    }
  });
  return { data, height, width };
}

/**
 * Draw a heatmap alone: bilinear, coloured; grey where the model did not see.
 *
 * @param heatmap The map, 0 to 1, any size.
 * @param options The picture's size, and where on it the model looked.
 * @throws {RangeError} If there is no such colour map.
 */
export function renderHeatmap(heatmap: Heatmap, options: HeatmapOptions): RgbaImage {
  const { height, width } = options;
  const { colors } = chooseColormap(options.colormap);
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  forEachRow(heatmap, options, (y, indices) => {
    for (let x = 0, at = y * width * 4; x < width; x++, at += 4) {
      const index = indices[x]! * 3;
      for (let channel = 0; channel < 3; channel++) {
        data[at + channel] = index < 0 ? unseenGrey : colors[index + channel]!;
      }
    }
  });
  return { data, height, width };
}
