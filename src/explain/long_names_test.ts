/** Names that are far too long, and of what breaks lines, given to the library or found in a model's file. */
import { assert, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { gradcam, type GradcamOptions, loadModel } from "../../mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { buildManyWays } from "../testing/tiny_model.ts";
import type { Explanation } from "./explanation.ts";

const photo = { data: new Uint8ClampedArray(8 * 6 * 4).fill(255), height: 8, width: 6 };
const long = "tiger\ncat ".repeat(10_000);
const labels = Array.from({ length: 1000 }, (_, index) => `label ${index}`);

/** What a message must be, however long the name in it. */
function checkMessage({ message }: Error): void {
  assert(message.length < 400, `${message.length} characters: ${message.slice(0, 500)}`);
  // deno-lint-ignore no-control-regex -- none may be left
  assert(!/[\x00-\x1f]/.test(message), message);
  assert(message.includes("tiger\\ncat"), message);
}

async function failsShortly(run: () => unknown): Promise<void> {
  const start = performance.now();
  checkMessage(await assertRejects(async () => await run(), Error));
  const ms = performance.now() - start;
  assert(ms < 1000, `${ms} ms`); // a few on a quiet machine; comparing all letters takes many seconds
}

Deno.test("gradcam() says in one short line what it does not know of a name of 100 kB", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const model = buildManyWays();
    const given = { preprocess: "unit", size: [10, 8], inputs: { age: 1 } } as const;
    const cases: readonly (readonly [what: string, options: Record<string, unknown>])[] = [
      ["class", { label: long, labels }],
      ["class without labels", { label: long }],
      ["layer", { layer: long }],
      ["output", { output: long }],
      ["input", { input: long }],
      ["another input", { inputs: { age: 1, [long]: 2 } }],
      ["an input's value, a file's name", { inputs: { age: long } }],
      ["option", { [long]: 1 }],
      ["value of an option", { top: long }],
      ["method", { method: long }],
      ["backend", { backend: long }],
      ["score", { score: long }],
      ["fit", { fit: long }],
      ["preprocessing", { preprocess: long }],
      ["preprocessing's channels", { preprocess: { mean: 0, std: 1, channels: long } }],
      ["preprocessing's fit", { preprocess: { mean: 0, std: 1, fit: long } }],
      ["range", { range: long }],
    ];
    await t.step("photo", () => failsShortly(() => gradcam(model, long, given)));
    await t.step("photo by URL", () => failsShortly(() => gradcam(model, `http://${long}`, given)));
    for (const [what, options] of cases) {
      await t.step(
        what,
        () => failsShortly(() => gradcam(model, photo, { ...given, ...options } as GradcamOptions)),
      );
    }
    model.dispose();
  });
});

Deno.test("an explanation says in one short line what it cannot draw or save", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = buildManyWays();
  const given = { preprocess: "unit", size: [10, 8], inputs: { age: 1 } } as const;
  const explanation: Explanation = await gradcam(model, photo, given);
  model.dispose();
  const cases: readonly (readonly [what: string, run: () => unknown])[] = [
    ["colour map", () => explanation.render("overlay", { colormap: long as "jet" })],
    ["opacity", () => explanation.render("overlay", { opacity: long as "map" })],
    ["rendering", () => explanation.render(long as "panel")],
    ["format", () => explanation.encode("overlay", { format: long as "png" })],
    ["option", () => explanation.encode("overlay", { [long]: 1 })],
    ["file", () => explanation.save(`no/where/${long}.png`)],
    ["ending", () => explanation.save(`no/where/${long}.tiger\n`)],
  ];
  for (const [what, run] of cases) await t.step(what, () => failsShortly(run));
});

Deno.test("loadModel() says in one short line what is wrong with files and names in them", async (t) => {
  const layer = (className: string, name: string, inbound: unknown[]) => ({
    class_name: className,
    name,
    config: { name, batch_input_shape: [null, 4, 4, 3], dtype: "float32" },
    inbound_nodes: inbound,
  });
  const modelOf = (layers: unknown[]) =>
    new TextEncoder().encode(JSON.stringify({
      format: "layers-model",
      modelTopology: {
        model_config: {
          class_name: "Functional",
          config: { name: "m", layers, input_layers: [["in", 0, 0]], output_layers: [["out", 0, 0]] },
        },
      },
      weightsManifest: [{ paths: ["w.bin"], weights: [] }],
    }));
  const input = layer("InputLayer", "in", []);
  const use = (name: string) => [[[name, 0, 0, {}]]];
  const files = (layers: unknown[]) => ({ "model.json": modelOf(layers), "w.bin": new Uint8Array() });
  const cases: readonly (readonly [what: string, run: () => unknown])[] = [
    ["a path", () => loadModel(`${long}.json`)],
    ["a URL", () => loadModel(`http://127.0.0.1:1/${long.replaceAll("\n", "\\n")}/model.json`)],
    ["a layer's class", () => loadModel(files([input, layer(long, "out", use("in"))]))],
    ["a layer's name", () => loadModel(files([input, layer("Nothing", long, use("in"))]))],
    ["a layer that is not there", () => loadModel(files([input, layer("ReLU", "out", use(long))]))],
    ["a file of several", () => loadModel({ [long]: 7 } as never)],
    ["a class said to do nothing", () =>
      loadModel(files([input, layer("ReLU", "out", use("in"))]), {
        identity: [long],
      })],
    ["an option", () => loadModel("x", { [long]: 1 })],
  ];
  for (const [what, run] of cases) {
    await t.step(what, async () => {
      const start = performance.now();
      const { message } = await assertRejects(async () => await run(), Error);
      assert(message.length < 400, `${message.length} characters: ${message.slice(0, 500)}`);
      assert(/^(Cannot open|Unknown option) /.test(message), message);
      assert(/tiger[\\/]ncat/.test(message) && !message.includes("\n"), message);
      assert(performance.now() - start < 1000);
    });
  }
});
