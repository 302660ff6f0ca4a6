/** Lambda layers of known functions in models: what they compute, and what is seen of them. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { selectBackend } from "../../../../backends/mod.ts";
import { ModelError } from "../../../base/errors.ts";
import type { ExplainableModel } from "../../../split/model.ts";
import { largestDifference, leavingNoTensors, testdata } from "../../../testing/mod.ts";
import { buildKerasModel } from "../build.ts";

const { codes } = JSON.parse(await Deno.readTextFile(new URL("keras_lambdas.json", testdata)));

/** A Lambda layer as Keras 2 writes it. */
function lambda(name: string, source: string, more: object = {}) {
  const config = {
    name,
    function: [codes["3.8"][source], null, null],
    function_type: "lambda",
    arguments: {},
  };
  return { class_name: "Lambda", config: { ...config, ...more } };
}

const pool = { class_name: "GlobalAveragePooling2D", config: { name: "means" } };
const shape = { batch_input_shape: [null, 4, 5, 3] };

function build(config: object): Promise<ExplainableModel> {
  return buildKerasModel({
    name: "x.h5",
    format: "keras-h5",
    kerasVersion: "2.15.0",
    config,
    maxParameters: 1000,
    weights: { assign: (layers) => layers.map(() => () => undefined) },
  }, {});
}

function sequence(...layers: readonly { readonly config: object }[]) {
  const [first, ...others] = layers;
  const shaped = { ...first!, config: { ...first!.config, ...shape } };
  return { class_name: "Sequential", config: { name: "model", layers: [shaped, ...others] } };
}

/** The same layers, as a model that says what each takes. */
function graph(
  ...layers: readonly { readonly class_name: string; readonly config: { readonly name: string } }[]
) {
  const input = {
    class_name: "InputLayer",
    name: "image",
    config: { name: "image", ...shape },
    inbound_nodes: [],
  };
  const noted = layers.map((layer, index) => ({
    ...layer,
    name: layer.config.name,
    inbound_nodes: [[[layers[index - 1]?.config.name ?? "image", 0, 0, {}]]],
  }));
  const ends = { input_layers: [["image", 0, 0]], output_layers: [[layers.at(-1)!.config.name, 0, 0]] };
  return { class_name: "Functional", config: { name: "model", layers: [input, ...noted], ...ends } };
}

const image = Float32Array.from({ length: 60 }, (_, index) => index * 4);

/** The means of each channel, changed. */
function meansOf(change: (means: readonly number[]) => number[]): number[] {
  return change([0, 1, 2].map((channel) => 4 * (channel + 3 * 9.5)));
}

const resnet = "lambda x: tf.keras.applications.resnet50.preprocess_input(x)";

Deno.test("Lambda layers become Keras's own layers, by which pixels' scale is told", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly {
    name: string;
    source: string;
    layers: readonly (readonly [path: string, kind: string])[];
    pixels: string | undefined;
    note: string;
    expected: number[];
  }[] = [
    {
      name: "one rescaling",
      source: "lambda x: x / 127.5 - 1",
      layers: [["scale", "Rescaling"]],
      pixels: "none",
      note: "x / 127.5 - 1",
      expected: meansOf((means) => means.map((mean) => mean / 127.5 - 1)),
    },
    {
      name: "a scale and an offset for each channel",
      source: "lambda x: keras.applications.densenet.preprocess_input(x, data_format=None)",
      layers: [["scale", "Rescaling"]],
      pixels: "none",
      note: "(x / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]",
      expected: meansOf(([r, g, b]) => [
        (r! / 255 - 0.485) / 0.229,
        (g! / 255 - 0.456) / 0.224,
        (b! / 255 - 0.406) / 0.225,
      ]),
    },
    {
      name: "channels turned, and means taken off",
      source: resnet,
      layers: [["scale.1", "Operation"], ["scale", "Rescaling"]],
      pixels: "none",
      note: "x[..., ::-1] - [103.939, 116.779, 123.68]",
      expected: meansOf(([r, g, b]) => [b! - 103.939, g! - 116.779, r! - 123.68]),
    },
    {
      name: "nothing at all",
      source: "lambda x: x",
      layers: [["scale", "Identity"]],
      pixels: undefined,
      note: "x",
      expected: meansOf((means) => [...means]),
    },
    {
      name: "steps that branch",
      source: "lambda x: tf.concat([x, -x], axis=-1)",
      layers: [["scale", "Lambda"]],
      pixels: undefined,
      note: "concat([x, negative(x)], axis=-1)",
      expected: meansOf((means) => [...means, ...means.map((mean) => -mean)]),
    },
  ];
  for (const { name, source, layers, pixels, note, expected } of cases) {
    for (const [form, model] of Object.entries({ sequence: sequence, graph })) {
      await t.step(`${name}, in a ${form}`, () =>
        leavingNoTensors(async () => {
          const opened = await build(model(lambda("scale", source), pool));
          const found = opened.layers.filter(({ path }) => /^scale/.test(path));
          assertEquals(found.map(({ path, kind }) => [path, kind]), layers.map((layer) => [...layer]));
          assertEquals(opened.preprocessing?.name, pixels);
          assertEquals(opened.notes[0], `opened "scale" (Lambda) as ${note}`);
          const x = tf.tensor4d(image, [1, 4, 5, 3]);
          const scores = opened.predict(x);
          assertLessOrEqual(largestDifference(await scores.data() as Float32Array, expected), 1e-4);
          tf.dispose([x, scores]);
          opened.dispose();
        }));
    }
  }
});

