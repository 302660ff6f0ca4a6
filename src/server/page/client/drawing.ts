/// <reference lib="dom" />
import type { Heatmap } from "../../../base/heatmap.ts";
import { type Colormap, findColormap } from "../../../draw/colormaps/mod.ts";
import { opacities } from "../../../draw/opacity.ts";
import { chooseColormap, type OverlayOptions, renderHeatmap, renderOverlay } from "../../../draw/overlay.ts";
import { scalePlacement } from "../../../draw/scale_photo.ts";
import type { Placement, RgbaImage } from "../../../input/image/types.ts";
import type { PlainExplanation, PlainMap } from "./state/answers.ts";
import type { Settings } from "./state/settings.ts";

/** How a map is drawn. */
export type Drawing = Pick<Settings, "colormap" | "opacity" | "alpha" | "contour">;

/** Numbers from JSON as the drawing code takes them. */
export function heatmapOf({ data, height, width }: PlainMap): Heatmap {
  return { data: Float32Array.from(data), height, width };
}

/** The largest opacity, as it is set or as it usually is. */
export function alphaOf({ alpha, opacity }: Drawing): number {
  return alpha ?? opacities.find(({ name }) => name === opacity)?.alpha ?? opacities[0]!.alpha;
}

/** Where on a picture the model looked: the picture may be of another size than the photo that the server had. */
function placementOn(
  { height, width }: RgbaImage,
  { placement, photo }: PlainExplanation,
): Placement | undefined {
  return scalePlacement(
    placement ?? undefined,
    photo ? height / photo.height : 1,
    photo ? width / photo.width : 1,
  );
}

function optionsFor(picture: RgbaImage, explanation: PlainExplanation, drawing: Drawing): OverlayOptions {
  const { scale } = explanation.maps[0]!;
  return { ...drawing, scale, alpha: alphaOf(drawing), placement: placementOn(picture, explanation) };
}

/** The name of the colour map that a map is drawn in: as chosen, else the one that suits it. */
export function colormapOf(
  explanation: PlainExplanation | undefined,
  { colormap }: Pick<Drawing, "colormap">,
): string {
  return chooseColormap({ colormap, scale: explanation?.maps[0]?.scale }).name;
}

/** The map over a picture, by the code that the server draws with. */
export function drawOverlay(picture: RgbaImage, explanation: PlainExplanation, drawing: Drawing): RgbaImage {
  const heatmap = heatmapOf(explanation.maps[0]!.heatmap);
  return renderOverlay(picture, heatmap, optionsFor(picture, explanation, drawing));
}

/** The map alone, as large as a picture, likewise. */
export function drawHeatmap(picture: RgbaImage, explanation: PlainExplanation, drawing: Drawing): RgbaImage {
  const { height, width } = picture;
  const options = optionsFor(picture, explanation, drawing);
  return renderHeatmap(heatmapOf(explanation.maps[0]!.heatmap), { ...options, height, width });
}

/** Pixels as a canvas takes them. */
export function imageDataOf({ data, width, height }: RgbaImage): ImageData {
  return new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
}

/** A colour map from low to high as one row of pixels. */
export function colorRow(name: string): ImageData {
  const { colors }: Colormap = findColormap(name);
  const row = new ImageData(256, 1);
  for (let at = 0; at < 256; at++) row.data.set([...colors.subarray(at * 3, at * 3 + 3), 255], at * 4);
  return row;
}
