import type { Heatmap } from "../base/heatmap.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { barLabels, drawBar, type ScaledMap } from "./color_bar.ts";
import { chooseColormap, type OverlayOptions, renderHeatmap, renderOverlay } from "./overlay.ts";
import { type Heading, layHeading } from "./panel_heading.ts";
import { scalePhoto, type SeenPhoto, smallestSide } from "./scale_photo.ts";
import { capHeight, drawText, textWidth } from "./text/draw_text.ts";
import { type Font, loadFont } from "./text/font.ts";

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
/** Pixels between a picture and its caption, and between the bar and its words. */
const gap = 10;
/** Pixels across the bar of colours, and the least down it, so that its words do not touch. */
const barWidth = 16;
const shortestBar = 120;
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

/** Copy a picture into a larger one. */
function paste(target: RgbaImage, picture: RgbaImage, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    const line = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4);
    target.data.set(line, ((top + y) * target.width + left) * 4);
  }
}

/** The bar of colours and what stands beside it: its size, and how it is drawn into a panel. */
function layBar(font: Font, height: number, options: PanelOptions) {
  const capitals = capHeight(font, captionSize);
  const labels = barLabels(options.scaled, 1.8 * captionSize / height);
  const words = Math.max(...labels.map(({ text }) => textWidth(font, text, captionSize)));
  function draw(panel: RgbaImage, left: number, top: number): void {
    paste(panel, drawBar(chooseColormap(options.colormap), { height, width: barWidth }), left, top);
    for (const { text, at, isTick } of labels) {
      const middle = top + (1 - at) * (height - 1);
      const base = Math.min(Math.max(middle + capitals / 2, top + capitals), top + height);
      drawText(font, panel, text, { x: left + barWidth + gap, y: base, size: captionSize, color: grey });
      if (isTick) drawTick(panel, left, Math.round(middle));
    }
  }
  return { width: Math.ceil(barWidth + gap + words), draw };
}

/** A mark across the bar, dark between light edges, that goes on a little towards its word. */
function drawTick(panel: RgbaImage, left: number, middle: number): void {
  const end = left + barWidth + gap / 2;
  for (const [offset, shade] of [[-1, 255], [1, 255], [0, 17]] as const) {
    const y = middle + offset;
    if (y < 0 || y >= panel.height) continue;
    for (let x = left; x < (offset === 0 ? end : left + barWidth); x++) {
      panel.data.set([shade, shade, shade, 255], (y * panel.width + x) * 4);
    }
  }
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
  const bar = layBar(font, Math.max(height, shortestBar), options);

  const capitals = Math.ceil(capHeight(font, captionSize));
  const captionWidth = Math.max(...captions.map((caption) => textWidth(font, caption, captionSize)));
  const column = Math.ceil(Math.max(width, captionWidth)) + gutter;
  const barLeft = margin + pictures.length * column;
  const panelWidth = Math.max(barLeft + bar.width + margin, smallestPanel);
  const heading = layHeading(font, options, panelWidth - 2 * margin);
  const top = margin + heading.height;
  const captionTop = top + height + gap;
  const bottom = Math.max(captionTop + capitals, top + Math.max(height, shortestBar));
  const size = { height: bottom + margin, width: panelWidth };
  const panel = { ...size, data: new Uint8ClampedArray(size.height * size.width * 4).fill(255) };

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