Deno.test("a Lambda layer that is used twice is unfolded at both uses", () =>
  leavingNoTensors(async () => {
    const { class_name, config } = graph(lambda("scale", resnet), lambda("again", "lambda x: x / 255"), pool);
    const [input, scale, again, means] = config.layers;
    const nodes = [[["image", 0, 0, {}]], [["again", 0, 0, {}]]];
    const after = { ...means!, inbound_nodes: [[["scale", 1, 0, {}]]] };
    const opened = await build({
      class_name,
      config: { ...config, layers: [input, { ...scale!, inbound_nodes: nodes }, again, after] },
    });
    const x = tf.tensor4d(image, [1, 4, 5, 3]);
    const scores = opened.predict(x);
    const once = meansOf(([r, g, b]) => [b! - 103.939, g! - 116.779, r! - 123.68].map((mean) => mean / 255));
    const expected = [once[2]! - 103.939, once[1]! - 116.779, once[0]! - 123.68];
    assertLessOrEqual(largestDifference(await scores.data() as Float32Array, expected), 1e-4);
    tf.dispose([x, scores]);
    opened.dispose();
  }));

Deno.test("a Lambda layer inside another computes all its steps", () =>
  leavingNoTensors(async () => {
    const outer = {
      class_name: "TimeDistributed",
      config: { name: "rows", layer: lambda("scale", "lambda x: tf.nn.l2_normalize(x, axis=-1)") },
    };
    const opened = await build(sequence(outer, pool));
    const x = tf.ones([1, 4, 5, 3]) as tf.Tensor4D;
    const scores = opened.predict(x);
    assertLessOrEqual(
      largestDifference(await scores.data() as Float32Array, Array(3).fill(Math.sqrt(1 / 3))),
      1e-6,
    );
    tf.dispose([x, scores]);
    opened.dispose();
  }));

Deno.test("a Lambda layer whose function is not known is told with the reason", () =>
  leavingNoTensors(async () => {
    const of = (why: string) =>
      `Cannot open model "x.h5": layer "scale" is a Lambda, whose Python code cannot be run and ${why}: ` +
      "put one of Keras's own layers in its place";
    const source = "lambda x: tf.image.resize(x, (SIZE, SIZE))";
    await assertRejects(
      () => build(sequence(lambda("scale", source), pool)),
      ModelError,
      of('uses "SIZE", whose value is not in the file'),
    );
    const named = { function: "scale", function_type: "function", module: "__main__" };
    await assertRejects(
      () => build(sequence(lambda("scale", source, named), pool)),
      ModelError,
      of('is a function "scale", which is not in the file'),
    );
    await assertRejects(
      () => build(sequence(lambda("scale", source, { function: null }), pool)),
      ModelError,
      of("is not in the file"),
    );
  }));
