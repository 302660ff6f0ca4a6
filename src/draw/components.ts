import type { Heatmap } from "../base/heatmap.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { MapRows } from "./map_rows.ts";
import { findOpacity, opacities } from "./opacity.ts";
import type { OverlayOptions } from "./overlay.ts";
import { type Heading, layHeading } from "./panel_heading.ts";
import { paste, whitePaper } from "./paste.ts";
import { scalePhoto, type SeenPhoto } from "./scale_photo.ts";
import { capHeight, drawText } from "./text/draw_text.ts";
import { wrapText } from "./text/fit.ts";
import { type Font, loadFont } from "./text/font.ts";

/** A part of what the network sees. */
export interface ComponentPart {
  /** Where it is, 0 up, any size. */
  readonly map: Heatmap;
  /** What it speaks for, in words, the most first. */
  readonly classes: readonly string[];
}

/** Options of {@linkcode renderComponents}. */
export interface ComponentsOptions extends Pick<OverlayOptions, "placement" | "opacity" | "alpha">, Heading {}

type Color = readonly [red: number, green: number, blue: number];

/** Colours that eyes of all kinds tell apart, those of Okabe and Ito; then others between them. */
const firstColors: readonly Color[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
  [240, 228, 66],
];

/** The part of a full turn that hues of further colours are apart: never the same again. */
const goldenTurn = 0.618033988749895;

/** The colour of a component. */
export function componentColor(index: number): Color {
  const known = firstColors[index];
  if (known) return known;
  const hue = (index * goldenTurn % 1) * 6;
  const [high, low] = index % 2 === 0 ? [220, 70] : [160, 20];
  const channel = (shift: number) => {
    const away = Math.abs((hue + shift) % 6 - 3) - 1;
    return Math.round(low + (high - low) * Math.min(Math.max(away, 0), 1));
  };
  return [channel(0), channel(4), channel(2)];
}

/** The largest opacity where none is asked for: the colours say which, not how much. */
const usualAlpha = 0.75;

/** Pixels around everything, between picture and legend, between a patch and its words, and between entries. */
const margin = 24;
const gutter = 20;
const gap = 10;
const entryGap = 14;
/** The side of a patch of colour, and the room of the words beside it, in pixels. */
const patch = 16;
const wordsWidth = 220;
const size = 14;
const leading = 1.4;
/** How many lines each class of a component may take, and how many components are told of. */
const linesOfClass = 2;
const mostEntries = 40;
const dark = [60, 60, 60] as const;
/** A picture's height and width, in pixels, are brought between these. */
const largest = { height: 480, width: 640 };
const smallest = 256;
const smallestPicture = 640;

function sizeFor({ height, width }: RgbaImage): { height: number; width: number } {
  const room = Math.min(largest.height / height, largest.width / width);
  const scale = Math.min(room, Math.max(1, smallest / Math.max(height, width)));
  return { height: Math.max(Math.round(height * scale), 1), width: Math.max(Math.round(width * scale), 1) };
}

/** All maps by the greatest value of any, so that they can be compared, 0 to 1. */
function scaled(maps: readonly Heatmap[]): Heatmap[] {
  const most = maps.reduce(
    (most, { data }) =>
      data.reduce((most, value) => Number.isFinite(value) ? Math.max(most, value) : most, most),
    0,
  );
  return maps.map((map) => ({
    ...map,
    data: map.data.map((value) => most > 0 ? Math.max(value, 0) / most : 0),
  }));
}

/** Colour each pixel by the component that is strongest there, the more the stronger it is. */
function drawParts(
  { photo, placement }: SeenPhoto,
  maps: readonly Heatmap[],
  { opacity, alpha = usualAlpha }: ComponentsOptions,
): RgbaImage {
  const { share } = opacity === undefined ? opacities[0]! : findOpacity(opacity);
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`Cannot draw with alpha ${alpha}: use 0 to 1`);
  const { height, width } = photo;
  const data = new Uint8ClampedArray(photo.data);
  const readers = scaled(maps).map((map) => new MapRows(map, { height, width, placement }));
  const [rows, best, strongest] = [new Float32Array(width), new Float32Array(width), new Uint16Array(width)];
  const [{ down: [top, bottom], across: [left, right] }] = readers as [MapRows];
  for (let y = top; y < bottom; y++) {
    best.fill(0);
    for (const [index, reader] of readers.entries()) {
      reader.read(y, rows);
      for (let x = left; x < right; x++) {
        if (rows[x]! <= best[x]!) continue;
        best[x] = rows[x]!;
        strongest[x] = index;
      }
    }
    for (let x = left; x < right; x++) {
      const cover = best[x]! > 0 ? alpha * share(Math.sqrt(best[x]!)) : 0; // weak ones show too
      const color = componentColor(strongest[x]!);
      for (let channel = 0, at = (y * width + x) * 4; channel < 3; channel++, at++) {
        data[at] = data[at]! * (1 - cover) + color[channel]! * cover;
      }
    }
  }
  return { data, height, width };
}

/** The legend: each colour with what it speaks for. */
function layLegend(font: Font, components: readonly ComponentPart[]) {
  const entries = components.slice(0, mostEntries).map(({ classes }) =>
    (classes.length > 0 ? classes : ["no class"]).flatMap((text) =>
      wrapText(font, text, { width: wordsWidth, size }, linesOfClass)
    )
  );
  const heights = entries.map((lines) =>
    Math.max(Math.ceil(lines.length * size * leading), patch) + entryGap
  );
  return {
    width: patch + gap + wordsWidth,
    height: heights.reduce((sum, height) => sum + height, -entryGap),
    draw(picture: RgbaImage, left: number, top: number): void {
      entries.forEach((lines, index) => {
        const block = { height: patch, width: patch, data: new Uint8ClampedArray(patch * patch * 4) };
        for (let at = 0; at < block.data.length; at += 4) block.data.set([...componentColor(index), 255], at);
        paste(picture, block, left, top);
        lines.forEach((text, line) => {
          const y = top + (patch + capHeight(font, size)) / 2 + line * size * leading;
          drawText(font, picture, text, { x: left + patch + gap, y, size, color: dark });
        });
        top += heights[index]!;
      });
    },
  };
}

/**
 * A photo with each component in a colour of its own where it is the strongest, the less opaque the weaker it is, on white
 * below a title and how it came about, with a legend: each colour with the classes that its component speaks for.
 *
 * @param photo Upright and opaque.
 * @param components One at least.
 * @throws {RangeError} If there is no such kind of opacity, or `alpha` is not 0 to 1.
 */
export async function renderComponents(
  photo: RgbaImage,
  components: readonly ComponentPart[],
  options: ComponentsOptions = {},
): Promise<RgbaImage> {
  const font = await loadFont();
  const seen = scalePhoto({ photo, placement: options.placement }, sizeFor(photo));
  const picture = drawParts(seen, components.map(({ map }) => map), options);
  const legend = layLegend(font, components);
  const legendLeft = margin + picture.width + gutter;
  const width = Math.max(legendLeft + legend.width + margin, smallestPicture);
  const heading = layHeading(font, options, width - 2 * margin);
  const top = margin + heading.height;
  const paper = whitePaper({ height: top + Math.max(picture.height, legend.height) + margin, width });
  heading.draw(paper, margin, margin);
  paste(paper, picture, margin, top);
  legend.draw(paper, legendLeft, top);
  return paper;
}
