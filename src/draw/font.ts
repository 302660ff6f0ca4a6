import type { RgbaImage } from "../input/image/types.ts";

/** Pixels across a glyph, before it is enlarged, and between it and the next. */
const glyphWidth = 5;
const gap = 1;

/** Rows from the top of capitals to the line that they stand on; two more hang below it. */
const capHeight = 7;

/** The first character that has a glyph. */
const firstCode = 32;

/**
 * Glyphs from space to tilde, drawn for this package. A row of pixels is a digit in base 32, whose five bits are
 * the pixels, the left one highest: `e` is 01110, `h` is 10001. Seven rows reach the line, up to two follow below.
 */
const ascii = `
0000000 4444404 aaa0000 aavavaa 4fke5u4 op248j3 cik8lid 4480000 2488842 8422248 04lel40 044v440
00000cc48 000e000 00000cc 01248g0 ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888
ehhehhe ehhf12c 00cc0cc 00cc0cc48 248g842 00v0v00 8421248 eh12404 eh1dlle ehhhvhh uhhuhhu ehggghe
sihhhis vgguggv vgguggg ehgnhhf hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hhpljhh ehhhhhe
uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllla hha4ahh hhha444 v1248gv e88888e
0g84210 e22222e 4ah0000 0000000v 8420000 00e1fhf ggmphhu 00egghe 11djhhf 00ehvge 698s888 00fhhhf1e
ggmphhh 40c444e 2062222ic ggikoki c44444e 00qllll 00mphhh 00ehhhe 00uhhhugg 00fhhhf11 00mpggg 00fge1u
88s8896 00hhhjd 00hhha4 00hhlla 00ha4ah 00hhhhf1e 00v248v 2448442 4444444 8442448 008l200
`.trim().split(/\s+/);

/** Others that names of classes and layers hold, and the box for all that have none. */
const others: Readonly<Record<string, string>> = {
  "…": "000000l",
  "×": "00ha4ah",
  "–": "000v000",
  "—": "000v000",
  "’": "4480000",
  "ß": "ehhuhhug",
};
const missing = "vhhhhhv";

/** Where and how text is drawn. */
export interface TextOptions {
  /** The left edge, in pixels. */
  readonly x: number;
  /** The top edge, in pixels. */
  readonly y: number;
  /**
   * How many times enlarged.
   * @default {1}
   */
  readonly scale?: number;
  /**
   * Red, green and blue, 0 to 255.
   * @default {[0, 0, 0]}
   */
  readonly color?: readonly [number, number, number];
}

/** The glyphs of a text; accents are dropped. */
function glyphsOf(text: string): string[] {
  const plain = text.normalize("NFD").replace(/\p{Mark}/gu, "").normalize("NFC");
  return Array.from(plain, (character) => {
    return ascii[character.codePointAt(0)! - firstCode] ?? others[character] ?? missing;
  });
}

/** The height of text from its capitals' top to the line that they stand on, in pixels. */
export function textHeight(scale = 1): number {
  return capHeight * scale;
}

/** The width of text, in pixels. */
export function textWidth(text: string, scale = 1): number {
  const { length } = glyphsOf(text);
  return Math.max(length * (glyphWidth + gap) - gap, 0) * scale;
}

/**
 * Shorten text to a width.
 *
 * @param text The text.
 * @param maxWidth In pixels.
 * @param scale How many times enlarged it is drawn.
 * @returns The text, or as much of it as fits with an ellipsis.
 */
export function fitText(text: string, maxWidth: number, scale = 1): string {
  if (textWidth(text, scale) <= maxWidth) return text;
  const count = Math.floor((maxWidth / scale + gap) / (glyphWidth + gap));
  return count < 1 ? "" : `${[...text.normalize("NFC")].slice(0, count - 1).join("").trimEnd()}…`;
}

/** Fill a square; what lies outside the picture is cut off. */
function fillSquare(
  { data, height, width }: RgbaImage,
  square: { x: number; y: number; side: number },
  color: readonly [number, number, number],
): void {
  for (let y = Math.max(square.y, 0); y < Math.min(square.y + square.side, height); y++) {
    for (let x = Math.max(square.x, 0); x < Math.min(square.x + square.side, width); x++) {
      data.set([...color, 255], (y * width + x) * 4);
    }
  }
}

/**
 * Draw one line of text into a picture; what lies outside is cut off.
 *
 * @param image The picture, which is changed.
 * @param text ASCII, with a few more; accents are dropped, and a box stands for the rest.
 */
export function drawText(image: RgbaImage, text: string, options: TextOptions): void {
  const { x: left, y: top, scale = 1, color = [0, 0, 0] } = options;
  glyphsOf(text).forEach((glyph, index) => {
    const start = index * (glyphWidth + gap);
    [...glyph].forEach((digit, row) => {
      for (let column = 0; column < glyphWidth; column++) {
        if ((parseInt(digit, 32) >> (glyphWidth - 1 - column) & 1) === 0) continue;
        fillSquare(image, { x: left + (start + column) * scale, y: top + row * scale, side: scale }, color);
      }
    });
  });
}
