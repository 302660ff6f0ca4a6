/** One unit without an activation: the logit of two classes where there are two labels, worked out by hand. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { ClassNotFoundError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { exists, leavingNoTensors, testedBackends, tryBackend } from "../testing/mod.ts";
import {
  assertMap,
  channels,
  explainTensor,
  keep,
  mean,
  setIdentity,
  setWeights,
  sigmoid,
  withModel,
} from "../testing/by_hand.ts";
import { graphOfTwoInputs } from "../testing/tiny_model.ts";
import { gradcam } from "./gradcam.ts";

const labels = ["cat", "dog"];

/** What stands behind the unit. */
type End = (unit: tf.SymbolicTensor) => tf.SymbolicTensor;

const apply = (layer: tf.layers.Layer): End => (unit) => layer.apply(unit) as tf.SymbolicTensor;

interface UnitOptions {
  readonly activation?: "linear" | "tanh" | "relu" | "hardSigmoid";
  readonly end?: End;
  /** Whether the way from the layer to the unit is more than pools and dense layers. */
  readonly isTaped?: boolean;
}

/** The kept channels' means, and one unit upon them. */
function unitModel(
  dense: readonly [number, number],
  { activation = "linear", end, isTaped = false }: UnitOptions = {},
): tf.LayersModel {
  const input = tf.input({ shape: [4, 6, 2], name: "picture" });
  let kept = keep(2).apply(input);
  if (isTaped) kept = tf.layers.add({ name: "twice" }).apply([kept, kept] as tf.SymbolicTensor[]);
  const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(kept);
  const unit = tf.layers.dense({ units: 1, useBias: false, activation, name: "unit" }).apply(means);
  const model = tf.model({
    inputs: input,
    outputs: end?.(unit as tf.SymbolicTensor) ?? unit as tf.SymbolicTensor,
  });
  setIdentity(model, 2);
  setWeights(model, "unit", isTaped ? dense.map((weight) => weight / 2) : dense, [2, 1]);
  return model;
}

/** The logit, and its slope at each pixel: z = Σₖ mean(Aₖ)·dₖ, so ∂z/∂Aₖ = dₖ/24. */
function byHand([first, second]: readonly [number, number]) {
  return {
    z: first * mean(channels[0]!) + second * mean(channels[1]!),
    slope: channels[0]!.map((value, at) => (first * value + second * channels[1]![at]!) / 24),
  };
}

const above = [9, 20] as const, below = [-30, -8] as const;

Deno.test("gradcam() reads one number as the logit of the second of two labels", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    for (const dense of [above, below]) {
      for (const isTaped of [false, true]) {
        await t.step(
          `${dense === above ? "above" : "below"} 0, ${isTaped ? "taped" : "direct"}, ${backend}`,
          () =>
            withModel(() => unitModel(dense, { isTaped }), async (model) => {
              const { z, slope } = byHand(dense);
              assert(dense === above ? z > 0.2 : z < -0.2);
              for (const score of ["output", "logit"] as const) {
                const { maps, scores, unit, warnings } = await explainTensor(model, {
                  top: 2,
                  labels,
                  score,
                });
                const order = z > 0 ? [0, 1] : [1, 0];
                assertEquals(maps.map(({ classIndex }) => classIndex), order);
                assertEquals(maps.map(({ label }) => label), order.map((index) => ["dog", "cat"][index]));
                assertEquals([unit, warnings.length], ["logit", 1], warnings.join());
                for (const { classIndex, score, probability, raw } of maps) {
                  const sign = classIndex === 0 ? 1 : -1;
                  assertAlmostEquals(score, sign * z, 1e-6);
                  assertAlmostEquals(probability!, sigmoid(sign * z), 1e-6);
                  assertMap(raw.data, slope.map((value) => sign * value));
                }
                const listed = ({ classIndex, label, score, probability }: typeof scores[number]) =>
                  [classIndex, label, score, probability] as const;
                assertEquals(scores.map(listed), maps.map(listed));
              }
              const likelier = await explainTensor(model, { labels });
              assertEquals(likelier.label, z > 0 ? "dog" : "cat");
              assertMap(likelier.maps[0]!.raw.data, slope.map((value) => Math.sign(z) * value));
              const both = await explainTensor(model, { label: ["Cat", "dog"], labels });
              assertEquals(both.maps.map(({ classIndex }) => classIndex), [1, 0]);
            }),
        );
      }
    }
  }
  await selectBackend({ backend: "cpu" });
});

