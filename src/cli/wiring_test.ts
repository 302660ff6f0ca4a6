/** What goes into a model besides the photo, at which size, and what comes out, from the command line. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { encodePng } from "../input/image/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { buildManyWays, writeModel } from "../testing/tiny_model.ts";
import { namesIn, runMain, withTempDir } from "./testing.ts";

/** 40 wide and 26 high, and the same in another format. */
const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;
const other = new URL("../../testdata/images/plain.jpg", import.meta.url).pathname;

/** A folder with the model of many ways in and out, and a mask that is white in its right third. */
async function withManyWays(use: (folder: string, options: string[]) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await withTempDir(async (folder) => {
    const model = buildManyWays();
    await writeModel(model, folder);
    model.dispose();
    const data = Uint8ClampedArray.from(
      { length: 6 * 2 * 4 },
      (_, at) => at % 4 === 3 || at % 24 >= 16 ? 255 : 0,
    );
    await Deno.writeFile(`${folder}/mask.png`, await encodePng({ data, width: 6, height: 2 }));
    await Deno.mkdir(`${folder}/out`);
    const options = ["--model", `${folder}/model.json`, "--preprocess", "unit", "--backend", "cpu"];
    await use(folder, [...options, "--out", `${folder}/out/`]);
  });
}

Deno.test("explainCommand feeds and reads models of many ways as it is told", async (t) => {
  await withManyWays(async (folder, options) => {
    const right = { x: 40 * 2 / 3, y: 0, width: 40 / 3, height: 26 };
    const unit = { layer: "features", inputs: { age: 0.4 } };
    const mask = { ...unit, output: "mask", classIndex: 1 };
    const cases: readonly { args: string[]; library: GradcamOptions; warnings?: number }[] = [
      { args: ["--size", "10x8"], library: { ...unit, size: [10, 8] } },
      { args: ["--size", "12"], library: { ...unit, size: 12 } },
      { args: ["--size", "10X8", "--input", "photo"], library: { ...unit, size: [10, 8] } },
      { args: ["--size", "10x8", "--input", "1", "--output", "0"], library: { ...unit, size: [10, 8] } },
      { args: [], library: unit, warnings: 1 },
      { args: ["--size", "10x8", "--output", "mask", "--class", "1"], library: { ...mask, size: [10, 8] } },
      { args: ["--size", "10x8", "--output", "1", "--class", "1"], library: { ...mask, size: [10, 8] } },
      {
        args: ["--size", "10x8", "--output", "mask", "--class", "1", "--region", "3,-2,10.5,9"],
        library: { ...mask, size: [10, 8], region: { x: 3, y: -2, width: 10.5, height: 9 } },
      },
      {
        args: ["--size", "10x8", "--output", "mask", "--class", "1", "--region", `${folder}/mask.png`],
        library: { ...mask, size: [10, 8], region: right },
      },
    ];
    const model = await loadModel(`${folder}/model.json`, { preprocess: "unit" });
    for (const { args, library, warnings = 0 } of cases) {
      await t.step(args.join(" ").replace(folder, "") || "nothing but the number", async () => {
        const given = [photo, "--layer", "features", "--input-values", "age=0.4", "--save", "json"];
        const { code, stderr } = await leavingNoTensors(() => runMain([...given, ...args, ...options]));
        assertEquals([code, stderr.lines.length], [0, warnings], stderr.text);
        const path = `${folder}/out/plain.gradcam.json`;
        const { maps: [map] } = JSON.parse(await Deno.readTextFile(path));
        const { maps: [expected] } = await gradcam(model, photo, library);
        assertEquals([map.heatmap.height, map.heatmap.width], [expected!.raw.height, expected!.raw.width]);
        assertAlmostEquals(map.score, expected!.score, 1e-6);
        expected!.raw.data.forEach((value, at) => assertAlmostEquals(map.raw.data[at], value, 1e-6));
      });
    }
    model.dispose();
  });
});

