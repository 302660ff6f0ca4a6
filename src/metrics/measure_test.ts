import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { gradcam } from "../explain/gradcam.ts";
import { adoptModel } from "../formats/mod.ts";
import type { ExplainableModel } from "../split/model.ts";
import { measure } from "./measure.ts";
import type { MeasuredMap } from "./measured_map.ts";
import { type MetricName, metrics } from "./mod.ts";

const photo = "testdata/photos/chelsea.png";

/** A small network that the caller holds, its weights drawn from a seed. */
function smallModel(): tf.LayersModel {
  const draw = (seed: number) => tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [20, 24, 3],
        filters: 6,
        kernelSize: 3,
        activation: "relu",
        name: "first",
        kernelInitializer: draw(1),
      }),
      tf.layers.batchNormalization({ name: "norm" }),
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        strides: 2,
        activation: "relu",
        name: "second",
        kernelInitializer: draw(2),
      }),
      tf.layers.globalAveragePooling2d({ dataFormat: "channelsLast", name: "pool" }),
      tf.layers.dense({ units: 4, activation: "softmax", name: "scores", kernelInitializer: draw(3) }),
    ],
  });
}

/** A picture that is not the same everywhere. */
function smallPicture(): tf.Tensor4D {
  return tf.tensor4d(
    Float32Array.from({ length: 20 * 24 * 3 }, (_, at) => Math.sin(at * 0.37) + Math.cos(at * 0.011)),
    [1, 20, 24, 3],
  );
}

/** A metric's number by name. */
function numberOf({ measurements }: MeasuredMap, name: MetricName): number | undefined {
  return measurements.find(({ metric }) => metric === name)!.measurement.value;
}

/** Counts the pictures that a model is run with from its input to the scores. */
function counted(
  model: ExplainableModel,
): { model: ExplainableModel; runs: () => number; largest: () => number } {
  let [runs, largest] = [0, 0];
  const original = model.splitAtPicture.bind(model);
  model.splitAtPicture = (options) => {
    const split = original(options);
    const { rerun } = split;
    return {
      ...split,
      rerun(batch, carried, pause) {
        runs += batch.shape[0];
        largest = Math.max(largest, batch.shape[0]);
        return rerun.call(split, batch, carried, pause);
      },
    };
  };
  return { model, runs: () => runs, largest: () => largest };
}

Deno.test("measure() measures every map by every metric, and leaves nothing behind", async () => {
  const model = smallModel(), picture = smallPicture();
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data()));
  const truth = { file: "small", objects: [{ boxes: [{ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }] }] };
  const options = {
    methods: ["gradcam", "saliency"],
    layers: ["first", "second"],
    controls: ["random", "centre", "edges"],
    metrics: metrics.map(({ name }) => name),
    metricSettings: { steps: 6, samples: 3, stages: 3 },
    truth,
    relu: true,
    seed: 5,
  } as const;
  await measure(model, picture, { ...options, metrics: ["pointinggame"], metricSettings: {} }); // what is made once
  const before = tf.memory().numTensors;
  const maps = await measure(model, picture, options);
  assertEquals(tf.memory().numTensors, before);
  assertEquals(maps.map(({ method, layer }) => `${method} ${layer}`), [
    "gradcam first",
    "gradcam second",
    "saliency first_input",
    "random ",
    "centre ",
    "edges ",
  ]);
  for (const map of maps) {
    assertAlmostEquals(map.chance!, 0.25, 0.02);
    for (const { metric, measurement: { value, why } } of map.measurements) {
      const { range: [least, most] } = metrics.find(({ name }) => name === metric)!;
      assert(value === undefined ? why : value >= least - 1e-6 && value <= most + 1e-6, `${metric} ${value}`);
    }
  }
  const again = await measure(model, picture, options);
  const numbers = (all: readonly MeasuredMap[]) =>
    all.map((map) => map.measurements.map(({ measurement }) => measurement));
  assertEquals(numbers(again), numbers(maps), "The same seed gives the same numbers");
  const some = await measure(model, picture, { ...options, metrics: ["roadmorf"], metricSettings: {} });
  assertEquals(some.map((map) => numberOf(map, "roadmorf")), maps.map((map) => numberOf(map, "roadmorf")));
  const after = await Promise.all(model.getWeights().map((weight) => weight.data()));
  assertEquals(after, weights, "The caller's weights stay as they are");
  const explanation = await gradcam(model, picture, { layer: "second", relu: true });
  assertEquals(maps[1]!.heatmap, explanation.heatmap);
  model.dispose();
  picture.dispose();
});

