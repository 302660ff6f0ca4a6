import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import type { ExplainableModel } from "../split/model.ts";
import { leavingNoTensors, testdata, testedBackends, tryBackend } from "../testing/mod.ts";
import { type Trial, tryLayers } from "./trial.ts";

/** A layer that goes forward, but not back. */
class OneWay extends tf.layers.Layer {
  static className = "OneWay";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const gradFunc = (): never => {
      throw new Error("No gradient for OneWay\nnor for anything else");
    };
    return tf.customGrad((x) => ({ value: (x as tf.Tensor).clone(), gradFunc }))(x);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

const conv = (name: string, inputShape?: number[]) =>
  tf.layers.conv2d({ filters: 2, kernelSize: 1, name, ...(inputShape && { inputShape }) });
const end =
  () => [tf.layers.globalAveragePooling2d({}), tf.layers.dense({ units: 3, activation: "softmax" })];
const reason = "No gradient for OneWay";

const cases: readonly { name: string; build: () => tf.LayersModel; trial: Trial }[] = [
  {
    name: "a chain whose input is no layer",
    build: () => tf.sequential({ layers: [conv("a", [4, 6, 3]), conv("b"), ...end()] }),
    trial: { spatial: ["a", "b"], unreached: [], failing: [], finite: true },
  },
  {
    name: "a chain that cannot be followed back",
    build: () =>
      tf.sequential({ layers: [conv("a", [4, 6, 3]), new OneWay({ name: "b" }), conv("c"), ...end()] }),
    trial: { spatial: ["a", "b", "c"], unreached: [], failing: [{ path: "a", reason }], finite: true },
  },
  {
    name: "two branches, one of them in the way",
    build() {
      const input = tf.input({ shape: [4, 6, 1], name: "picture" });
      const first = conv("first").apply(input) as tf.SymbolicTensor;
      const left = new OneWay({ name: "left" }).apply(first);
      const right = conv("right").apply(input);
      const joined = tf.layers.add({ name: "joined" }).apply([left, right] as tf.SymbolicTensor[]);
      const scores = end().reduce((before, layer) => layer.apply(before) as tf.SymbolicTensor, joined);
      return tf.model({ inputs: input, outputs: scores as tf.SymbolicTensor });
    },
    trial: {
      spatial: ["picture", "first", "left", "right", "joined"],
      unreached: [],
      failing: [{ path: "picture", reason }, { path: "first", reason }],
      finite: true,
    },
  },
  {
    name: "a layer that one of two outputs can explain",
    build() {
      const input = tf.input({ shape: [4, 6, 1], name: "picture" });
      const kept = conv("kept").apply(input);
      const [sound, broken] = [kept, new OneWay({ name: "broken" }).apply(kept)].map((value) =>
        end().reduce((before, layer) => layer.apply(before) as tf.SymbolicTensor, value)
      );
      return tf.model({ inputs: input, outputs: [broken, sound] as tf.SymbolicTensor[] });
    },
    trial: { spatial: ["picture", "kept", "broken"], unreached: [], failing: [], finite: true },
  },
  {
    name: "other inputs, any size",
    build() {
      const age = tf.input({ shape: [2], name: "age" });
      const picture = tf.input({ shape: [null, null, 4], name: "picture" });
      const means = tf.layers.globalAveragePooling2d({}).apply(conv("a").apply(picture));
      const joined = tf.layers.add({}).apply([age, means] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
      return tf.model({ inputs: [age, picture], outputs: joined });
    },
    trial: { spatial: ["picture", "a"], unreached: [], failing: [], finite: true },
  },
  {
    name: "weights that are no numbers",
    build: () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            inputShape: [4, 6, 3],
            filters: 1,
            kernelSize: 1,
            name: "a",
            biasInitializer: tf.initializers.constant({ value: NaN }),
          }),
          ...end(),
        ],
      }),
    trial: { spatial: ["a"], unreached: [], failing: [], finite: false },
  },
  {
    name: "no picture",
    build: () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [5], units: 2 })] }),
    trial: { spatial: [], unreached: [], failing: [], finite: undefined },
  },
];

Deno.test("tryLayers() finds where gradients can be computed", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const { name, build, trial } of cases) {
    await t.step(name, async () => {
      const model = build();
      await leavingNoTensors(async () => assertEquals(await tryLayers(await loadModel(model)), trial));
      model.dispose();
    });
  }
  await t.step("a layer that no output depends on", async () => {
    const model = tf.sequential({ layers: [conv("a", [4, 6, 3]), conv("b"), ...end()] });
    const adopted = await loadModel(model);
    const partly: ExplainableModel = Object.create(adopted, {
      split: {
        value(...given: Parameters<ExplainableModel["split"]>) {
          return { ...adopted.split(...given), connected: given[0] !== "a" };
        },
      },
      layers: { value: adopted.layers },
      inputs: { value: adopted.inputs },
      outputs: { value: adopted.outputs },
    });
    const { unreached, failing, finite } = await leavingNoTensors(() => tryLayers(partly));
    assertEquals([unreached, failing, finite], [["a"], [], true]);
    model.dispose();
  });
});

Deno.test("tryLayers() finds all layers of the zoo's graphs on every backend", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    for (const network of ["dilated", "conv_transpose", "squeeze_excite", "two_outputs"]) {
      await t.step(`${network}, ${backend}`, () =>
        leavingNoTensors(async () => {
          const model = await loadModel(new URL(`zoo/${network}/graph/`, testdata));
          const { spatial, ...rest } = await tryLayers(model);
          assertEquals(rest, { unreached: [], failing: [], finite: true });
          assertEquals(spatial.length > 4, true);
          model.dispose();
        }));
    }
  }
  await selectBackend({ backend: "cpu" });
});
