import type { Heatmap } from "../base/heatmap.ts";
import type { MapScale } from "../base/scaling.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { type Colormap, colormaps, findColormap } from "./colormaps/mod.ts";
import { drawContour } from "./contour.ts";
import { type MapPicture, MapRows } from "./map_rows.ts";
import { findOpacity, opacities } from "./opacity.ts";

/** How a heatmap is coloured. */
export interface ColorOptions {
  /**
   * The colour map's name.
   * @default {"coolwarm" where the map's zero is its middle, else "viridis"}
   */
  readonly colormap?: string | undefined;
  /**
   * How the map was scaled: zero is the middle of a `"symmetric"` one.
   * @default {"range"}
   */
  readonly scale?: MapScale | undefined;
  /**
   * Whether a line is drawn round the upper tenth of the map.
   * @default {false}
   */
  readonly contour?: boolean | undefined;
}

/** Options of {@linkcode renderHeatmap}. */
export interface HeatmapOptions extends MapPicture, ColorOptions {}

/** Options of {@linkcode renderOverlay}. */
export interface OverlayOptions extends Pick<MapPicture, "placement">, ColorOptions {
  /**
   * The heatmap's opacity: `"map"`, more the higher the map is, or the further from zero where that is its middle, or
   * `"constant"`.
   * @default {"map"}
   */
  readonly opacity?: string | undefined;
  /**
   * The largest opacity, 0 to 1.
   * @default {0.7 where it follows the map, 0.4 where it is constant}
   */
  readonly alpha?: number | undefined;
}

/** The colour of what the model did not see, where no photo shows. */
const unseenGrey = 128;

/** The highest index of a colour. */
const highest = 255;

/** The colour map that is asked for, else the one that suits how the map was scaled. */
export function chooseColormap(
  { colormap, scale }: Pick<ColorOptions, "colormap" | "scale">,
): Colormap {
  if (colormap !== undefined) return findColormap(colormap);
  return scale === "symmetric" ? colormaps.find(({ isDiverging }) => isDiverging)! : colormaps[0]!;
}

/** What is left of the photo under each colour, and what the colour adds to it. */
function planBlend(
  { opacity, alpha, ...coloured }: OverlayOptions,
): { kept: Float32Array; added: Float32Array } {
  const { alpha: usual, ...shares } = opacity === undefined ? opacities[0]! : findOpacity(opacity);
  const largest = alpha ?? usual;
  if (!(largest >= 0 && largest <= 1)) throw new RangeError(`Cannot draw with alpha ${alpha}: use 0 to 1`);
  const { colors } = chooseColormap(coloured);
  const share = coloured.scale === "symmetric" ? shares.signedShare : shares.share;
  const kept = Float32Array.from({ length: highest + 1 }, (_, index) => 1 - largest * share(index / highest));
  return { kept, added: Float32Array.from(colors, (color, at) => color * (1 - kept[Math.floor(at / 3)]!)) };
}

/**
 * Lay a heatmap over a picture as {@linkcode renderOverlay} does, row by row, but without copying it first.
 *
 * @param picture Upright and opaque; it is changed.
 * @param heatmap The map, 0 to 1, any size.
 * @returns The picture.
 * @throws {RangeError} As `renderOverlay`.
 */
export function drawOverlay(
  picture: RgbaImage,
  heatmap: Heatmap,
  options: OverlayOptions = {},
): RgbaImage {
  const { kept, added } = planBlend(options);
  const { data, height, width } = picture;
  const rows = new MapRows(heatmap, { height, width, placement: options.placement });
  const row = new Float32Array(width);
  const [left, right] = rows.across;
  for (let y = rows.down[0]; y < rows.down[1]; y++) {
    rows.read(y, row);
    for (let x = left, at = (y * width + left) * 4; x < right; x++, at += 4) {
      const index = row[x]! * highest + 0.5 | 0;
      const share = kept[index]!;
      data[at] = data[at]! * share + added[index * 3]!;
      data[at + 1] = data[at + 1]! * share + added[index * 3 + 1]!;
      data[at + 2] = data[at + 2]! * share + added[index * 3 + 2]!;
    }
  }
  if (options.contour) drawContour(picture, rows);
  return picture;
}

/**
 * Lay a heatmap over the photo, at the photo's size: enlarged bicubically, coloured, and for each pixel
 * `(1 − a) · photo + a · colour`. The opacity `a` is `alpha` times `m² (3 − 2 m)` of the map's value `m`, a curve that
 * rises smoothly from 0 to 1, so that cold places stay the photo; or `alpha` everywhere. Of a symmetric map, whose zero is
 * its middle, the distance from there, `|2 m − 1|`, is taken for `m`. What the model did not see stays as it is.
 *
 * @param photo Upright and opaque.
 * @param heatmap The map, 0 to 1, any size.
 * @throws {RangeError} If there is no such colour map or kind of opacity, or `alpha` is not 0 to 1.
 */
export function renderOverlay(photo: RgbaImage, heatmap: Heatmap, options: OverlayOptions = {}): RgbaImage {
  const { data, height, width } = photo;
  return drawOverlay({ data: new Uint8ClampedArray(data), height, width }, heatmap, options);
}

/**
 * Draw a heatmap alone: enlarged bicubically, coloured; grey where the model did not see.
 *
 * @param heatmap The map, 0 to 1, any size.
 * @param options The picture's size, and where on it the model looked.
 * @throws {RangeError} If there is no such colour map.
 */
export function renderHeatmap(heatmap: Heatmap, options: HeatmapOptions): RgbaImage {
  const { height, width, ...how } = options;
  const data = new Uint8ClampedArray(height * width * 4).fill(unseenGrey);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return drawOverlay({ data, height, width }, heatmap, { ...how, opacity: "constant", alpha: 1 });
}
