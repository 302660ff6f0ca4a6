/** Networks of Keras 1.2.2 against what it computed, made by tools/make_keras1.py. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { ModelError } from "../../../base/errors.ts";
import { loadModel } from "../../mod.ts";
import type { ExplainableModel } from "../../../split/model.ts";
import { largestDifference, leavingNoTensors, testdata, tryBackend } from "../../../testing/mod.ts";
import { readArchitecture } from "../architecture.ts";
import type { KerasArray } from "../keras_file.ts";
import { findOldLayer } from "./mod.ts";

interface Row {
  readonly name: string;
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
}

const folder = new URL("keras1/", testdata);
const { rows, keras }: { rows: readonly Row[]; keras: string } = JSON.parse(
  await Deno.readTextFile(new URL("index.json", folder)),
);

/** The numbers that the script has for an input: a picture's, or the indices of words. */
function inputFor(shape: readonly number[], index: number): tf.Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from(
    { length: count },
    (_, at) => shape.length === 1 ? at + 1 : Math.sin(0.5 + index + 12.9898 * at),
  );
  return tf.tensor(values, [1, ...shape]);
}

async function scoresOf(model: ExplainableModel, { name, inputs }: Row): Promise<Float32Array> {
  const isTurned = name.startsWith("channels_first");
  const tensors = inputs.map((shape, index) => {
    const given = () => inputFor(shape, index);
    return [
      model.inputs[index]!.name,
      isTurned ? tf.tidy(() => given().transpose([0, 2, 3, 1])) : given(),
    ] as const;
  });
  const [[input, photo], ...others] = tensors as [(typeof tensors)[number], ...typeof tensors];
  const scores = model.predict(photo as tf.Tensor4D, { input, inputs: Object.fromEntries(others) });
  const values = await scores.data<"float32">();
  tf.dispose([scores, tensors.map(([, tensor]) => tensor)]);
  return values;
}

Deno.test("loadModel() opens whole models of Keras 1, which compute what it computed", async (t) => {
  await tryBackend("cpu");
  assertEquals([keras, rows.length], ["1.2.2", 8]);
  for (const row of rows) {
    await t.step(row.name, () =>
      leavingNoTensors(async () => {
        const source = new URL(`${row.name}.h5`, folder);
        const model = await loadModel(source);
        assertEquals([model.format, model.writer], ["keras-h5", "Keras 1.2.2"]);
        assertLessOrEqual(largestDifference(await scoresOf(model, row), row.output), 1e-6);
        model.dispose();
      }));
  }
});

Deno.test("loadModel() opens Keras 1's architecture in JSON with its weights", async (t) => {
  await tryBackend("cpu");
  for (const name of ["branches", "nested"]) {
    const row = rows.find((row) => row.name === name)!;
    for (const file of [`${name}.json`, `${name}_weights.h5`]) {
      await t.step(file, () =>
        leavingNoTensors(async () => {
          const model = await loadModel(new URL(file, folder));
          assertEquals([model.format, model.writer], ["keras-json", "Keras 1.2.2"]);
          assertLessOrEqual(largestDifference(await scoresOf(model, row), row.output), 1e-6);
          model.dispose();
        }));
    }
  }
});

/** A model of one old layer. */
function modelOf(className: string, config: object): object {
  return {
    class_name: "Sequential",
    config: [{
      class_name: className,
      config: { name: "own", batch_input_shape: [null, 4, 5, 3], ...config },
    }],
  };
}

Deno.test("readArchitecture() knows Keras 1 by its settings where no version is noted", async () => {
  const { config, kerasVersion } = await readArchitecture(
    modelOf("Convolution2D", { nb_filter: 2, nb_row: 3, nb_col: 2, border_mode: "same", dim_ordering: "tf" }),
    "m",
  );
  const [layer] = (config as { config: { layers: { class_name: string; config: object }[] } }).config.layers;
  assertEquals(kerasVersion, "1");
  assertEquals(layer, {
    class_name: "Conv2D",
    config: {
      name: "own",
      batch_input_shape: [null, 4, 5, 3],
      filters: 2,
      padding: "same",
      data_format: "channels_last",
      kernel_size: [3, 2],
    },
  });
});

