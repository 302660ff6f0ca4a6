import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { drawText, fitText, textHeight, textWidth } from "./font.ts";
import type { RgbaImage } from "../input/image/types.ts";

/** What a text looks like, a line of `.` and `#` each row. */
function picture(text: string, { x = 0, y = 0, scale = 1, height = 9, width = 12 } = {}): string[] {
  const image: RgbaImage = { data: new Uint8ClampedArray(height * width * 4).fill(255), height, width };
  drawText(image, text, { x, y, scale, color: [1, 2, 3] });
  return Array.from(
    { length: height },
    (_, row) =>
      Array.from({ length: width }, (_, column) => {
        const at = (row * width + column) * 4;
        return image.data.subarray(at, at + 4).join() === "1,2,3,255" ? "#" : ".";
      }).join(""),
  );
}

const letters = [
  "####........",
  "#...#.......",
  "#...#..####.",
  "####..#...#.",
  "#.....#...#.",
  "#.....#...#.",
  "#......####.",
  "..........#.",
  ".......###..",
];

Deno.test("drawText() draws letters, those that hang below the line too", () => {
  assertEquals(picture("Pg"), letters);
});

Deno.test("drawText() enlarges, moves and cuts off", async (t) => {
  await t.step("twice as large", () => {
    const twice = letters.flatMap((line) => {
      const wide = [...line].map((pixel) => pixel.repeat(2)).join("");
      return [wide, wide];
    });
    assertEquals(picture("Pg", { scale: 2, height: 18, width: 24 }), twice);
  });
  await t.step("beyond the left, top and right edge", () => {
    const cut = letters.slice(1, 4).map((line) => line.slice(2, 9));
    assertEquals(picture("Pg", { x: -2, y: -1, height: 3, width: 7 }), cut);
  });
  await t.step("wholly outside", () => {
    assertEquals(picture("Pg", { x: 3, y: 5, height: 2, width: 3 }), ["...", "..."]);
  });
});

Deno.test("drawText() knows all of ASCII, each glyph another", () => {
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const glyphs = new Map(characters.map((character) => [picture(character).join("\n"), character]));
  assertEquals(glyphs.size, 95);
  assert(!glyphs.has(picture("日").join("\n")));
});

Deno.test("drawText() draws others as near as it can", () => {
  assertEquals(picture("é"), picture("e"));
  assertEquals(picture("e\u0301X"), picture("eX"));
  assertEquals(picture("日"), picture("\n"));
  assertEquals(picture("한"), picture("日")); // one box, not one for each part of the syllable
  for (const character of "…×–") assertNotEquals(picture(character), picture("日"));
});

Deno.test("textWidth() and textHeight() count pixels", () => {
  assertEquals([textWidth(""), textWidth("a"), textWidth("ab"), textWidth("ab", 3)], [0, 5, 11, 33]);
  assertEquals(textWidth("é🐈"), 11);
  assertEquals([textHeight(), textHeight(3)], [7, 21]);
});

Deno.test("fitText() cuts what is too long", async (t) => {
  const cases: readonly (readonly [string, number, number, string])[] = [
    ["abcd", 23, 1, "abcd"],
    ["abcd", 22, 1, "ab…"],
    ["abcd", 46, 2, "abcd"],
    ["abcd", 45, 2, "ab…"],
    ["a bcd", 22, 1, "a…"],
    ["abcd", 5, 1, "…"],
    ["abcd", 4, 1, ""],
    ["🐈🐈🐈", 11, 1, "🐈…"],
  ];
  for (const [text, width, scale, expected] of cases) {
    await t.step(`"${text}" to ${width} at ${scale}`, () => {
      const fitted = fitText(text, width, scale);
      assertEquals(fitted, expected);
      assert(textWidth(fitted, scale) <= width);
    });
  }
});
