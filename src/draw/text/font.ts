import { NumberReader } from "./number_reader.ts";

/** One contour of a glyph: straight edges, in units of the em, y upwards; the last point joins the first. */
export type Contour = readonly (readonly [x: number, y: number])[];

/** A letter as it is drawn. */
export interface Glyph {
  /** How far the next letter stands from this one, in units of the em. */
  readonly advance: number;
  /** Its outline; a hole goes round the other way. */
  readonly contours: readonly Contour[];
}

/** The letters that there are, at any size. */
export interface Font {
  /** Units that are as long as the size of the text. */
  readonly em: number;
  /** The height of capitals, in units of the em. */
  readonly capHeight: number;
  /** The height of small letters without an upper stroke, likewise. */
  readonly xHeight: number;
  /** How many code points have a glyph. */
  readonly count: number;
  /** The glyph of a code point, `undefined` where there is none. */
  glyph(codePoint: number): Glyph | undefined;
}

/** Edges that a curve is made of: at 24 pixels the em none is off by a twentieth of one. */
const edgesOfCurve = 6;

/** A point of a curve of Bézier, of two points, three or four. */
function pointOn(curve: Contour, at: number): readonly [number, number] {
  let points = curve;
  while (points.length > 1) {
    points = points.slice(1).map(([x, y], index) => {
      const [fromX, fromY] = points[index]!;
      return [fromX + (x - fromX) * at, fromY + (y - fromY) * at] as const;
    });
  }
  return points[0]!;
}

/** Read a contour that starts at a place; what a segment's kind counts is its points: a line's is one. */
function readContour(reader: NumberReader, x: number, y: number): Contour {
  const kinds = reader.pairs(reader.number());
  const contour: (readonly [number, number])[] = [[x, y]];
  for (const kind of kinds) {
    const curve: (readonly [number, number])[] = [[x, y]];
    for (let point = 0; point < kind; point++) {
      x += reader.signed();
      y += reader.signed();
      curve.push([x, y]);
    }
    const edges = kind === 1 ? 1 : edgesOfCurve;
    for (let edge = 1; edge <= edges; edge++) contour.push(pointOn(curve, edge / edges));
  }
  return contour;
}

/** Pass over what is as many bytes as the number before says; where it began. */
function skipPart(reader: NumberReader): number {
  const length = reader.number();
  const start = reader.at;
  reader.at += length;
  return start;
}

/**
 * Open a font as tools/make_font.py writes it. Outlines are read when they are asked for.
 *
 * @param bytes The font, no longer compressed.
 */
export function openFont(bytes: Uint8Array): Font {
  const reader = new NumberReader(bytes);
  const [em, capHeight, xHeight] = [0, 0, 0].map(() => reader.number());
  const contours = Array.from({ length: reader.number() }, () => skipPart(reader));
  const glyphs = new Map<number, number>();
  for (let left = reader.number(), codePoint = 0; left > 0; left--) {
    codePoint += reader.number();
    glyphs.set(codePoint, skipPart(reader));
  }
  const known = new Map<number, Glyph>();

  function read(start: number): Glyph {
    const glyph = new NumberReader(bytes, start);
    const advance = glyph.number();
    let [x, y] = [0, 0];
    const outline = Array.from({ length: glyph.number() }, () => {
      const contour = new NumberReader(bytes, contours[glyph.number()]);
      x += glyph.signed();
      y += glyph.signed();
      return readContour(contour, x, y);
    });
    return { advance, contours: outline };
  }

  return {
    em: em!,
    capHeight: capHeight!,
    xHeight: xHeight!,
    count: glyphs.size,
    glyph(codePoint) {
      const start = glyphs.get(codePoint);
      if (start === undefined) return undefined;
      const glyph = known.get(codePoint) ?? read(start);
      known.set(codePoint, glyph);
      return glyph;
    },
  };
}

let opened: Promise<Font> | undefined;

async function unpack(packed: string): Promise<Font> {
  const stream = new Blob([Uint8Array.fromBase64(packed)]).stream();
  const unpacked = stream.pipeThrough(new DecompressionStream("deflate-raw"));
  return openFont(new Uint8Array(await new Response(unpacked).arrayBuffer()));
}

async function loadOnce(): Promise<Font> {
  const [{ interFont }, { dejavuFont }] = await Promise.all([
    import("./fonts/inter.ts"),
    import("./fonts/dejavu_sans.ts"),
  ]);
  const [letters, signs] = await Promise.all([unpack(interFont), unpack(dejavuFont)]);
  return {
    ...letters,
    count: letters.count + signs.count,
    glyph: (codePoint) => letters.glyph(codePoint) ?? signs.glyph(codePoint), // units of both are the same
  };
}

/**
 * The font of the package: Inter, and DejaVu Sans for what that lacks. They are modules of it, which are loaded when text is
 * first drawn, and take no permission. Outlines serve all sizes, and need no more room than pixels of one size would.
 *
 * @throws {TypeError} If a module cannot be loaded, as where it was never cached and there is no network; it is tried
 * again at the next call.
 */
export async function loadFont(): Promise<Font> {
  opened ??= loadOnce();
  try {
    return await opened;
  } catch (error) {
    opened = undefined;
    throw error;
  }
}