Deno.test("readArchitecture() refuses what later versions of Keras cannot do either", async (t) => {
  const cases: Record<string, [string, object, string]> = {
    "a batch norm by its batch": ["BatchNormalization", { mode: 2 }, 'layer "own" normalises in mode 2'],
    "a transposed convolution to an odd size": [
      "Deconvolution2D",
      {
        nb_filter: 2,
        nb_row: 3,
        nb_col: 3,
        subsample: [2, 2],
        border_mode: "same",
        output_shape: [null, 8, 9, 2],
      },
      'layer "own" gives 8 × 9 pixels, a size that later versions of Keras do not give with strides 2 × 2',
    ],
    "a join in Python": [
      "Merge",
      { mode: "<lambda>", mode_type: "lambda" },
      'layer "own" joins its inputs by Python code, which cannot be run',
    ],
    "a join of another kind": ["Merge", { mode: "cos", mode_type: "raw" }, 'joins its inputs by "cos"'],
  };
  for (const [name, [className, config, message]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await assertRejects(
        () => readArchitecture(modelOf(className, config), "m", { kerasVersion: "1.0.8" }),
        ModelError,
        message,
      );
    });
  }
});

Deno.test("a transposed convolution is taken where later versions give its size too", () => {
  const { refuse } = findOldLayer("Deconvolution2D")!;
  const settings = { nb_row: 3, nb_col: 2, subsample: [2, 2] };
  const taken = (mode: string, ...shape: (number | null)[]) =>
    refuse!({ ...settings, border_mode: mode, output_shape: [null, ...shape, 4] }) === undefined;
  assertEquals(taken("same", 8, 10), true);
  assertEquals(taken("same", 7, 10), false);
  assertEquals(taken("valid", 9, 10), true); // 4 × 2 + 1 and 5 × 2
  assertEquals(taken("valid", 8, 10), false);
  assertEquals(taken("valid", null, null), true);
  assertEquals(
    refuse!({ ...settings, dim_ordering: "th", output_shape: [null, 4, 7, 10] }) === undefined,
    true,
  );
});

/** An array of counted numbers. */
function counted(...shape: number[]): KerasArray {
  return { name: "W", shape, readInto: (target) => target.forEach((_, at) => target[at] = at) };
}

function valuesOf({ shape, readInto }: KerasArray): [shape: readonly number[], values: number[]] {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  readInto(values);
  return [shape, [...values]];
}

Deno.test("weights of Keras 1 get the layout of Keras 2", async (t) => {
  const cases: Record<string, [string, object, KerasArray, number[], number[]]> = {
    "Theano's layout": [
      "Convolution2D",
      { dim_ordering: "th" },
      counted(2, 1, 2, 2), // filters, channels, rows, columns
      [2, 2, 1, 2],
      [0, 4, 1, 5, 2, 6, 3, 7],
    ],
    "TensorFlow's layout": ["Convolution2D", { dim_ordering: "tf" }, counted(1, 2, 1, 2), [1, 2, 1, 2], [
      0,
      1,
      2,
      3,
    ]],
    "a transposed convolution": ["Deconvolution2D", {}, counted(1, 1, 2, 3), [1, 1, 3, 2], [
      0,
      3,
      1,
      4,
      2,
      5,
    ]],
    "one direction": [
      "Convolution1D",
      { filter_length: 2, nb_filter: 2 },
      counted(2, 1, 1, 2),
      [2, 1, 2],
      [0, 1, 2, 3],
    ],
    "one direction, of the earliest versions": [
      "Convolution1D",
      { filter_length: 3, nb_filter: 2 },
      counted(2, 1, 3, 1), // filters, channels, steps, 1
      [3, 1, 2],
      [0, 3, 1, 4, 2, 5],
    ],
  };
  for (const [name, [className, settings, array, shape, values]] of Object.entries(cases)) {
    await t.step(name, () => {
      const [first] = findOldLayer(className)!.arrays!([array], settings as Record<string, unknown>);
      assertEquals(valuesOf(first!), [shape, values]);
    });
  }
});
