import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { loadFont, openFont } from "./font.ts";

const font = await loadFont();

/** All code points from one to another. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

Deno.test("the font has the letters of names", async (t) => {
  const cases: readonly { readonly name: string; readonly codePoints: readonly number[] }[] = [
    { name: "ASCII", codePoints: range(0x20, 0x7e) },
    { name: "Latin-1, extended A and B", codePoints: [...range(0xa0, 0x24f)] },
    {
      name: "Greek",
      codePoints: Array.from("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", codePointOf),
    },
    { name: "Cyrillic", codePoints: range(0x400, 0x45f) },
    { name: "Vietnamese and others", codePoints: range(0x1ea0, 0x1ef9) },
    { name: "punctuation", codePoints: Array.from("–—‘’“”„…•‰′″‹›€£¥©®°±×÷·¿¡«»", codePointOf) },
    { name: "arrows", codePoints: Array.from("←↑→↓↔↕⇒⇔", codePointOf) },
    { name: "mathematics", codePoints: Array.from("−≤≥≠≈∞∈∉∀∃∂∆∏∑√∫∩∪⊂⊃½⅓²³₀₁ℝ", codePointOf) },
  ];
  for (const { name, codePoints } of cases) {
    await t.step(name, () => {
      const missing = codePoints.filter((codePoint) => !font.glyph(codePoint));
      assertEquals(missing.map((codePoint) => String.fromCodePoint(codePoint)), []);
    });
  }
});

function codePointOf(character: string): number {
  return character.codePointAt(0)!;
}

Deno.test("the font's glyphs are outlines of a letter's size", () => {
  for (
    const codePoint of [
      ...range(0x21, 0x7e),
      ...range(0xc0, 0x24f),
      ...range(0x391, 0x3a1),
      ...range(0x410, 0x44f),
    ]
  ) {
    const { advance, contours } = font.glyph(codePoint)!;
    assert(advance > 0.1 * font.em && advance < 1.8 * font.em, `${codePoint} is ${advance} wide`);
    assert(contours.length > 0 && contours.every((contour) => contour.length > 2));
    for (const [x, y] of contours.flat()) {
      assert(x > -0.4 * font.em && x < 1.8 * font.em, `${codePoint} reaches ${x}`);
      assert(y > -0.5 * font.em && y < 1.3 * font.em, `${codePoint} reaches ${y}`);
    }
  }
});

Deno.test("all glyphs of ASCII differ, and are as wide as they are", () => {
  const outlines = new Set(
    range(0x21, 0x7e).map((codePoint) => JSON.stringify(font.glyph(codePoint)!.contours)),
  );
  assertEquals(outlines.size, 94);
  const width = (character: string) => font.glyph(codePointOf(character))!.advance;
  assert(width("i") < width("n") && width("n") < width("m") && width("m") < width("W"));
  assertEquals(width("é"), width("e"));
});

Deno.test("glyphs share the contours that they have in common", () => {
  const shape = (contour: readonly (readonly [number, number])[]) =>
    JSON.stringify(contour.map(([x, y]) => [x - contour[0]![0], y - contour[0]![1]]));
  const accented = new Set(font.glyph(codePointOf("é"))!.contours.map(shape));
  assert(font.glyph(codePointOf("e"))!.contours.every((contour) => accented.has(shape(contour))));
  assertNotEquals(accented.size, font.glyph(codePointOf("e"))!.contours.length);
});

Deno.test("the font has no glyph for what it does not know", () => {
  assert(font.count > 2500);
  for (const codePoint of [0x4e2d, 0xd55c, 0x1f408, 0xd800, -1, 0x110000]) {
    assertEquals(font.glyph(codePoint), undefined);
  }
});

Deno.test("openFont() reads lines and curves where they stand", () => {
  const zigzag = (value: number) => value < 0 ? -2 * value - 1 : 2 * value;
  // One contour: a line 10 to the right, a quadratic and a cubic curve back; kinds 1, 2, 3 in one byte.
  const contour = [3, 1 | 2 << 2 | 3 << 4, ...[10, 0, 0, 10, 0, 10, -5, 0, -5, 0, 0, -10].map(zigzag)];
  const glyph = [30, 1, 0, zigzag(3), zigzag(-4)];
  const heights = [100, 70, 50];
  const { glyph: find, ...known } = openFont(
    Uint8Array.of(...heights, 1, contour.length, ...contour, 1, 65, glyph.length, ...glyph),
  );
  assertEquals(known, { em: 100, capHeight: 70, xHeight: 50, count: 1 });
  const { advance, contours: [points] } = find(65)!;
  assertEquals(advance, 30);
  assertEquals([points![0], points![1]], [[3, -4], [13, -4]]);
  assertEquals(points![4], [13, 6]); // halfway of (13, −4), (13, 6), (13, 16): a straight curve
  assertEquals(points![7], [13, 16]);
  assertEquals(points!.at(-1), [3, 6]);
  assertEquals(points!.length, 1 + 1 + 6 + 6);
});
