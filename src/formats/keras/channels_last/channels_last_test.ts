/** Networks whose channels come first against what Keras computes with them, by tools/make_channels_first.py. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { gradcam } from "../../../explain/gradcam.ts";
import type { ExplainableModel } from "../../../split/model.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  testedBackends,
  tryBackend,
} from "../../../testing/mod.ts";
import { loadModel } from "../../mod.ts";
import { buildKerasModel } from "../build.ts";
import type { KerasArray } from "../keras_file.ts";

interface Row {
  readonly name: string;
  readonly model: unknown;
  /** The names and shapes of each layer's weights. */
  readonly weights: Readonly<Record<string, readonly (readonly [string, readonly number[]])[]>>;
  readonly scores: readonly number[];
  readonly maps: Readonly<Record<string, { shape: readonly number[]; values: readonly number[] }>>;
}

const folder = new URL("channels_first/", testdata);
const shape: [number, number, number, number] = [1, 11, 14, 3];

/** Numbers between −1 and 1 that look random; the script has the same formula. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(seed + 12.9898 * index));
}

function weight([name, shape]: readonly [string, readonly number[]], index: number): KerasArray {
  const noise = numbers(shape.reduce((product, size) => product * size, 1), index + 1);
  const values = noise.map((value) => name.includes("variance") ? Math.abs(value) + 0.5 : value * 0.6);
  return { name, shape, readInto: (target) => target.set(values) };
}

async function build({ name, model, weights }: Row, kerasVersion: string): Promise<ExplainableModel> {
  const assign = (layers: readonly { path: readonly string[] }[]) =>
    layers.map(({ path }) => () => weights[path.join("/")]?.map(weight));
  const file = { name, format: "keras-h5", kerasVersion, config: model, maxParameters: 1e6 } as const;
  return await buildKerasModel({ ...file, weights: { assign } }, {});
}

/** Compare a model's scores and maps with Keras's. */
async function check(model: ExplainableModel, { scores, maps }: Row): Promise<void> {
  assertEquals(model.inputs[0]!.shape.slice(1), shape.slice(1));
  const x = tf.tensor4d(numbers(462, 0.5), shape);
  try {
    const output = model.predict(x);
    const given = await output.data();
    output.dispose();
    assertLessOrEqual(largestDifference(given, scores) / largestMagnitude(scores), 1e-4, "scores");
    for (const [layer, { shape, values }] of Object.entries(maps)) {
      const { maps: [map] } = await gradcam(model, x, { layer, classIndex: 0 });
      const { raw } = map!;
      assertEquals([raw.height, raw.width], shape, layer);
      assert(largestMagnitude(values) > 1e-4, `The map at ${layer} is of something`);
      assertLessOrEqual(largestDifference(raw.data, values) / largestMagnitude(values), 1e-4, layer);
    }
  } finally {
    x.dispose();
  }
}

const tables: readonly { keras: string; rows: readonly Row[] }[] = await Promise.all(
  ["keras3.json", "keras2.json"].map(async (name) =>
    JSON.parse(await Deno.readTextFile(new URL(name, folder)))
  ),
);

for (const backend of testedBackends) {
  Deno.test(`networks whose channels come first compute what Keras computes, on ${backend}`, async (t) => {
    const missing = await tryBackend(backend);
    // A GPU's programs take a while to compile.
    const few = new Set(["residual", "mixed", "reshaped"]);
    for (const { keras, rows } of tables) {
      assertEquals(rows.length, 9);
      for (const row of rows.filter(({ name }) => backend !== "webgpu" || few.has(name))) {
        await t.step({
          name: `${row.name}, Keras ${keras}`,
          ignore: missing !== undefined,
          fn: () =>
            leavingNoTensors(async () => {
              const model = await build(row, keras);
              await check(model, row);
              model.dispose();
            }),
        });
      }
    }
    await tryBackend("cpu");
  });
}

