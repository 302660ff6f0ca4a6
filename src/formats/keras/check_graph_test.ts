import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertRejects } from "@std/assert";
import { ModelError } from "../../base/errors.ts";
import { loadModel } from "../mod.ts";
import { leavingNoTensors, tryBackend } from "../../testing/mod.ts";

/** A reference to a layer's output in both spellings. */
type Reference = readonly [layer: string, use: number];

interface TestLayer {
  readonly name: string;
  readonly type?: string;
  readonly config?: Record<string, unknown>;
  /** What it takes, use by use. */
  readonly takes: readonly (readonly Reference[])[];
}

const image: TestLayer = { name: "image", type: "InputLayer", takes: [] };

function dense(name: string, ...takes: Reference[]): TestLayer {
  return { name, type: "Dense", config: { units: 2, use_bias: false }, takes: takes.map((one) => [one]) };
}

/** A topology as Keras 3 writes it, or as Keras 2 does. */
function topologyOf(layers: readonly TestLayer[], output: Reference, isKeras3: boolean): object {
  function node(takes: readonly Reference[]): unknown {
    if (!isKeras3) return takes.map(([layer, use]) => [layer, use, 0, {}]);
    const tensors = takes.map(([layer, use]) => ({
      class_name: "__keras_tensor__",
      config: { shape: [null, 1, 1, 2], dtype: "float32", keras_history: [layer, use, 0] },
    }));
    return { args: tensors.length > 1 ? [tensors] : tensors, kwargs: {} };
  }
  return {
    keras_version: isKeras3 ? "3.8.0" : "2.15.0",
    model_config: {
      class_name: "Functional",
      config: {
        name: "tested",
        layers: layers.map(({ name, type = "Activation", config, takes }) => ({
          class_name: type,
          name,
          config: {
            name,
            ...(type === "InputLayer" &&
              { [isKeras3 ? "batch_shape" : "batch_input_shape"]: [null, 1, 1, 2] }),
            ...(type === "Activation" && { activation: "relu" }),
            ...config,
          },
          inbound_nodes: takes.map(node),
        })),
        input_layers: isKeras3 ? ["image", 0, 0] : [["image", 0, 0]],
        output_layers: isKeras3 ? [...output, 0] : [[...output, 0]],
      },
    },
  };
}

/** A layers model in one JSON; each dense layer's matrix is its place in the list times one. */
function modelOf(topology: object, layers: readonly TestLayer[]): Uint8Array {
  const kernels = layers.filter(({ type }) => type === "Dense");
  const values = new Float32Array(kernels.flatMap((_, index) => [index + 1, 0, 0, index + 1]));
  return new TextEncoder().encode(JSON.stringify({
    format: "layers-model",
    modelTopology: topology,
    weightSpecs: kernels.map(({ name }) => ({ name: `${name}/kernel`, shape: [2, 2], dtype: "float32" })),
    weightData: new Uint8Array(values.buffer).toBase64(),
  }));
}

Deno.test("loadModel() refuses architectures that make TensorFlow.js spin for ever", async (t) => {
  await tryBackend("cpu");
  const relu = (name: string, ...takes: Reference[]): TestLayer => ({ name, takes: [takes] });
  const rows: Record<string, { layers: TestLayer[]; output: Reference; message: string }> = {
    "a layer that is missing": {
      layers: [image, relu("a", ["stem", 0])],
      output: ["a", 0],
      message: 'layer "a" takes the output of "stem", which it does not have',
    },
    "a use that there is not": {
      layers: [image, relu("a", ["image", 0]), relu("b", ["a", 1])],
      output: ["b", 0],
      message: 'layer "b" takes use 1 of "a", which is used once',
    },
    "a use before the first": {
      layers: [image, relu("a", ["image", -1])],
      output: ["a", 0],
      message: 'layer "a" takes use -1 of "image", which is used once',
    },
    "a circle": {
      layers: [image, relu("a", ["c", 0]), relu("b", ["a", 0]), relu("c", ["b", 0])],
      output: ["c", 0],
      message: 'its layers feed each other in a circle: "b", "c", "a"',
    },
    "a layer that takes itself": {
      layers: [image, relu("a", ["a", 0])],
      output: ["a", 0],
      message: 'its layers feed each other in a circle: "a"',
    },
    "a layer without inputs": {
      layers: [image, { name: "a", takes: [] }, relu("b", ["a", 0])],
      output: ["b", 0],
      message: 'layer "b" takes the output of "a", which takes no input',
    },
    "two layers of one name": {
      layers: [image, relu("a", ["image", 0]), relu("a", ["image", 0])],
      output: ["a", 0],
      message: 'two of its layers are "a"',
    },
    "an output that is missing": {
      layers: [image, relu("a", ["image", 0])],
      output: ["scores", 0],
      message: 'its input or output "scores" is no use of a layer that it has',
    },
  };
  for (const [name, { layers, output, message }] of Object.entries(rows)) {
    for (const isKeras3 of [true, false]) {
      await t.step(`${name}, Keras ${isKeras3 ? 3 : 2}`, () =>
        leavingNoTensors(async () => {
          const model = modelOf(topologyOf(layers, output, isKeras3), layers);
          const error = await assertRejects(() => loadModel(model), ModelError, message);
          assert(!error.message.includes("\n"));
        }));
    }
  }
});

Deno.test("loadModel() takes the use of a shared layer that was meant, whatever their depths", async (t) => {
  await tryBackend("cpu");
  // The shared layer's first use waits for "far", its second does not: 2 · shared(far(x)) beside shared(x) · 3 · 4.
  const layers: TestLayer[] = [
    image,
    dense("shared", ["far", 0], ["image", 0]), // · 1
    dense("near", ["shared", 1]), // · 2
    dense("nearer", ["near", 0]), // · 3
    dense("far", ["image", 0]), // · 4
    {
      name: "difference",
      type: "Concatenate",
      config: { axis: -1 },
      takes: [[["shared", 0], ["nearer", 0]]],
    },
  ];
  for (const isKeras3 of [true, false]) {
    await t.step(`Keras ${isKeras3 ? 3 : 2}`, () =>
      leavingNoTensors(async () => {
        const topology = topologyOf(layers, ["difference", 0], isKeras3);
        const model = await loadModel(modelOf(topology, layers));
        const x = tf.tensor4d([1, 10], [1, 1, 1, 2]);
        const scores = model.predict(x);
        const values = await scores.data();
        [4, 40, 6, 60].forEach((value, index) => assertAlmostEquals(values[index]!, value));
        tf.dispose([x, scores]);
        model.dispose();
      }));
  }
});