Deno.test("measure() tells flat maps apart, and frees what it made when it fails", async () => {
  const model = smallModel();
  const flat = tf.zeros([1, 20, 24, 3]) as tf.Tensor4D;
  const before = tf.memory().numTensors;
  const [map] = await measure(model, flat, {
    methods: ["inputxgradient"],
    metrics: ["sparseness", "deletion"],
  });
  for (const { measurement: { value, why } } of map!.measurements) {
    assertEquals(value, undefined);
    assert(why!.startsWith("The map is flat"));
  }
  const controller = new AbortController();
  const picture = smallPicture();
  await assertRejects(
    () =>
      measure(model, picture, {
        metrics: ["modelrandomisation", "deletion"],
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("Enough")),
      }),
    Error,
    "Enough",
  );
  picture.dispose();
  assertEquals(tf.memory().numTensors, before);
  await assertRejects(
    () => measure(model, flat, { metrics: ["sparse" as MetricName] }),
    RangeError,
    "Unknown metric",
  );
  await assertRejects(
    () => measure(model, flat, { metrics: ["entropy"], metricSettings: { steps: 3 } }),
    RangeError,
    "Cannot use steps with entropy: it is for deletion, insertion, monotonicity",
  );
  model.dispose();
  flat.dispose();
});

Deno.test("measure() deletes and inserts within 110 runs of the model, in batches", async () => {
  const held = smallModel(), picture = smallPicture();
  const { model, runs, largest } = counted(adoptModel(held));
  await measure(model, picture, { metrics: ["deletion", "insertion"] });
  assert(runs() >= 100 && runs() <= 110, `${runs()} runs`);
  assert(largest() > 1 && largest() <= 64, `${largest()} at once`);
  held.dispose();
  picture.dispose();
});

/** A network of four convolutions whose maps can be told from edges. */
function deeperModel(): tf.LayersModel {
  const convolution = (filters: number, strides: number, seed: number, first = false) =>
    tf.layers.conv2d({
      ...(first && { inputShape: [40, 48, 3] }),
      filters,
      strides,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
      kernelInitializer: tf.initializers.heNormal({ seed }),
    });
  return tf.sequential({
    layers: [
      convolution(12, 1, 11, true),
      convolution(16, 2, 12),
      convolution(16, 1, 13),
      convolution(24, 2, 14),
      tf.layers.globalAveragePooling2d({ dataFormat: "channelsLast" }),
      tf.layers.dense({ units: 6, kernelInitializer: tf.initializers.glorotNormal({ seed: 15 }) }),
    ],
  });
}

Deno.test("random weights change the map of Grad-CAM and not that of guided backpropagation", async () => {
  const model = deeperModel();
  const maps = await measure(model, photo, {
    methods: ["gradcam", "guidedbackprop"],
    controls: ["edges"],
    metrics: ["modelrandomisation", "randomlogit"],
    metricSettings: { stages: 5, samples: 3 },
    preprocess: "unit",
    classIndex: [0, 1, 2, 3],
  });
  const mean = (method: string, metric: MetricName) => {
    const of = maps.filter((map) => map.method === method).map((map) => numberOf(map, metric)!);
    return of.reduce((a, b) => a + b) / of.length;
  };
  // As Adebayo et al. report, and Sixt et al. of the class.
  assert(mean("guidedbackprop", "modelrandomisation") > 0.5);
  assert(mean("gradcam", "modelrandomisation") < 0.3);
  assertEquals(mean("edges", "modelrandomisation"), 1);
  assert(mean("guidedbackprop", "randomlogit") > mean("gradcam", "randomlogit") + 0.3);
  model.dispose();
});
