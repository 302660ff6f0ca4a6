/** What can be explained besides a class's score: maps of Grad-CAM are linear in it, so that they tell. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";

const shape: [number, number, number] = [6, 9, 3];

function initializer(seed: number) {
  return tf.initializers.randomNormal({ seed });
}

/** Features that a classifier of four classes, an embedding, boxes or a picture is made of. */
function build(end: "classes" | "softmax" | "embedding" | "boxes"): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({
    inputShape: shape,
    filters: 5,
    kernelSize: 3,
    strides: 2,
    activation: "relu",
    name: "features",
    kernelInitializer: initializer(1),
  }));
  if (end !== "boxes") model.add(tf.layers.globalAveragePooling2d({}));
  else {
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 12, kernelInitializer: initializer(3) }));
    model.add(tf.layers.reshape({ targetShape: [3, 4] }));
    return model;
  }
  const activation = end === "softmax" ? "softmax" : "linear";
  model.add(
    tf.layers.dense({
      units: 4,
      activation,
      kernelInitializer: initializer(2),
      biasInitializer: initializer(4),
    }),
  );
  return model;
}

function photoOf(seed: number): tf.Tensor3D {
  return tf.randomUniform(shape, 0, 1, "float32", seed) as tf.Tensor3D;
}

const labels = ["ant", "bee", "cat", "dog"];

/** The raw maps of a random photo. */
async function rawMaps(model: tf.LayersModel, options: GradcamOptions) {
  const photo = photoOf(7);
  try {
    const { maps } = await gradcam(model, photo, { layer: "features", ...options });
    return maps.map((map) => ({ ...map, data: [...map.raw.data] }));
  } finally {
    photo.dispose();
  }
}

function assertSame(actual: readonly number[], expected: readonly number[]) {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, at) => assertAlmostEquals(value, expected[at]!, 1e-5));
}

for (const end of ["classes", "softmax"] as const) {
  Deno.test(`targets of class scores are made of the classes' own maps: ${end}`, async (t) => {
    await selectBackend({ backend: "cpu" });
    const model = build(end);
    const own = await rawMaps(model, { classIndex: [0, 1, 2, 3], labels });
    const data = own.map((map) => map.data);
    const combine = (weights: readonly number[]) =>
      data[0]!.map((_, at) => weights.reduce((sum, weight, k) => sum + weight * data[k]![at]!, 0));
    const cases: readonly [string, GradcamOptions, readonly number[], string][] = [
      ["difference by name", { label: "cat", versus: "Dog" }, [0, 0, 1, -1], "cat rather than dog"],
      ["difference by index", { classIndex: 0, versus: "1" }, [1, -1, 0, 0], "ant rather than bee"],
      ["sum", { target: "sum", classIndex: [1, 3] }, [0, 1, 0, 1], "bee or dog"],
      ["lower", { target: "lower", classIndex: 2 }, [0, 0, -1, 0], "less of cat"],
    ];
    for (const [name, options, weights, title] of cases) {
      await t.step(name, () =>
        leavingNoTensors(async () => {
          const [map] = await rawMaps(model, { ...options, labels });
          assertSame(map!.data, combine(weights));
          assertEquals(map!.target, title);
          const value = weights.reduce((sum, weight, k) => sum + weight * own[k]!.score, 0);
          assertAlmostEquals(map!.value!, value, 1e-5);
        }));
    }
    await t.step("finer", () =>
      leavingNoTensors(async () => {
        const logits = await rawMaps(model, { classIndex: [0, 1, 2, 3], score: "logit" });
        const [map] = await rawMaps(model, { classIndex: 1, target: "finer", nearest: 3, contrast: 0.6 });
        const expected = logits[0]!.data.map((_, at) =>
          logits[1]!.data[at]! - 0.2 * (logits[0]!.data[at]! + logits[2]!.data[at]! + logits[3]!.data[at]!)
        );
        assertSame(map!.data, expected);
        const [one] = await rawMaps(model, {
          classIndex: 1,
          target: "finer",
          nearest: 1,
          contrast: 1,
          labels,
        });
        assert(/^bee in contrast with (ant|cat|dog)$/.test(one!.target!), one!.target);
      }));
    await t.step("a function of the output", () =>
      leavingNoTensors(async () => {
        const target = (output: tf.Tensor) => output.slice([0, 1], [1, 1]).mul(2);
        const [map] = await rawMaps(model, { target: target as GradcamOptions["target"] });
        assertSame(map!.data, combine([0, 2, 0, 0]));
      }));
    await t.step("the best classes but the one they are compared with", () =>
      leavingNoTensors(async () => {
        const maps = await rawMaps(model, { versus: 2, top: 3 });
        assertEquals(maps.map(({ classIndex }) => classIndex).sort(), [0, 1, 3]);
      }));
    model.dispose();
  });
}

