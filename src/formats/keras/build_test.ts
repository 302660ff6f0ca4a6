/** What Keras's files may hold that no file of the zoo does: users' own layers, names in any script, and what is refused. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { ModelError } from "../../base/errors.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { buildKerasModel } from "./build.ts";

/** A layer that a user has registered, whose package Keras notes before its name. */
class Doubling extends tf.layers.Layer {
  static className = "my_package>Doubling";

  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul(Array.isArray(x) ? x[0]! : x, 2);
  }
}
tf.serialization.registerClass(Doubling);

/** A layer as Keras 3 notes it, which takes the one before it. */
interface Noted {
  readonly class_name: string;
  readonly registered_name?: string;
  readonly config: { readonly name: string; readonly [key: string]: unknown };
}

/** Options of {@linkcode build}. */
interface BuildOptions {
  /** The shapes of each weighted layer's weights. */
  readonly shapes?: readonly number[][] | undefined;
  /** Layers that have such weights in the file, though they take none. */
  readonly stray?: readonly string[] | undefined;
  readonly identity?: readonly string[] | undefined;
}

/** Build a model of layers one after another on pictures `[2, 3, 2]`; every weight is 0.5. */
function build(
  layers: readonly Noted[],
  { shapes = [], stray = [], identity = [] }: BuildOptions = {},
): Promise<ExplainableModel> {
  const image = { name: "image", batch_shape: [null, 2, 3, 2] };
  const input = { class_name: "InputLayer", name: "image", config: image, inbound_nodes: [] };
  const noted = layers.map((layer, index) => {
    const before = layers[index - 1]?.config.name ?? "image";
    const tensor = { class_name: "__keras_tensor__", config: { keras_history: [before, 0, 0] } };
    return { ...layer, name: layer.config.name, inbound_nodes: [{ args: [tensor], kwargs: {} }] };
  });
  const ends = { input_layers: ["image", 0, 0], output_layers: [layers.at(-1)!.config.name, 0, 0] };
  const arrays = shapes.map((shape, index) => ({
    name: `weight ${index}`,
    shape,
    readInto: (target: Float32Array) => void target.fill(0.5),
  }));
  return buildKerasModel({
    name: "x.keras",
    format: "keras-zip",
    kerasVersion: "3.15.1",
    config: { class_name: "Functional", config: { name: "model", layers: [input, ...noted], ...ends } },
    maxParameters: 1000,
    weights: {
      assign: (layers) =>
        layers.map(({ path, trainable }) => () =>
          trainable > 0 || stray.includes(path[0]!) ? arrays : undefined
        ),
    },
  }, { identity });
}

function convolution(name: string, more: object = {}): Noted {
  return {
    class_name: "Conv2D",
    config: { name, trainable: true, filters: 1, kernel_size: [1, 1], ...more },
  };
}

const weights = [[1, 1, 2, 1], [1]];

Deno.test("buildKerasModel() computes what a file says", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly { name: string; layers: Noted[]; kind: string; expected: number }[] = [
    {
      name: "a user's layer, by its package and name",
      layers: [convolution("a"), {
        class_name: "Doubling",
        registered_name: "my_package>Doubling",
        config: { name: "own", trainable: true },
      }],
      kind: "my_package>Doubling",
      expected: 3, // (0.5 + 0.5 + 0.5) · 2
    },
    { name: "a name in another script", layers: [convolution("фильтр 1:2")], kind: "Conv2D", expected: 1.5 },
    {
      name: "an activation with settings",
      layers: [convolution("a", { activation: { class_name: "ReLU", config: { max_value: 0.75 } } })],
      kind: "Conv2D",
      expected: 0.75,
    },
    {
      name: "an activation that was registered with Keras under a name of Keras's own",
      layers: [convolution("a", {
        activation: { class_name: "function", config: "hard_tanh", registered_name: "pkg>hard_tanh" },
      })],
      kind: "Conv2D",
      expected: 1,
    },
  ];
  for (const { name, layers, kind, expected } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const model = await build(layers, { shapes: weights });
        const last = model.layers.at(-1)!;
        assertEquals([last.path, last.kind], [layers.at(-1)!.config.name, kind]);
        assertEquals(model.outputs[0]!.name, last.path);
        const x = tf.ones([1, 2, 3, 2]) as tf.Tensor4D;
        const scores = model.predict(x); // the mean over pixels
        assertEquals([...await scores.data()], [expected]);
        tf.dispose([x, scores]);
        model.dispose();
      }));
  }
});

Deno.test("buildKerasModel() passes over layers that do nothing when a model is used", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly { name: string; layer: Noted; identity?: string[]; note: string }[] = [
    {
      name: "a known one, whatever package it bears",
      layer: { class_name: "FixedDropout", registered_name: "Custom>FixedDropout", config: { name: "drop" } },
      note: 'opened "drop" (FixedDropout) as a layer that leaves its input as it is',
    },
    {
      name: "augmentation that is not Keras's own",
      layer: { class_name: "RandomCutout", config: { name: "cut" } },
      note: 'opened "cut" (RandomCutout) as a layer that leaves its input as it is',
    },
    {
      name: "one that the caller names",
      layer: { class_name: "Custom>Wobble", registered_name: "Custom>Wobble", config: { name: "w" } },
      identity: ["Wobble"],
      note: 'opened "w" (Wobble) as a layer that leaves its input as it is',
    },
    {
      name: "a Lambda that the caller names",
      layer: { class_name: "Lambda", config: { name: "print", function: "…" } },
      identity: ["Lambda"],
      note: 'opened "print" (Lambda) as a layer that leaves its input as it is',
    },
  ];
  for (const { name, layer, identity, note } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const model = await build([layer, convolution("a")], { shapes: weights, identity });
        assertEquals(model.notes, [note]);
        const x = tf.ones([1, 2, 3, 2]) as tf.Tensor4D;
        const scores = model.predict(x);
        assertEquals([...await scores.data()], [1.5]);
        tf.dispose([x, scores]);
        model.dispose();
      }));
  }
});