Deno.test("gradcam() says how a logit was read, in JSON too", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel(above), async (model) => {
    const explanation = await explainTensor(model, { labels });
    assertEquals(explanation.warnings, [
      "The model gives one number without an activation for two labels: it is read as the logit of " +
      '"dog", the second, as Keras numbers classes; below 0 it is "cat"',
    ]);
    const { unit, maps, scores } = JSON.parse(JSON.stringify(explanation));
    const { z } = byHand(above);
    assertEquals(unit, "logit");
    assertAlmostEquals(maps[0].probability, sigmoid(z), 1e-6);
    assertAlmostEquals(scores[1].probability, sigmoid(-z), 1e-6);
    const [first, , others] = Deno.inspect(explanation).split("\n");
    const text = (z: number) => `${z.toFixed(3)} (probability ${sigmoid(z).toFixed(3)})`;
    assert(first!.includes(`dog ${text(z)}`), first);
    assert(others!.includes(`cat ${text(-z)}`), others);
  });
});

Deno.test("gradcam() reads a logit of any shape, and what only hands it on", async (t) => {
  await selectBackend({ backend: "cpu" });
  const ends: Readonly<Record<string, End>> = {
    "a linear activation": apply(tf.layers.activation({ activation: "linear", name: "end" })),
    "dropout": apply(tf.layers.dropout({ rate: 0.5, name: "end" })),
    "[?, 1, 1]": apply(tf.layers.reshape({ targetShape: [1, 1], name: "end" })),
    "[?, 1, 1, 1]": apply(tf.layers.reshape({ targetShape: [1, 1, 1], name: "end" })),
    "flattened": (unit) =>
      apply(tf.layers.flatten({ name: "end" }))(
        apply(tf.layers.reshape({ targetShape: [1, 1, 1], name: "pixel" }))(unit),
      ),
    "[?]": apply(tf.layers.reshape({ targetShape: [], name: "end" })),
  };
  const { z, slope } = byHand(below);
  for (const [name, end] of Object.entries(ends)) {
    await t.step(name, () =>
      withModel(() => unitModel(below, { end }), async (model) => {
        const { maps: [dog, cat], unit } = await explainTensor(model, { classIndex: [0, 1], labels });
        assertEquals([unit, dog!.label, cat!.label], ["logit", "dog", "cat"]);
        assertAlmostEquals(dog!.score, z, 1e-6);
        assertAlmostEquals(cat!.score, -z, 1e-6);
        assertMap(cat!.raw.data, slope.map((value) => -value));
        const regression = await explainTensor(model, {});
        assertEquals([regression.unit, regression.label, regression.maps.length], [
          "regression",
          undefined,
          1,
        ]);
        assertAlmostEquals(regression.score, z, 1e-6);
      }));
  }
});

Deno.test("gradcam() takes the mean logit of a picture of logits, or of a region of it", async (t) => {
  await selectBackend({ backend: "cpu" });
  const build = () => {
    const input = tf.input({ shape: [4, 6, 2], name: "picture" });
    const mask = tf.layers.conv2d({ filters: 1, kernelSize: 1, useBias: false, name: "mask" })
      .apply(keep(2).apply(input));
    const model = tf.model({ inputs: input, outputs: mask as tf.SymbolicTensor });
    setIdentity(model, 2);
    setWeights(model, "mask", [3, -2], [1, 1, 2, 1]);
    return model;
  };
  const logits = channels[0]!.map((value, at) => 3 * value - 2 * channels[1]![at]!);
  const regions = {
    "all of it": [undefined, logits],
    "a box": [{ x: 2, y: 1, width: 2, height: 1 }, [logits[8]!, logits[9]!]],
  } as const;
  for (const [name, [region, inside]] of Object.entries(regions)) {
    await t.step(name, () =>
      withModel(build, async (model) => {
        const { maps } = await explainTensor(model, { classIndex: [0, 1], labels, region });
        for (const { classIndex, score, probability } of maps) {
          const expected = mean([...inside]) * (classIndex === 0 ? 1 : -1);
          assertAlmostEquals(score, expected, 1e-6);
          assertAlmostEquals(probability!, sigmoid(expected), 1e-6);
        }
        maps[0]!.raw.data.forEach((value, at) => assertAlmostEquals(value, -maps[1]!.raw.data[at]!, 1e-7));
      }));
  }
});

