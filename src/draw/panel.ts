import { colormaps, findColormap } from "./colormaps/mod.ts";
import { drawText, fitText, textHeight, textWidth } from "./font.ts";
import type { Heatmap } from "../base/heatmap.ts";
import { resize } from "../input/image/resize.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { type OverlayOptions, renderHeatmap, renderOverlay } from "./overlay.ts";

/** Options of {@linkcode renderPanel}. */
export interface PanelOptions extends OverlayOptions {
  /** The line above the pictures, such as class and score. */
  readonly title?: string | undefined;
  /** The smaller line below it, such as method and layer. */
  readonly subtitle?: string | undefined;
}

/** Pixels around everything and between the pictures. */
const margin = 20;
/** Pixels between a picture and its caption, and between lines. */
const lineGap = 12;
/** Pixels across the bar of colours, and the least down it, so that its ticks do not touch. */
const barWidth = 18;
const shortestBar = 70;
/** A picture's height and width, in pixels, are brought between these. */
const smallest = 200;
const largestHeight = 420;
const largestWidth = 640;

/** How many times the title is enlarged: the smaller if it is too long otherwise. */
const titleScales = [3, 2] as const;
const textScale = 2;
const black = [17, 17, 17] as const;
const grey = [110, 110, 110] as const;

/** Ticks of the bar of colours, from its top. */
const ticks = ["1", "0.5", "0"];
const captions = ["photo", "heatmap", "overlay"];

/** How many times a picture is enlarged for the panel. */
function scaleFor({ height, width }: RgbaImage): number {
  const shrunk = Math.min(largestHeight / height, largestWidth / width, 1);
  return Math.max(shrunk, Math.min(smallest / height, largestWidth / width));
}

function scalePhoto(photo: RgbaImage, scale: number): RgbaImage {
  const height = Math.max(Math.round(photo.height * scale), 1);
  const width = Math.max(Math.round(photo.width * scale), 1);
  const planes = resize(photo, { height, width });
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let at = 0; at < height * width; at++) {
    for (let channel = 0; channel < 3; channel++) {
      data[at * 4 + channel] = planes.data[channel * height * width + at]!;
    }
  }
  return { data, height, width };
}

/** The photo, the heatmap and the overlay, at the size of the panel. */
function drawPictures(photo: RgbaImage, heatmap: Heatmap, options: OverlayOptions): RgbaImage[] {
  const small = scalePhoto(photo, scaleFor(photo));
  const { height, width } = small;
  const [across, down] = [width / photo.width, height / photo.height];
  const placement = options.placement && {
    x: options.placement.x * across,
    y: options.placement.y * down,
    width: options.placement.width * across,
    height: options.placement.height * down,
  };
  return [
    small,
    renderHeatmap(heatmap, { colormap: options.colormap, height, width, placement }),
    renderOverlay(small, heatmap, { ...options, placement }),
  ];
}

/** The bar of colours, 1 at the top. */
function drawBar(height: number, colormap: string | undefined): RgbaImage {
  const { colors } = colormap === undefined ? colormaps[0]! : findColormap(colormap);
  const data = new Uint8ClampedArray(height * barWidth * 4);
  for (let y = 0; y < height; y++) {
    const index = Math.round(255 * (1 - y / (height - 1))) * 3;
    const color = [...colors.subarray(index, index + 3), 255];
    for (let x = 0; x < barWidth; x++) data.set(color, (y * barWidth + x) * 4);
  }
  return { data, height, width: barWidth };
}

/** Copy a picture into a larger one. */
function paste(target: RgbaImage, picture: RgbaImage, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    const line = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4);
    target.data.set(line, ((top + y) * target.width + left) * 4);
  }
}

/**
 * Photo, heatmap and overlay side by side on white, with a title and a bar of colours. Large photos are shrunk
 * to 420 pixels in height, small ones enlarged to 200. What does not fit of the title is cut off.
 *
 * @param photo Upright and opaque.
 * @param heatmap The map, 0 to 1, any size.
 * @throws {RangeError} If there is no such colour map, or the opacity is not 0 to 1.
 */
export function renderPanel(photo: RgbaImage, heatmap: Heatmap, options: PanelOptions = {}): RgbaImage {
  const { title = "", subtitle = "" } = options;
  const pictures = drawPictures(photo, heatmap, options);
  const { height, width } = pictures[0]!;
  const bar = drawBar(Math.max(height, shortestBar), options.colormap);

  const column = Math.max(width, ...captions.map((caption) => textWidth(caption, textScale))) + margin;
  const barLeft = margin + pictures.length * column;
  const panelWidth = barLeft + barWidth + lineGap + textWidth("0.5", textScale) + margin;
  const lineWidth = panelWidth - 2 * margin;
  const titleScale = titleScales.find((scale) => textWidth(title, scale) <= lineWidth) ?? titleScales[1];
  const subtitleTop = margin + (title ? textHeight(titleScale) + lineGap : 0);
  const top = subtitleTop + (subtitle ? textHeight(textScale) + margin : 0);
  const captionTop = top + height + lineGap;
  const bottom = Math.max(captionTop + textHeight(textScale), top + bar.height);
  const size = { height: bottom + margin, width: panelWidth };
  const panel = { ...size, data: new Uint8ClampedArray(size.height * size.width * 4).fill(255) };

  const titled = fitText(title, lineWidth, titleScale);
  drawText(panel, titled, { x: margin, y: margin, scale: titleScale, color: black });
  const write = (text: string, x: number, y: number) =>
    drawText(panel, text, { x, y, scale: textScale, color: grey });
  write(fitText(subtitle, lineWidth, textScale), margin, subtitleTop);
  pictures.forEach((picture, index) => {
    const left = margin + index * column;
    paste(panel, picture, left, top);
    write(captions[index]!, left, captionTop);
  });
  paste(panel, bar, barLeft, top);
  ticks.forEach((tick, index) => {
    const y = top + Math.round((bar.height - textHeight(textScale)) * index / (ticks.length - 1));
    write(tick, barLeft + barWidth + lineGap, y);
  });
  return panel;
}
