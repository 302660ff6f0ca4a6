import type { Heatmap } from "../base/heatmap.ts";
import type { RgbaImage } from "../input/image/types.ts";
import type { ScaledMap } from "./color_bar.ts";
import { type OverlayOptions, renderHeatmap, renderOverlay } from "./overlay.ts";
import { layPanelBar, shortestBar } from "./panel_bar.ts";
import { type Heading, layHeading } from "./panel_heading.ts";
import { paste, whitePaper } from "./paste.ts";
import { scalePhoto, type SeenPhoto, smallestSide } from "./scale_photo.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import { loadFont } from "./text/font.ts";

/** Options of {@linkcode renderPanel}. */
export interface PanelOptions extends OverlayOptions, Heading {
  /**
   * The map before it was scaled to 0 … 1, so that the bar of colours can say where its zero lies.
   * @default {not known}
   */
  readonly scaled?: ScaledMap | undefined;
}

/** Pixels around everything, and between the pictures. */
const margin = 24;
const gutter = 16;
/** Pixels between a picture and its caption. */
const gap = 10;
/** A picture's height and width, in pixels, are brought between these. */
const largestHeight = 420;
const largestWidth = 640;
/** The least width of all, in pixels, so that the words above have room. */
const smallestPanel = 640;

const captionSize = 14;
const grey = [90, 90, 90] as const;
const captions = ["photo", "heatmap", "overlay"] as const;

/** The size of a photo in the panel. */
function sizeFor({ height, width }: RgbaImage): { height: number; width: number } {
  const shrunk = Math.min(largestHeight / height, largestWidth / width, 1);
  const scale = Math.max(
    shrunk,
    Math.min(smallestSide / height, largestHeight / height, largestWidth / width),
  );
  return { height: Math.max(Math.round(height * scale), 1), width: Math.max(Math.round(width * scale), 1) };
}

/** The photo, the heatmap and the overlay, at the size of the panel. */
function drawPictures(
  { photo, placement }: SeenPhoto,
  heatmap: Heatmap,
  options: OverlayOptions,
): RgbaImage[] {
  const { height, width } = photo;
  return [
    photo,
    renderHeatmap(heatmap, { ...options, height, width, placement }),
    renderOverlay(photo, heatmap, { ...options, placement }),
  ];
}

/**
 * Photo, heatmap and overlay side by side on white, below a title and how the map came about, with a bar of colours. Large
 * photos are shrunk to 420 pixels in height, small ones enlarged to 256. Of a title that is too long the name is shortened,
 * never the score.
 *
 * @param photo Upright and opaque.
 * @param heatmap The map, 0 to 1, any size.
 * @throws {RangeError} If there is no such colour map or kind of opacity, or `alpha` is not 0 to 1.
 */
export async function renderPanel(
  photo: RgbaImage,
  heatmap: Heatmap,
  options: PanelOptions = {},
): Promise<RgbaImage> {
  const font = await loadFont();
  const seen = scalePhoto({ photo, placement: options.placement }, sizeFor(photo));
  const pictures = drawPictures(seen, heatmap, options);
  const { height, width } = seen.photo;
  const bar = layPanelBar(font, Math.max(height, shortestBar), options);

  const capitals = Math.ceil(capHeight(font, captionSize));
  const captionWidth = Math.max(...captions.map((caption) => textWidth(font, caption, captionSize)));
  const column = Math.ceil(Math.max(width, captionWidth)) + gutter;
  const barLeft = margin + pictures.length * column;
  const panelWidth = Math.max(barLeft + bar.width + margin, smallestPanel);
  const heading = layHeading(font, options, panelWidth - 2 * margin);
  const top = margin + heading.height;
  const captionTop = top + height + gap;
  const bottom = Math.max(captionTop + capitals, top + Math.max(height, shortestBar));
  const panel = whitePaper({ height: bottom + margin, width: panelWidth });

  heading.draw(panel, margin, margin);
  pictures.forEach((picture, index) => {
    const left = margin + index * column;
    paste(panel, picture, left, top);
    drawText(font, panel, captions[index]!, {
      x: left,
      y: captionTop + capitals,
      size: captionSize,
      color: grey,
    });
  });
  bar.draw(panel, barLeft, top);
  return panel;
}
