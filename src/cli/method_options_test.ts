/** Methods, targets and how maps are made, from the command line. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { loadModel } from "../formats/mod.ts";
import { methods } from "../methods/mod.ts";
import { settingSpecs } from "../methods/settings.ts";
import { targets } from "../targets/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { costNote } from "./cost_note.ts";
import { explainCommand } from "./explain.ts";
import { readExplainRequest } from "./explain_request.ts";
import { methodOptions } from "./method_options.ts";
import { parseCommandLine } from "./parse.ts";
import { runMain, withTempDir } from "./testing.ts";

const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;

function read(args: readonly string[]): GradcamOptions {
  return readExplainRequest(parseCommandLine(["photo.png", ...args], explainCommand)).options;
}

type Asked = { readonly args: readonly string[]; readonly value: unknown };

/** How each option of the library is asked for, or why it is not. */
const asked: Readonly<Record<keyof GradcamOptions, Asked | string>> = {
  layer: { args: ["--layer", "a, b", "--layer", "c", "--layer", "c"], value: ["a, b", "c"] },
  classIndex: { args: ["--class", "3"], value: [3] },
  label: { args: ["--class", "cat"], value: ["cat"] },
  top: { args: ["--top", "2"], value: 2 },
  score: { args: ["--score", "logit"], value: "logit" },
  relu: { args: ["--no-relu"], value: false },
  scale: { args: ["--scale", "symmetric"], value: "symmetric" },
  smooth: { args: ["--smooth", "principal"], value: "principal" },
  augment: { args: ["--augment"], value: true },
  maxDecodingBytes: { args: ["--max-decoding-memory", "300"], value: 300_000_000 },
  counterfactual: { args: ["--counterfactual"], value: true },
  target: { args: ["--target", "finer"], value: "finer" },
  versus: { args: ["--versus", "dog"], value: "dog" },
  nearest: { args: ["--nearest", "5"], value: 5 },
  contrast: { args: ["--contrast", "0.5"], value: 0.5 },
  like: { args: ["--like", "other.png"], value: "other.png" },
  grid: { args: ["--grid", "3x4"], value: [3, 4] },
  tokens: { args: ["--tokens", "5"], value: 5 },
  box: { args: ["--box", "7"], value: 7 },
  method: { args: ["--method", "gradcam,gradcam++"], value: ["gradcam", "gradcam++"] },
  settings: { args: ["--samples", "20", "--baseline", "blur"], value: { samples: 20, baseline: "blur" } },
  output: { args: ["--output", "1"], value: 1 },
  inputs: { args: ["--inputs", "age=3"], value: { age: [3] } },
  region: { args: ["--region", "1,2,3,4"], value: { x: 1, y: 2, width: 3, height: 4 } },
  backend: { args: ["--backend", "cpu"], value: "cpu" },
  threads: { args: ["--threads", "2"], value: 2 },
  preprocess: {
    args: ["--preprocess", "mean=1,std=2"],
    value: { name: "mean=1,std=2", mean: [1], std: [2], channels: "rgb" },
  },
  fit: { args: ["--fit", "crop"], value: "crop" },
  range: { args: ["--range", "0,4095"], value: [0, 4095] },
  size: { args: ["--size", "8x9"], value: [8, 9] },
  input: { args: ["--input", "photo"], value: "photo" },
  maxPixels: { args: ["--max-pixels", "9"], value: 9 },
  maxPhotoSide: { args: ["--max-photo-side", "9"], value: 9 },
  eps: "nobody has needed it but programs that follow the reference",
  labels: "a file, which is read when the model is opened",
  keptPhotoSide: "results are drawn as large as --max-side says",
  maxPasses: "whoever types can interrupt",
  onPlan: "the cost is told by a note",
  onProgress: "a bar shows it",
  signal: "Ctrl+C",
};

Deno.test("explainCommand asks for every option of the library", async (t) => {
  for (const [name, how] of Object.entries(asked)) {
    if (typeof how === "string") continue;
    await t.step(name, () => {
      const options = read(how.args) as Readonly<Record<string, unknown>>;
      assertEquals(options[name], how.value);
    });
  }
  await t.step("one layer is one name, with its commas", () => {
    assertEquals(read(["--layer", "a,b"]).layer, "a,b");
  });
  await t.step("each setting that a method takes", () => {
    const taken = settingSpecs.filter(({ name }) =>
      methods.some(({ settings = {} }) => Object.hasOwn(settings, name))
    );
    assertEquals(methodOptions.map(({ name }) => name), taken.map(({ name }) => name));
    for (const { name, choices, range = [0, 0] } of taken) {
      const [good, bad] = choices ? [choices.at(-1)!, "nonsense"] : [range[1], range[1] + 1];
      assertEquals(read([`--${name}`, String(good)]).settings, { [name]: good });
      let message = "";
      try {
        read([`--${name}`, String(bad)]);
      } catch (error) {
        message = (error as Error).message;
      }
      assertStringIncludes(message, `Cannot use --${name} "${bad}": use `);
    }
  });
});

Deno.test("the help of explain ends with all methods and targets, and fits 80 columns", async () => {
  const { stdout } = await runMain(["explain", "--help"], { columns: 80 });
  const end = stdout.text.slice(stdout.text.indexOf("\nMethods:\n"));
  for (const { name } of methods) assert(end.includes(`\n  ${name}  `), name);
  const names = targets.map(({ name }) => name).filter((name) => name !== "function");
  for (const name of names) assert(end.slice(end.indexOf("\nTargets:\n")).includes(`\n  ${name}  `), name);
  assert(!end.includes("function") && !stdout.text.includes("undefined"));
  const tool = (await runMain(["--help"])).stdout.text;
  assertStringIncludes(tool, "gradcam help explain lists methods and targets too.");
});

