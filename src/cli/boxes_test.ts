/** Boxes round the regions of a map, from the command line. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { runMain, withTempDir } from "./testing.ts";

const photo = new URL("../../testdata/photos/chelsea.png", import.meta.url).pathname;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of a file of JSON. */
async function boxesIn(file: string): Promise<Box[]> {
  const { maps: [{ regions }] } = JSON.parse(await Deno.readTextFile(file));
  return regions.map(({ box }: { box: Box }) => box);
}

Deno.test("explainCommand draws boxes, prints them, and writes them into JSON", async (t) => {
  const widths: number[] = [];
  for (const threshold of [[], ["--threshold", "otsu"], ["--threshold", "quantile", "--level", "0.95"]]) {
    await t.step(threshold.join(" ") || "as told by itself", async () => {
      await withTempDir(async (folder) => {
        const args = [photo, "--out", `${folder}/`, "--backend", "wasm", ...threshold];
        const json = await runMain([...args, "--boxes", "--save", "json"]);
        const drawn = await runMain([...args, "--boxes"]);
        assertEquals([json.code, drawn.code, drawn.stderr.lines], [0, 0, []]);
        const boxes = await boxesIn(`${folder}/chelsea.gradcam.json`);
        const [{ x, y, width, height }] = boxes as [Box];
        assert(
          x >= 0 && y >= 0 && x + width <= 451 && y + height <= 300,
          "It lies in the photo's own pixels",
        );
        const printed = /in the box(?:es)? ([0-9, ]+)/.exec(drawn.stdout.text)![1]!.trim().split(" ");
        assertEquals(printed[0], [x, y, width, height].map(Math.round).join(","));
        widths.push(width);

        const withBoxes = await decodeImage(await Deno.readFile(`${folder}/chelsea.gradcam.png`));
        await Deno.remove(`${folder}/chelsea.gradcam.png`);
        await runMain(args.slice(0, 5));
        const without = await decodeImage(await Deno.readFile(`${folder}/chelsea.gradcam.png`));
        const changed = [...without.data.keys()].filter((at) => withBoxes.data[at] !== without.data[at]);
        const columns = changed.map((at) => Math.floor(at / 4) % 451);
        const [left, right] = [
          Math.min(...boxes.map((box) => box.x)),
          Math.max(...boxes.map((box) => box.x + box.width)),
        ];
        assert(changed.length > 0);
        const least = columns.reduce((a, b) => Math.min(a, b)),
          most = columns.reduce((a, b) => Math.max(a, b));
        assert(least >= left - 4 && most <= right + 4, `${least} to ${most}, not ${left} to ${right}`);
      });
    });
  }
  assertEquals(new Set(widths).size, 3, "Each threshold finds another box");
});

Deno.test("explainCommand says in one line what does not go with boxes", async (t) => {
  const cases: readonly [args: string[], says: RegExp][] = [
    [["--threshold", "otsu"], /^gradcam: Cannot use --threshold without --boxes: add it/],
    [["--level", "0.2"], /^gradcam: Cannot use --level without --boxes: add it/],
    [
      ["--boxes", "--threshold", "otsu", "--level", "0.2"],
      /^gradcam: Cannot use --level with --threshold otsu/,
    ],
    [["--boxes", "--level", "2"], /^gradcam: Cannot use --level "2": use a number from 0 to 1/],
    [
      ["--boxes", "--threshold", "mean"],
      /^gradcam: Cannot use --threshold "mean": use one of otsu, maximum, quantile/,
    ],
  ];
  for (const [args, says] of cases) {
    await t.step(args.join(" "), async () => {
      const { code, stderr } = await runMain([photo, ...args]);
      assertEquals(code, 2);
      assertMatch(stderr.lines[0]!, says);
    });
  }
});
