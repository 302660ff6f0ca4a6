import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { backendRules } from "../../backends/backend.ts";
import { evaluateRules } from "../evaluate/evaluate_options.ts";
import { drawExamplesRules } from "../evaluate/pictures.ts";
import { summariseRules } from "../evaluate/summarise.ts";
import {
  decodeImage,
  drawExamples,
  evaluate,
  explainAll,
  GradCAM,
  gradcam,
  loadModel,
  selectBackend,
  summarise,
} from "../../mod.ts";
import { renderRules } from "../draw/renderings/rendering.ts";
import { encodeRules, type Explanation, saveRules } from "../explain/explanation.ts";
import { gradcamClassRules } from "../explain/gradcam_class.ts";
import { gradcamRules } from "../explain/gradcam_options.ts";
import { loadRules } from "../formats/mod.ts";
import { decodeRules } from "../input/image/types.ts";
import { explainAllRules } from "../jobs/explain_all.ts";
import { createHandler } from "../server/handler.ts";
import { handlerRules } from "../server/options.ts";
import { splitRules } from "../split/model.ts";
import { checkOptionTypes, numberRule, type OptionRule, shown, textRule } from "./options.ts";

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [4, 5, 3], filters: 2, kernelSize: 1, name: "only" }),
    tf.layers.globalAveragePooling2d({}),
  ],
});
const photo = { data: new Uint8ClampedArray(4 * 5 * 4), height: 4, width: 5 };
const options = { preprocess: "unit" } as const;

/** All functions of the library that take options, with a call of each. */
const functions: readonly {
  readonly name: string;
  readonly rules: Readonly<Record<string, OptionRule>>;
  call(options: never): unknown;
}[] = [
  { name: "gradcam()", rules: { ...gradcamRules }, call: (given) => gradcam(model, photo, given) },
  { name: "new GradCAM()", rules: { ...gradcamClassRules }, call: (given) => new GradCAM(model, given) },
  { name: "loadModel()", rules: { ...loadRules }, call: (given) => loadModel(model, given) },
  {
    name: "explainAll()",
    rules: { ...explainAllRules },
    call: (given) => Array.fromAsync(explainAll([], given)),
  },
  {
    name: "evaluate()",
    rules: { ...evaluateRules },
    call: (given) => Array.fromAsync(evaluate([], given)),
  },
  { name: "summarise()", rules: { ...summariseRules }, call: (given) => summarise([], given) },
  {
    name: "drawExamples()",
    rules: { ...drawExamplesRules },
    call: (given) => drawExamples(summarise([]), [], given),
  },
  { name: "selectBackend()", rules: { ...backendRules }, call: (given) => selectBackend(given) },
  {
    name: "decodeImage()",
    rules: { ...decodeRules },
    call: (given) => decodeImage(new Uint8Array(1), given),
  },
  { name: "createHandler()", rules: { ...handlerRules }, call: (given) => createHandler(given) },
  {
    name: "split()",
    rules: { ...splitRules },
    call: async (given) => (await loadModel(model)).split("only", given),
  },
  {
    name: "render()",
    rules: { ...renderRules },
    call: async (given) => (await explained()).render("overlay", given),
  },
  {
    name: "encode()",
    rules: { ...encodeRules },
    call: async (given) => (await explained()).encode("npy", given),
  },
  {
    name: "save()",
    rules: { ...saveRules },
    call: async (given) => (await explained()).save("no/where", given),
  },
];

let explanation: Promise<Explanation> | undefined;

function explained(): Promise<Explanation> {
  return explanation ??= gradcam(model, photo, options);
}

/** A name as people misspell it: in small letters, with two letters turned, or where these are the same one of them missing. */
function misspell(name: string): string {
  const small = name.toLowerCase();
  if (small !== name) return small;
  const turned = `${name.slice(0, 1)}${name.at(2) ?? "x"}${name.at(1)}${name.slice(3)}`;
  return turned === name ? name.slice(0, 2) + name.slice(3) : turned;
}

/** A value that a rule does not allow. */
function wrongFor({ fits }: OptionRule): unknown {
  return [7, () => {}, null].find((value) => !fits(value));
}

Deno.test("every option of the library, misspelt or of a wrong type, is a TypeError that helps", async (t) => {
  await selectBackend({ backend: "cpu" });
  let checked = 0;
  for (const { name, rules, call } of functions) {
    await t.step(name, async () => {
      for (const [option, rule] of Object.entries(rules)) {
        const misspelt = misspell(option);
        const unknown = await assertRejects(async () => await call({ [misspelt]: 1 } as never), TypeError);
        assert(unknown.message.startsWith(`Unknown option "${misspelt}" of ${name}: `), unknown.message);
        assert(unknown.message.includes(option), unknown.message);
        const wrong = await assertRejects(
          async () => await call({ [option]: wrongFor(rule) } as never),
          TypeError,
        );
        assert(wrong.message.startsWith(`Cannot use ${option} `), wrong.message);
        assert(wrong.message.endsWith(`: give ${rule.allowed}`), wrong.message);
        assert(!wrong.message.includes("\n") && rule.allowed !== "");
        checked++;
      }
      for (const given of [7, "layer", [], null, () => {}]) {
        const error = await assertRejects(async () => await call(given as never), TypeError);
        assert(
          error.message.startsWith(`Cannot use ${shown(given)} as the options of ${name}`),
          error.message,
        );
      }
    });
  }
  assert(checked > 80, `${checked} options were checked`);
  model.dispose();
});

Deno.test("checkOptionTypes() lets through what is left out", () => {
  const rules = { size: numberRule("a number"), name: textRule("a name") };
  checkOptionTypes("f()", {}, rules);
  checkOptionTypes("f()", { size: 7, name: undefined }, rules);
  assertThrows(
    () => checkOptionTypes("f()", { wholly: 1 }, rules),
    TypeError,
    'Unknown option "wholly" of f(): the options are',
  );
});

Deno.test("shown() names a value in few words", () => {
  const values = [
    "a\nb",
    "x".repeat(99),
    [1, "b"],
    [1, 2, 3, 4, 5],
    null,
    NaN,
    { a: 1 },
    new Map(),
    () => {},
  ];
  assertEquals(values.map(shown), [
    '"a\\nb"',
    `"${"x".repeat(40)}…${"x".repeat(19)}"`,
    '[1, "b"]',
    "[5 values]",
    "null",
    "NaN",
    "an object",
    "Map",
    "a function",
  ]);
});