Deno.test("buildKerasModel() says in one line what it cannot open", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly {
    name: string;
    layers: Noted[];
    shapes?: number[][];
    stray?: string[];
    identity?: string[];
    message: string;
  }[] = [
    {
      name: "a Lambda",
      layers: [{ class_name: "Lambda", config: { name: "twice", function: "…" } }],
      message:
        'layer "twice" is a Lambda, whose Python code cannot be run and is a function "…", which is not in the file: ' +
        "put one of Keras's own layers in its place",
    },
    {
      name: "an unknown layer",
      layers: [{ class_name: "Strange", registered_name: "pkg>Strange", config: { name: "odd" } }],
      message:
        'layer "odd" is a "Strange", which is no layer of Keras\'s own: if it leaves its input as it is when the model is ' +
        'used, say so with --identity Strange (the option "identity"), else put one of Keras\'s own layers in its place',
    },
    {
      name: "a layer of TensorFlow Hub",
      layers: [{ class_name: "KerasLayer", config: { name: "hub", handle: "https://example.com/net/1" } }],
      message:
        'layer "hub" is a TensorFlow Hub layer (https://example.com/net/1), whose network is not in the file: ' +
        'save all of it with tf.saved_model.save(model, "saved") and convert that with tensorflowjs_converter',
    },
    {
      name: "an operation that is not known",
      layers: [{ class_name: "TFOpLambda", config: { name: "op", function: "math.bessel_j0" } }],
      message:
        'layer "op" is the operation "math.bessel_j0", which is not known: put one of Keras\'s own layers in its place',
    },
    {
      name: "weights quantised in a way that is not read",
      layers: [
        convolution("a", { dtype: { class_name: "GPTQDTypePolicy", config: { mode: "gptq/4/128" } } }),
      ],
      message: 'layer "a" has weights quantised by "gptq", which are not read: save it before that',
    },
    {
      name: "a class that would change its input's size when the model is used",
      layers: [{ class_name: "RandomResizedCrop", config: { name: "crop" } }],
      message: 'layer "crop" is a "RandomResizedCrop", which is no layer of Keras\'s own',
    },
    {
      name: "weights in a layer that is taken to do nothing",
      layers: [convolution("a"), { class_name: "DropPath", config: { name: "path" } }],
      shapes: weights,
      stray: ["path"],
      message: 'layer "path" has weights in the file, so it does not leave its input as it is',
    },
    {
      name: "a class said to do nothing that the model does not have",
      layers: [convolution("a")],
      shapes: weights,
      identity: ["Conv3D"],
      message:
        'it has no layer of the class "Conv3D" that could leave its input as it is: the nearest are Conv2D',
    },
    {
      name: "an unknown activation",
      layers: [convolution("a", {
        activation: { class_name: "function", config: "mine", registered_name: "pkg>mine" },
      })],
      message:
        'layer "a" has the activation "mine", which is not known: save the model with one of Keras\'s own activations',
    },
    {
      name: "channels first, with a softmax over columns",
      layers: [convolution("a", { data_format: "channels_first", activation: "softmax" })],
      message: 'layer "a" has its channels first: train or convert the model with channels_last',
    },
    {
      name: "weights of another shape",
      layers: [convolution("a")],
      shapes: [[1, 1, 3, 1], [1]],
      message: 'layer "a" takes weights [1, 1, 2, 1], "weight 0" in the file has [1, 1, 3, 1]',
    },
    {
      name: "fewer weights",
      layers: [convolution("a")],
      shapes: [[1, 1, 2, 1]],
      message: 'layer "a" takes 2 arrays of weights, the file has 1',
    },
  ];
  for (const { name, layers, message, ...options } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        await assertRejects(
          () => build(layers, options),
          ModelError,
          `Cannot open model "x.keras": ${message}`,
        );
      }));
  }
});

Deno.test("buildKerasModel() leaves no weight unfilled", async () => {
  await selectBackend({ backend: "wasm", threads: 2 });
  const image = { class_name: "InputLayer", config: { name: "image", batch_input_shape: [null, 2, 3, 2] } };
  const layers = [image, { class_name: "Conv2D", config: { name: "a", filters: 1, kernel_size: 1 } }];
  const file = {
    name: "x.h5",
    format: "keras-h5",
    kerasVersion: "2.15.0",
    config: { class_name: "Sequential", config: { name: "model", layers } },
    maxParameters: 1000,
  } as const;
  await leavingNoTensors(() =>
    assertRejects(
      () => buildKerasModel({ ...file, weights: { assign: () => [] } }, {}),
      ModelError,
      'Cannot open model "x.h5": it has no weights for "a/kernel"',
    )
  );
});
