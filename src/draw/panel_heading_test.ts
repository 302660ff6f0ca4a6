import { assert, assertEquals } from "@std/assert";
import { layHeading } from "./panel_heading.ts";
import { textWidth } from "./text/draw_text.ts";
import { loadFont } from "./text/font.ts";

const font = await loadFont();
const score = "0.998 (logit 6.383)";

/** The texts of a heading, each with the line that it stands on, from 0. */
function linesOf(name: string, width: number): string[][] {
  const { pieces } = layHeading(font, { title: { name, score } }, width);
  const lines = [...new Set(pieces.map(({ y }) => y))].sort((a, b) => a - b);
  return lines.map((line) =>
    pieces.filter(({ y, text }) => y === line && text !== "").map(({ text }) => text)
  );
}

Deno.test("a title keeps its score whole and shortens the name", async (t) => {
  await t.step("a short name", () => assertEquals(linesOf("cat", 640), [["cat", score]]));
  await t.step("a name of two lines", () => {
    const lines = linesOf("Patient with bilateral interstitial infiltrates, anterior-posterior view", 640);
    assertEquals(lines, [
      ["Patient with bilateral interstitial infiltrates, anterior-"],
      ["posterior view", score],
    ]);
  });
  await t.step("a name as long as the line: the score stands below it", () => {
    const name = "a name as long as the line";
    assertEquals(linesOf(name, Math.ceil(textWidth(font, name, 24)) + 1), [[name], [score]]);
  });
  const names = ["word ".repeat(60), "слово_".repeat(60), "猫".repeat(200), "é".repeat(400), "W".repeat(400)];
  for (const name of names) {
    await t.step(`a name of ${name.length} letters, ${name.slice(0, 5)}…`, () => {
      for (const width of [640, 700, 1500]) {
        const { pieces } = layHeading(font, { title: { name, score } }, width);
        assertEquals(pieces.at(-1)!.text, score);
        assert(pieces.at(-2)!.text.endsWith("…") && new Set(pieces.map(({ y }) => y)).size === 2);
        for (const { text, x, size } of pieces) {
          assert(x >= 0 && x + textWidth(font, text, size) <= width + 1e-6, `"${text}" ends beyond ${width}`);
        }
      }
    });
  }
});

Deno.test("details take as many lines as they need, and keep within the width", () => {
  const details = [["photo", "a.png"], ["layer", "block/".repeat(100)], ["method", "gradcam"]] as const;
  const { pieces, height } = layHeading(font, { details }, 640);
  assertEquals(pieces.map(({ text }) => text).filter((text) => !text.startsWith("block")), [
    "photo",
    "a.png",
    "layer",
    "method",
    "gradcam",
  ]);
  assertEquals(new Set(pieces.map(({ y }) => y)).size, 3);
  assert(pieces.find(({ text }) => text.startsWith("block"))!.text.endsWith("…"));
  for (const { text, x, size } of pieces) assert(x + textWidth(font, text, size) <= 640 + 1e-6);
  assert(height > pieces.at(-1)!.y);
  assertEquals(layHeading(font, {}, 640).height, 0);
});