Deno.test("loadModel() opens whole files and converted graphs whose channels come first", async (t) => {
  await tryBackend("wasm");
  const [keras3, keras2] = tables as [typeof tables[number], typeof tables[number]];
  const files = [
    { name: "residual", file: "residual.keras", rows: keras3.rows },
    { name: "normalised", file: "normalised.h5", rows: keras3.rows },
    ...["chain", "residual", "brought_last", "reshaped", "tensorflow_operations"].map((name) => ({
      name,
      file: `graphs/${name}/model.json`,
      rows: keras2.rows,
    })),
  ];
  for (const { name, file, rows } of files) {
    await t.step(file, () =>
      leavingNoTensors(async () => {
        const model = await loadModel(new URL(file, folder));
        const row = rows.find((row) => row.name === name)!;
        const isGraph = model.format === "tfjs-graph";
        await check(model, isGraph ? { ...row, maps: inGraph(model, row.maps) } : row);
        model.dispose();
      }));
  }
});

/** Maps under the names that a graph's nodes have. */
function inGraph(model: ExplainableModel, maps: Row["maps"]): Row["maps"] {
  return Object.fromEntries(
    Object.entries(maps).map(([layer, map]) => {
      const found = model.layers.findLast(({ path }) => path.includes(`/${layer}/`));
      assert(found, `The graph has a node of ${layer}`);
      return [found.path, map];
    }),
  );
}

/** A model of a few layers without weights. */
function sequence(shape: readonly number[], ...layers: readonly (readonly [string, object])[]): object {
  const image = { class_name: "InputLayer", config: { name: "image", batch_input_shape: [null, ...shape] } };
  const named = layers.map(([class_name, config], at) => ({
    class_name,
    config: { name: `layer${at}`, trainable: true, ...config },
  }));
  return { class_name: "Sequential", config: { name: "model", layers: [image, ...named] } };
}

Deno.test("an input's channels are put last only where they are certain to come first", async (t) => {
  await tryBackend("cpu");
  const first = { data_format: "channels_first" };
  const pool = ["GlobalAveragePooling2D", { data_format: "channels_last" }] as const;
  const permute = (...dims: number[]) => ["Permute", { dims }] as const;
  const cases: Record<string, [given: object, inputs: number[]]> = {
    "a layer says so": [sequence([7, 8, 9], ["MaxPooling2D", first], ["Flatten", first]), [8, 9, 7]],
    "behind others": [
      sequence([7, 8, 9], ["Activation", { activation: "relu" }], ["ZeroPadding2D", first]),
      [8, 9, 7],
    ],
    "a picture that is brought to channels last": [sequence([3, 8, 9], permute(2, 3, 1), pool), [8, 9, 3]],
    "a picture whose axes are turned otherwise": [sequence([8, 9, 3], permute(2, 3, 1), pool), [8, 9, 3]],
    "a picture that is brought to channels first": [
      sequence([8, 9, 3], permute(3, 1, 2), ["AveragePooling2D", first]),
      [8, 9, 3],
    ],
    "what comes to it through a layer that may change its axes": [
      sequence([8, 9, 7], ["Softmax", { axis: 1 }], permute(3, 1, 2), ["AveragePooling2D", first]),
      [8, 9, 7],
    ],
  };
  for (const [name, [config, inputs]] of Object.entries(cases)) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const file = { name, format: "keras-h5", kerasVersion: "3.9.0", config, maxParameters: 1e6 } as const;
        const model = await buildKerasModel({ ...file, weights: { assign: () => [] } }, {});
        assertEquals(model.inputs[0]!.shape.slice(1), inputs);
        model.dispose();
      }));
  }
});

Deno.test("a mean and a variance that are given for each channel stay with their channels", async () => {
  await tryBackend("cpu");
  await leavingNoTensors(async () => {
    const first = { data_format: "channels_first" };
    const config = sequence(
      [2, 2, 3],
      ["Normalization", { axis: [1], mean: [1, 2], variance: [4, 9] }],
      ["ZeroPadding2D", { ...first, padding: 0 }],
      ["Flatten", first],
    );
    const file = {
      name: "x",
      format: "keras-h5",
      kerasVersion: "3.9.0",
      config,
      maxParameters: 1e6,
    } as const;
    const model = await buildKerasModel({ ...file, weights: { assign: () => [] } }, {});
    assertEquals(model.layers.map(({ path }) => path), ["image", "layer0", "layer1", "layer2"]);
    const x = tf.tensor4d([3, 8, 5, 2, 1, -1, 1, 5, 7, 2, -3, 11], [1, 2, 3, 2]);
    const scores = model.predict(x);
    assertEquals([...await scores.data()], [1, 2, 2, 0, 0, -1, 0, 1, 3, 0, -2, 3]);
    tf.dispose([x, scores]);
    model.dispose();
  });
});