/** A folder with the tiny model. */
async function withTiny(use: (folder: string, options: string[]) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const options = ["--model", model, "--preprocess", "unit", "--backend", "cpu", "--out", `${folder}/out/`];
    await use(folder, options);
  });
}

Deno.test("explainCommand makes maps as the library does", async (t) => {
  const cases: readonly { args: string[]; library: GradcamOptions }[] = [
    { args: ["--counterfactual", "--class", "1"], library: { counterfactual: true, classIndex: 1 } },
    {
      args: ["--scale", "symmetric", "--method", "hirescam"],
      library: { scale: "symmetric", method: "hirescam" },
    },
    { args: ["--smooth", "principal"], library: { smooth: "principal" } },
    {
      args: ["--method", "rise", "--samples", "5", "--seed", "3", "--cells", "2"],
      library: { method: "rise", settings: { samples: 5, seed: 3, cells: 2 } },
    },
    { args: ["--class", "ant", "--versus", "bee"], library: { label: "ant", versus: "bee" } },
  ];
  await withTiny(async (folder, options) => {
    const model = await loadModel(`${folder}/model.json`, { preprocess: "unit" });
    for (const { args, library } of cases) {
      await t.step(args.join(" "), async () => {
        const run = await leavingNoTensors(() => runMain([photo, "--save", "json", ...args, ...options]));
        assertEquals([run.code, run.stderr.text], [0, ""]);
        const { maps: [map] } = JSON.parse(await Deno.readTextFile(`${folder}/out/plain.gradcam.json`));
        const { maps: [wanted] } = await gradcam(model, photo, library);
        assertEquals([map.scale, map.target, map.method], [wanted!.scale, wanted!.target, wanted!.method]);
        wanted!.heatmap.data.forEach((value, at) => assertAlmostEquals(map.heatmap.data[at], value, 1e-6));
      });
    }
    model.dispose();
  });
});

Deno.test("explainCommand tells the cost of a photo before, once, where it is much", async (t) => {
  await withTiny(async (_folder, options) => {
    const many = ["--method", "rise", "--samples", "101", "--cells", "2"];
    const note = "note: rise runs the model 101 times a photo";
    const cases: readonly (readonly [args: string[], lines: string[]])[] = [
      [[photo, photo, ...many], [note]],
      [[photo, photo, "--jobs", "2", ...many], [note]],
      [[photo, ...many, "--quiet"], []],
      [[photo, "--method", "rise", "--samples", "100", "--cells", "2"], []],
      [[photo, ...many, "--top", "2"], ["note: rise runs the model up to 202 times a photo"]],
    ];
    for (const [args, lines] of cases) {
      await t.step(args.slice(1).join(" ").replaceAll(photo, "photo"), async () => {
        const { code, stderr } = await runMain([...args, ...options.slice(0, -2), "--save", "none"]);
        assertEquals([code, stderr.lines], [0, lines]);
      });
    }
  });
});

Deno.test("costNote() says the cost of each method", () => {
  assertEquals(costNote({ passes: 100, methods: { rise: 100 }, targets: 1 }), undefined);
  assertEquals(
    costNote({ passes: 1281, methods: { scorecam: 1281, eigencam: 0 }, targets: 1 }),
    "scorecam runs the model 1,281 times a photo",
  );
  assertEquals(
    costNote({ passes: 1281, methods: { gradcam: 1, scorecam: 1280 }, targets: 1 }),
    "The methods run the model 1,281 times a photo: scorecam 1,280, gradcam 1",
  );
});

Deno.test("explainCommand says which photo it is to be like, in workers too", async (t) => {
  const other = new URL("../../testdata/images/plain.jpg", import.meta.url).pathname;
  await withTiny(async (folder, options) => {
    for (const jobs of ["1", "2"]) {
      await t.step(`${jobs} jobs`, async () => {
        const args = [photo, photo, "--like", other, "--save", "json", "--jobs", jobs, ...options];
        const { code, stderr } = await runMain(args);
        assertEquals(code, 0, stderr.text);
        const { maps: [map] } = JSON.parse(await Deno.readTextFile(`${folder}/out/plain.gradcam.json`));
        assertEquals(map.target, 'likeness to "plain.jpg"');
        await Deno.remove(`${folder}/out`, { recursive: true });
      });
    }
  });
});

Deno.test("explainCommand takes embeddings in a file for classes, in workers too", async (t) => {
  await withTiny(async (folder, options) => {
    const texts = `${folder}/texts.json`;
    await Deno.writeTextFile(
      texts,
      JSON.stringify({ "a cat": [1, 0, 0], "a dog": [0, 1, 0], "a bird": [0, 0, 1] }),
    );
    for (const jobs of ["1", "2"]) {
      await t.step(`${jobs} jobs`, async () => {
        const args = [photo, photo, "--like", texts, "--class", "a bird", "--save", "json", "--jobs", jobs];
        const { code, stderr } = await runMain([...args, ...options]);
        assertEquals(code, 0, stderr.text);
        const { maps: [map], scores } = JSON.parse(
          await Deno.readTextFile(`${folder}/out/plain.gradcam.json`),
        );
        assertEquals([map.label, scores.length], ["a bird", 3]);
        await Deno.remove(`${folder}/out`, { recursive: true });
      });
    }
  });
});
