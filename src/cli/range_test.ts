/** Which of a photo's values are seen, from the command line. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { writeDeepPng } from "../input/image/testing.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { runMain, withTempDir } from "./testing.ts";

/** A scan of 12 bits in 16, 3 wide and 2 high, a model, and options that need no saying. */
async function withScan(
  use: (scan: string, options: readonly string[], out: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const scan = `${folder}/scan.png`;
    await Deno.writeFile(scan, await writeDeepPng([0, 4095, 2048, 1000, 3000, 65], { height: 2, width: 3 }));
    const options = ["--model", model, "--preprocess", "unit", "--backend", "cpu", "--out", `${folder}/`];
    await use(scan, options, folder);
  });
}

Deno.test("explainCommand warns of a photo of 16 bits that is nearly black, and takes a range", async (t) => {
  await withScan(async (scan, options, out) => {
    const warning =
      'warning: The photo\'s values fill 0 … 4095 of 0 … 65535, so that it looks nearly black: set the option "range" (--range auto)';
    const cases: readonly { args: string[]; seen: number[]; warnings?: string[] }[] = [
      { args: [], seen: [0, 15, 8, 3, 11, 0], warnings: [warning] },
      { args: ["--range", "auto"], seen: [0, 255, 128, 62, 187, 4] },
      { args: ["--range", "1000,3000"], seen: [0, 255, 134, 0, 255, 0] },
      { args: ["--range", "-1000, 4100"], seen: [50, 255, 152, 100, 200, 53] },
      { args: ["--range=-1000,4100", "--jobs", "2"], seen: [50, 255, 152, 100, 200, 53] },
    ];
    for (const { args, seen, warnings = [] } of cases) {
      await t.step(args.join(" ") || "nothing", async () => {
        const { code, stderr } = await leavingNoTensors(() =>
          runMain([scan, ...options, "--alpha", "0", "--min-side", "0", ...args])
        );
        assertEquals([code, stderr.lines], [0, warnings]);
        const overlay = await decodeImage(await Deno.readFile(`${out}/scan.gradcam.png`));
        assertEquals(
          [...overlay.data].filter((_, at) => at % 4 === 0),
          seen,
          "The picture shown is the stretched one",
        );
      });
    }
  });
});

Deno.test("explainCommand says in one line what is wrong with a range", async (t) => {
  await withScan(async (scan, options) => {
    for (const range of ["9,9", "9,3", "1", "1,2,3", "a,b", ",", "0,Infinity", "full"]) {
      await t.step(range, async () => {
        const { code, stderr } = await runMain([scan, ...options, "--range", range]);
        assertEquals([code, stderr.lines.length], [2, 1], stderr.text);
        assertStringIncludes(
          stderr.text,
          `Cannot use --range "${range}": use auto, or LOW,HIGH: two of the photo's own values, the lower one first`,
        );
      });
    }
  });
});
