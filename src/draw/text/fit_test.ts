import { assert, assertEquals } from "@std/assert";
import { textWidth } from "./draw_text.ts";
import { fitText, wrapText } from "./fit.ts";
import { blockFont } from "./testing.ts";

// A letter is 10 pixels wide at size 20.
Deno.test("fitText() cuts what is too long", async (t) => {
  const cases: readonly (readonly [text: string, width: number, expected: string])[] = [
    ["abcd", 40, "abcd"],
    ["abcd", 39, "ab…"],
    ["a bcd", 30, "a…"],
    ["abcd", 10, "…"],
    ["abcd", 9, ""],
    ["", 0, ""],
    ["a\u0302a\u0302a\u0302", 20, "a\u0302…"],
  ];
  for (const [text, width, expected] of cases) {
    await t.step(`"${text}" to ${width}`, () => {
      const fitted = fitText(blockFont, text, { width, size: 20 });
      assertEquals(fitted, expected);
      assert(textWidth(blockFont, fitted, 20) <= width);
    });
  }
});

Deno.test("wrapText() breaks lines between words, and long words anywhere", async (t) => {
  const cases: readonly (readonly [text: string, width: number, lines: number, expected: string[]])[] = [
    ["one two", 100, 2, ["one two"]],
    ["one two", 60, 2, ["one", "two"]],
    ["one two three", 60, 2, ["one", "two t…"]],
    ["one two three", 60, 3, ["one", "two", "three"]],
    ["left_lung_lobe", 100, 2, ["left_lung_", "lobe"]],
    ["abcdefgh", 40, 2, ["abcd", "efgh"]],
    ["  one  ", 60, 2, ["one"]],
    ["", 60, 2, []],
    ["ab", 1, 2, ["a", ""]],
  ];
  for (const [text, width, lines, expected] of cases) {
    await t.step(`"${text}" to ${width} on ${lines}`, () => {
      assertEquals(wrapText(blockFont, text, { width, size: 20 }, lines), expected);
    });
  }
});