Deno.test("explainCommand says in one line what is wrong with inputs, outputs, sizes and regions", async (t) => {
  const given = ["--input-values", "age=0.4", "--size", "10x8"];
  const cases: readonly { args: string[]; code?: number; line: string }[] = [
    ...["0x5", "5x", "x5", "5x5x5", "5*5", "-5", "1.5x2", "100000", "big"].map((size) => ({
      args: ["--size", size],
      code: 2,
      line: `Cannot use --size "${size}": use HEIGHTxWIDTH in pixels, such as 224x224`,
    })),
    ...["1,2,3", "1,2,3,4,5", "1,2,0,4", "1,2,3,-4", "7"].map((region) => ({
      args: ["--region", region],
      code: 2,
      line: `Cannot use --region "${region}": use X,Y,WIDTH,HEIGHT in pixels, or a picture's path or URL`,
    })),
    { args: ["--region", "http://"], code: 2, line: 'Cannot use --region "http://": it is no URL' },
    ...["age", "age=", "=1", "age=old", "age=1,,2", "age=NaN"].map((values) => ({
      args: ["--input-values", values],
      code: 2,
      line: `Cannot use --input-values "${values}": use NAME=NUMBERS, separated by commas, such as age=0.4`,
    })),
    {
      args: ["--input-values", "age=1", "--input-values", "age=2"],
      code: 2,
      line: 'Cannot use --input-values for "age" twice: separate its values by commas',
    },
    { args: ["--size"], code: 2, line: "Option --size needs a value: use HEIGHTxWIDTH" },
    { args: [], line: 'Cannot run the model without its input "age" [?, 1]: give values by name' },
    {
      args: ["--input-values", "aeg=1"],
      line: 'Cannot give values to input "aeg": the inputs are "age" [?, 1], ',
    },
    {
      args: ["--input-values", "age=1,2"],
      line: 'Cannot give 2 numbers to input "age" [?, 1]: 1 are needed',
    },
    {
      args: [...given, "--input", "foto"],
      line: 'Cannot find input "foto": the inputs are "photo" [?, ?, ?, 3]',
    },
    { args: [...given, "--input", "-1"], line: 'Cannot find input "-1": the inputs are "age" [?, 1], ' },
    { args: [...given, "--input", "age"], line: 'Cannot feed an image into input "age" [?, 1]' },
    { args: [...given, "--output", "masks"], line: 'Cannot find output "masks": the outputs are mask, unit' },
    { args: [...given, "--output", "2"], line: "Cannot find output 2: the model has outputs 0 to 1" },
    { args: [...given, "--size", "9999"], line: "Cannot use size 9999 × 9999: use 16777216 pixels at most" },
    {
      args: [...given, "--region", "1,1,5,5"],
      line: 'Cannot take a region of output "unit" [?, 1]: it is no picture of scores',
    },
    {
      args: [...given, "--output", "mask", "--region", "40,0,9,9"],
      line: "Cannot use region: it covers nothing that the model sees",
    },
    {
      args: [...given, "--output", "mask", "--region", "none.png"],
      line: 'Cannot read "none.png": no such file',
    },
  ];
  await withManyWays(async (folder, options) => {
    for (const { args, code = 1, line } of cases) {
      await t.step(args.join(" ") || "nothing", async () => {
        const run = await leavingNoTensors(() => runMain([photo, ...args, ...options]));
        assertEquals(run.stderr.lines.length, 1, run.stderr.text);
        assertStringIncludes(run.stderr.text, line);
        assertEquals([run.code, run.stdout.text], [code, ""]);
        assert(!run.stderr.text.includes("--debug"), run.stderr.text);
        assertEquals(await namesIn(`${folder}/out`), []);
      });
    }
  });
});

Deno.test("explainCommand goes on after a photo that has nothing of the region, not where no photo can have", async (t) => {
  await withManyWays(async (folder, options) => {
    const small = `${folder}/small.png`;
    const data = new Uint8ClampedArray(4 * 4 * 4).fill(255);
    await Deno.writeFile(small, await encodePng({ data, width: 4, height: 4 }));
    const given = ["--layer", "features", "--output", "mask", "--size", "10x8", ...options];
    await t.step("the next photo is larger", async () => {
      const args = [small, photo, "--input-values", "age=1", "--region", "20,10,9,9", ...given];
      const { code, stderr, stdout } = await leavingNoTensors(() => runMain(args));
      assertEquals([code, stdout.lines.length, stderr.lines.length], [1, 1, 1], stderr.text);
      assertEquals(
        stderr.text,
        `gradcam: ${small}: Cannot use region: it covers nothing that the model sees\n`,
      );
    });
    await t.step("no photo gives the number", async () => {
      const { code, stderr } = await leavingNoTensors(() => runMain([small, photo, other, ...given]));
      assertEquals([code, stderr.lines.length], [1, 1], stderr.text);
    });
  });
});