Deno.test("gradcam() reads no logit of what has an activation, or no two labels", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const activation of ["tanh", "relu", "hardSigmoid"] as const) {
    await t.step(activation, () =>
      withModel(() => unitModel(above, { activation }), async (model) => {
        const { unit, maps, scores, warnings } = await explainTensor(model, { labels });
        assertEquals([unit, maps[0]!.probability, scores.length], ["regression", undefined, 1]);
        assertEquals(warnings, ["There are 2 labels for 1 classes: names may be wrong"]);
        await assertRejects(
          () => explainTensor(model, { label: "dog", labels }),
          RangeError,
          "Cannot explain class 1 (dog): the model has classes 0 to 0, for it gives one number",
        );
      }));
  }
  await withModel(() => unitModel(below), async (model) => {
    const { z } = byHand(below);
    await t.step("one label is a regression's", async () => {
      const explanation = await explainTensor(model, { labels: ["age"], label: "age" });
      assertEquals([explanation.unit, explanation.label, explanation.warnings], ["regression", "age", []]);
      assertAlmostEquals(explanation.score, z, 1e-6);
      assertEquals(explanation.maps[0]!.probability, undefined);
      await assertRejects(
        () => explainTensor(model, { labels: ["age"], label: "dog" }),
        ClassNotFoundError,
        'Cannot find class "dog": the nearest are age',
      );
    });
    await t.step("none", async () => {
      const explanation = await explainTensor(model, {});
      assert(Deno.inspect(explanation).includes(`Explanation: regression ${z.toFixed(3)}`));
      await assertRejects(
        () => explainTensor(model, { label: "dog" }),
        ClassNotFoundError,
        'Cannot find class "dog": the model gives one number without a label, as a regression does: leave',
      );
    });
    await t.step("three", async () => {
      await assertRejects(
        () => explainTensor(model, { labels: ["a", "b", "c"], label: "c" }),
        RangeError,
        "Cannot explain class 2 (c): the model has classes 0 to 0",
      );
    });
  });
});

Deno.test("gradcam() leaves a model's two labels to the output that has two scores", async () => {
  await selectBackend({ backend: "cpu" });
  const build = () => {
    const input = tf.input({ shape: [4, 6, 2], name: "picture" });
    const means = tf.layers.globalAveragePooling2d({}).apply(keep(2).apply(input));
    const age = tf.layers.dense({ units: 1, useBias: false, name: "unit" }).apply(means);
    const kind = tf.layers.dense({ units: 2, activation: "softmax", name: "kind" }).apply(means);
    const model = tf.model({ inputs: input, outputs: [age, kind] as tf.SymbolicTensor[] });
    setIdentity(model, 2);
    setWeights(model, "unit", above, [2, 1]);
    return model;
  };
  await withModel(build, async (model) => {
    const labelled = await loadModel(model, { labels });
    const x = tf.zeros<tf.Rank.R4>([1, 4, 6, 2]);
    assertEquals((await gradcam(labelled, x)).unit, "regression");
    assertEquals((await gradcam(labelled, x, { output: "kind" })).unit, undefined);
    assertEquals((await gradcam(labelled, x, { labels })).unit, "logit", "They were given for this output");
    x.dispose();
  });
});

Deno.test("gradcam() reads a logit of a converted graph, not what a curve gave", async (t) => {
  await selectBackend({ backend: "cpu" });
  const x = tf.fill([1, 4, 6, 1], 0.5) as tf.Tensor4D;
  for (const op of [undefined, "Exp", "Tanh", "Softplus"]) {
    await t.step(op ?? "a product", () =>
      leavingNoTensors(async () => {
        const artifacts = graphOfTwoInputs("DT_FLOAT");
        const { node } = artifacts.modelTopology as { node: unknown[] };
        if (op) node.push({ name: "end", op, input: ["score"], attr: { T: { type: "DT_FLOAT" } } });
        const model = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
        const { unit, maps } = await gradcam(model, x, { labels, inputs: { age: -3 } });
        assertEquals(unit, op ? "regression" : "logit");
        if (!op) {
          assertEquals([maps[0]!.label, maps[0]!.classIndex], ["cat", 1]);
          assertAlmostEquals(maps[0]!.score, 1.5, 1e-6);
          assertAlmostEquals(maps[0]!.probability!, sigmoid(1.5), 1e-6);
        }
        model.dispose();
      }));
  }
  x.dispose();
});

const data = new URL("../../../shared/data/", import.meta.url);

Deno.test({
  name: "gradcam() tells a dog from a cat by a logit that was trained so (../shared/data)",
  ignore: !await exists(new URL("cases/catdog_logit.keras", data)),
  async fn() {
    await selectBackend({ backend: "cpu" });
    await leavingNoTensors(async () => {
      const model = await loadModel(new URL("cases/catdog_logit.keras", data), { labels });
      const dog = await gradcam(model, new URL("photos/tfjs-examples/dog.jpg", data));
      assertEquals([dog.label, dog.classIndex], ["dog", 0]);
      assertAlmostEquals(dog.score, 6.383, 1e-3);
      assertAlmostEquals(dog.maps[0]!.probability!, 0.998, 1e-3);
      const { maps: [cat, other] } = await gradcam(
        model,
        new URL("photos/tfjs-examples/cat.jpg", data),
        { top: 2 },
      );
      assertEquals([cat!.label, other!.label], ["cat", "dog"]);
      assertAlmostEquals(cat!.score, 8.431, 1e-3);
      model.dispose();
    });
  },
});
