import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import type { RgbaImage } from "../../input/image/types.ts";
import { capHeight, drawText, textWidth } from "./draw_text.ts";
import { loadFont } from "./font.ts";
import { layLine } from "./layout.ts";
import { blockFont } from "./testing.ts";

const font = await loadFont();

function paper(height: number, width: number): RgbaImage {
  return { data: new Uint8ClampedArray(height * width * 4).fill(255), height, width };
}

/** The red of each pixel, row by row. */
function reds({ data, height, width }: RgbaImage): number[][] {
  return Array.from(
    { length: height },
    (_, y) => Array.from({ length: width }, (_, x) => data[(y * width + x) * 4]!),
  );
}

/** What a text looks like. */
function look(text: string): string {
  const image = paper(40, 60);
  drawText(font, image, text, { x: 10, y: 28, size: 20 });
  return image.data.join();
}

Deno.test("drawText() covers pixels by their share", async (t) => {
  const draw = (x: number, y: number) => {
    const image = paper(4, 4);
    drawText(blockFont, image, "I", { x, y, size: 4, color: [55, 0, 0] }); // a block 2 wide, 2.8 high
    return reds(image);
  };
  await t.step("on the grid", () => {
    // The line lies at 4: rows 2 and 3 are full, of row 1 lies 0.8 in the block: 255 − 0.8 · 200.
    assertEquals(draw(1, 4), [
      [255, 255, 255, 255],
      [255, 95, 95, 255],
      [255, 55, 55, 255],
      [255, 55, 55, 255],
    ]);
  });
  await t.step("between pixels", () => {
    // A quarter to the right: of the left column 3/4 is covered, of the right one 1/4.
    assertEquals(draw(1.25, 4)[3], [255, 105, 55, 205]);
  });
  await t.step("beyond the edges", () => {
    assertEquals(draw(-1, 5)[3], [55, 255, 255, 255]);
    assertEquals(draw(3, 1.4), [[255, 255, 255, 55], [255, 255, 255, 175], [255, 255, 255, 255], [
      255,
      255,
      255,
      255,
    ]]);
    for (const [x, y] of [[9, 4], [-9, 4], [1, -9], [1, 19]] as const) {
      assert(draw(x, y).flat().every((red) => red === 255));
    }
  });
});

Deno.test("drawText() leaves holes white", () => {
  const image = paper(60, 60);
  drawText(font, image, "O", { x: 6, y: 50, size: 60 });
  const middle = reds(image)[28]!;
  assertEquals(middle[30], 255); // inside the O
  assert(middle.some((red) => red === 0));
});

Deno.test("textWidth() adds up what each letter takes", () => {
  assertEquals([textWidth(blockFont, "", 20), textWidth(blockFont, "ab c", 20)], [0, 40]);
  assertEquals(capHeight(blockFont, 20), 14);
  const apart = ["c", "a", "t"].reduce((sum, one) => sum + textWidth(font, one, 20), 0);
  assertAlmostEquals(textWidth(font, "cat", 20), apart, 1e-9);
});

Deno.test("letters with accents are drawn as such, whichever way they are written", () => {
  assertEquals(look("e\u0301"), look("é"));
  assertNotEquals(look("é"), look("e"));
  const { width, outlines } = layLine(blockFont, "a\u0302b");
  assertEquals(width, 100); // the accent takes no room
  // It stands over the middle of a block that is 20 higher than small letters.
  assertEquals(outlines.map(({ x, y }) => [x, y]), [[0, 0], [20, 20], [50, 0]]);
});

Deno.test("what the font does not have is drawn as a box with its code point", () => {
  const unknown = ["中", "国", "ね", "고", "🐈", "🐕", "ا", "\ud83d"];
  assertEquals(new Set(unknown.map(look)).size, unknown.length);
  for (const one of unknown) assertNotEquals(look(one), look(" "));
  const width = (text: string) => textWidth(font, text, 20);
  assertEquals(width("中"), width("国"));
  assert(width("🐈") > width("中")); // six digits
  assertEquals(width("中国"), 2 * width("中"));
});

Deno.test("what nobody sees takes no room, and breaks of lines are blanks", () => {
  const width = (text: string) => textWidth(font, text, 20);
  for (const invisible of ["\u200b", "\u200d", "\ufe0f", "\u202e", "\ufeff", "\u00ad"]) {
    assertEquals(width(`a${invisible}b`), width("ab"));
  }
  for (const blank of ["\n", "\t", "\u00a0", "\u0007", "\u2028"]) {
    assertEquals(width(`a${blank}b`), width("a b"));
  }
});