Deno.test("a similarity is explained by its gradient", async () => {
  await selectBackend({ backend: "cpu" });
  const model = build("embedding");
  await leavingNoTensors(async () => {
    const other = photoOf(8);
    const embedded = tf.tidy(() => model.predict(other.expandDims(0)) as tf.Tensor);
    const embedding = [...await embedded.data()];
    const features = tf.tidy(() => {
      const inner = tf.model({
        inputs: model.inputs,
        outputs: model.getLayer("features").output as tf.SymbolicTensor,
      });
      return inner.predict(photoOf(7).expandDims(0)) as tf.Tensor4D;
    });
    const [kernel, bias] = model.layers.at(-1)!.getWeights() as [tf.Tensor2D, tf.Tensor1D];
    const likeness = (a: tf.Tensor) => {
      const e = a.mean([1, 2]).matMul(kernel).add(bias).reshape([-1]);
      const r = tf.tensor1d(embedding);
      return e.mul(r).sum().div(e.norm().mul(r.norm()));
    };
    const expected = tf.tidy(() => {
      const weights = tf.grad(likeness)(features).mean([0, 1, 2]);
      return features.squeeze([0]).mul(weights).sum(-1);
    });
    const [map] = await rawMaps(model, { like: embedding });
    assertSame(map!.data, [...await expected.data()]);
    const value = tf.tidy(() => likeness(features));
    assertAlmostEquals(map!.value!, (await value.data())[0]!, 1e-5);
    assertEquals(map!.target, "likeness to the embedding");
    tf.dispose([other, embedded, features, expected, value]);
  });
  model.dispose();
});

Deno.test("a photo to be like is seen as the photo that is explained", async () => {
  await selectBackend({ backend: "cpu" });
  const model = build("embedding");
  await leavingNoTensors(async () => {
    const pixels = (seed: number) => ({
      data: Uint8ClampedArray.from({ length: 6 * 9 * 4 }, (_, at) => at % 4 === 3 ? 255 : at * seed % 251),
      height: 6,
      width: 9,
    });
    const explain = (options: GradcamOptions) =>
      gradcam(model, pixels(7), { layer: "features", preprocess: "unit", ...options });
    const own = await explain({ like: pixels(7) });
    assertAlmostEquals(own.maps[0]!.value!, 1, 1e-5);
    const { maps: [map] } = await explain({ like: pixels(31) });
    assert(map!.value! < 0.9999);
    assertEquals(map!.target, "likeness to the other photo");
  });
  model.dispose();
});

Deno.test("a box is a row of an output", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = build("boxes");
  for (const box of [0, 2]) {
    await t.step(`${box}`, () =>
      leavingNoTensors(async () => {
        const [map] = await rawMaps(model, { box, classIndex: 3 });
        const target = (output: tf.Tensor) => output.slice([0, box, 3], [1, 1, 1]);
        const [expected] = await rawMaps(model, { target: target as GradcamOptions["target"] });
        assertSame(map!.data, expected!.data);
      }));
  }
  model.dispose();
});

Deno.test("what cannot be explained is told in one line, and leaves nothing behind", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly [Parameters<typeof build>[0], GradcamOptions, string][] = [
    ["classes", { target: "difference" }, "Cannot explain a difference: say versus which class"],
    ["classes", { versus: 9 }, "Cannot explain class 9: the model has classes 0 to 3"],
    ["classes", { versus: "emu", labels }, 'Cannot find class "emu": the nearest are '],
    ["classes", { versus: 1, classIndex: 1 }, "Cannot explain a class versus itself: name another than 1"],
    ["classes", { versus: 1, target: "sum" }, "Cannot use versus with the target sum: it is for difference"],
    ["classes", { nearest: 2 }, "Cannot use nearest or contrast with the target class: they are for finer"],
    ["classes", { target: "most" as "sum" }, 'Unknown target "most": use one of '],
    ["classes", { like: [1, 2] }, "Cannot compare an embedding of 4 numbers with one of 2: give one of 4"],
    [
      "classes",
      { like: [1, 2, 3, 4], top: 2 },
      "Cannot choose classes, a region or a box for the target similarity",
    ],
    ["classes", { box: 0 }, "Cannot take row 0 of an output [1, 4]: it is no list of rows, as of boxes"],
    ["boxes", { box: 3 }, "Cannot take row 3 of an output [1, 3, 4]: it has rows 0 to 2"],
    [
      "classes",
      { target: () => tf.zeros([2]) },
      "Cannot explain a target that gives [2]: it must give one number",
    ],
    ["classes", { target: (() => 3) as never }, "Cannot explain a target that gives no tensor"],
  ];
  for (const [end, options, message] of cases) {
    await t.step(message, async () => {
      const model = build(end);
      await leavingNoTensors(async () => {
        const error = await assertRejects(() => rawMaps(model, options), Error);
        assert(error.message.startsWith(message), error.message);
      });
      model.dispose();
    });
  }
});
