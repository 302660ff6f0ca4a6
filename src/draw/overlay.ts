import type { Heatmap } from "../base/heatmap.ts";
import { asPixels } from "../base/pixels.ts";
import type { MapScale } from "../base/scaling.ts";
import type { Placement, RgbaImage } from "../input/image/types.ts";
import { type Blend, blendedValues, highestLevel, valuesPerLevel } from "./blend.ts";
import { type Colormap, colormaps, findColormap } from "./colormaps/mod.ts";
import { drawBoxes } from "./boxes.ts";
import { drawContour } from "./contour.ts";
import { type MapPicture, MapRows } from "./map_rows.ts";
import { findOpacity, opacities } from "./opacity.ts";
import { stretch } from "./stretch.ts";

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
  /**
   * Boxes to be drawn, in parts of what the model sees, 0 to 1.
   * @default {none}
   */
  readonly regions?: readonly Placement[] | undefined;
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

/** The colour map that is asked for, else the one that suits how the map was scaled. */
export function chooseColormap(
  { colormap, scale }: Pick<ColorOptions, "colormap" | "scale">,
): Colormap {
  if (colormap !== undefined) return findColormap(colormap);
  return scale === "symmetric" ? colormaps.find(({ isDiverging }) => isDiverging)! : colormaps[0]!;
}

/** How colours are laid over a photo. */
function chooseBlend({ opacity, alpha, ...coloured }: OverlayOptions): Blend {
  const { alpha: usual, share, signedShare } = opacity === undefined ? opacities[0]! : findOpacity(opacity);
  const largest = alpha ?? usual;
  if (!(largest >= 0 && largest <= 1)) throw new RangeError(`Cannot draw with alpha ${alpha}: use 0 to 1`);
  const isSigned = coloured.scale === "symmetric";
  return { colormap: chooseColormap(coloured), share: isSigned ? signedShare : share, largest };
}

/** Where a map's colours go: a number a pixel. */
interface Canvas {
  readonly photo: Int32Array;
  /** The photo itself, or a place for a copy. */
  readonly picture: Int32Array;
  readonly width: number;
}

/** Lay a map's colours over the pixels that the model saw. */
function layColors({ photo, picture, width }: Canvas, rows: MapRows, blended: Uint8ClampedArray): void {
  const row = new Float32Array(width);
  const [left, right] = rows.across;
  for (let y = rows.down[0]; y < rows.down[1]; y++) {
    rows.read(y, row);
    for (let x = left, at = y * width + left; x < right; x++, at++) {
      const level = (row[x]! * highestLevel + 0.5 | 0) * valuesPerLevel;
      const pixel = photo[at]!;
      const red = blended[level + (pixel & 255)]!;
      const green = blended[level + 256 + (pixel >> 8 & 255)]!;
      const blue = blended[level + 512 + (pixel >> 16 & 255)]!;
      picture[at] = pixel & 0xff000000 | blue << 16 | green << 8 | red;
    }
  }
}

/** Copy what the model did not see. */
function copyUnseen(
  { photo, picture, width }: Canvas,
  { across: [left, right], down: [top, bottom] }: MapRows,
) {
  picture.set(photo.subarray(0, top * width));
  picture.set(photo.subarray(bottom * width), bottom * width);
  if (right - left === width) return;
  for (let row = top * width; row < bottom * width; row += width) {
    picture.set(photo.subarray(row, row + left), row);
    picture.set(photo.subarray(row + right, row + width), row + right);
  }
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
  const blended = blendedValues(chooseBlend(options));
  const { data, height, width } = picture;
  const rows = new MapRows(stretch(heatmap, options.scale), { height, width, placement: options.placement });
  const pixels = asPixels(data);
  layColors({ photo: pixels, picture: pixels, width }, rows, blended);
  if (pixels.buffer !== data.buffer) data.set(new Uint8ClampedArray(pixels.buffer));
  if (options.contour) drawContour(picture, rows);
  if (options.regions) drawBoxes(picture, options.regions, options.placement);
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
  const blended = blendedValues(chooseBlend(options));
  const { data, height, width } = photo;
  const rows = new MapRows(stretch(heatmap, options.scale), { height, width, placement: options.placement });
  const drawn = new Int32Array(height * width);
  const canvas = { photo: asPixels(data), picture: drawn, width };
  copyUnseen(canvas, rows);
  layColors(canvas, rows, blended);
  const picture = { data: new Uint8ClampedArray(drawn.buffer), height, width };
  if (options.contour) drawContour(picture, rows);
  if (options.regions) drawBoxes(picture, options.regions, options.placement);
  return picture;
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
