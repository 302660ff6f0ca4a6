/** One sigmoid unit and regressions, worked out by hand. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "./gradcam.ts";
import { normalize } from "../base/heatmap.ts";
import { leavingNoTensors, readFloats, testdata, testedBackends, tryBackend } from "../testing/mod.ts";
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

/** The kept channels' means, and one unit upon them. */
function unitModel(dense: readonly [number, number], activation: "sigmoid" | "linear"): tf.LayersModel {
  const input = tf.input({ shape: [4, 6, 2], name: "picture" });
  const kept = keep(2).apply(input);
  const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(kept);
  const unit = tf.layers.dense({ units: 1, useBias: false, activation, name: "unit" }).apply(means);
  const model = tf.model({ inputs: input, outputs: unit as tf.SymbolicTensor });
  setIdentity(model, 2);
  setWeights(model, "unit", dense, [2, 1]);
  return model;
}

Deno.test("gradcam() explains both classes of one sigmoid unit", async (t) => {
  // z = Σₖ mean(Aₖ)·dₖ, p = σ(z); ∂p/∂Aₖ = p(1 − p)·dₖ/24, ∂z/∂Aₖ = dₖ/24; of the opposite, both turned.
  const cases = [{ name: "likely", dense: [9, 20] }, { name: "unlikely", dense: [-30, -8] }] as const;
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    for (const { name, dense } of cases) {
      await t.step(
        `${name}, ${backend}`,
        () =>
          withModel(() => unitModel(dense, "sigmoid"), async (model) => {
            const z = dense[0] * mean(channels[0]!) + dense[1] * mean(channels[1]!);
            const p = sigmoid(z);
            assert(name === "likely" ? p > 0.55 : p < 0.45);
            const slope = channels[0]!.map((value, at) =>
              (dense[0] * value + dense[1] * channels[1]![at]!) / 24
            );
            for (const score of ["output", "logit"] as const) {
              const factor = score === "output" ? p * (1 - p) : 1;
              const { maps, scores } = await explainTensor(model, { classIndex: [0, 1], score });
              assertAlmostEquals(maps[0]!.score, p, 1e-6);
              assertAlmostEquals(maps[1]!.score, 1 - p, 1e-6);
              assertEquals(scores.map(({ classIndex }) => classIndex), p > 0.5 ? [0, 1] : [1, 0]);
              for (const [index, sign] of [[0, 1], [1, -1]] as const) {
                const raw = slope.map((value) => sign * factor * value);
                assertMap(maps[index]!.raw.data, raw);
                assertMap(maps[index]!.heatmap.data, [...normalize(Float32Array.from(raw), 1e-8)], 1e-4);
              }
              const { maps: [top] } = await explainTensor(model, { score });
              assertEquals(top!.classIndex, p > 0.5 ? 0 : 1, "The likelier one is explained by default");
              assertMap(top!.raw.data, slope.map((value) => (p > 0.5 ? 1 : -1) * factor * value));
            }
          }),
      );
    }
  }
  await selectBackend({ backend: "cpu" });
});

Deno.test("gradcam() names the classes of one sigmoid unit", async (t) => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel([9, 20], "sigmoid"), async (model) => {
    const labels = ["NORMAL", "PNEUMONIA"];
    await t.step("the unit is the second label's, as Keras numbers folders", async () => {
      const { maps: [ill, healthy], warnings } = await explainTensor(model, { classIndex: [0, 1], labels });
      assertEquals([ill!.label, healthy!.label, warnings], ["PNEUMONIA", "NORMAL", []]);
      assert(ill!.score > 0.5);
    });
    await t.step("by name", async () => {
      const { classIndex, label } = await explainTensor(model, { label: "normal", labels });
      assertEquals([classIndex, label], [1, "NORMAL"]);
    });
    await t.step("one label is the unit's own", async () => {
      const { maps } = await explainTensor(model, { top: 2, labels: ["cat"] });
      assertEquals(maps.map(({ label }) => label), ["cat", "not cat"]);
    });
    await t.step("too many labels", async () => {
      const { warnings } = await explainTensor(model, { labels: ["a", "b", "c"] });
      assertEquals(warnings, ["There are 3 labels for 2 classes: names may be wrong"]);
    });
    await t.step("there is no third class", async () => {
      await assertRejects(() => explainTensor(model, { classIndex: 2 }), RangeError, "classes 0 to 1");
    });
  });
});

Deno.test("gradcam() explains the one sigmoid unit of a converted graph likewise", async () => {
  await selectBackend({ backend: "cpu" });
  const folder = new URL("zoo/sigmoid_unit/", testdata);
  const golden = JSON.parse(await Deno.readTextFile(new URL("golden.json", folder)));
  const { raw, score } = golden.maps.find(({ scoreKind }: { scoreKind: string }) => scoreKind === "output");
  await leavingNoTensors(async () => {
    const model = await loadModel(new URL("graph/", folder));
    const x = tf.tensor4d(await readFloats(new URL("input.f32", folder)), golden.inputShape);
    const { maps: [unit, opposite] } = await gradcam(model, x, { classIndex: [0, 1] });
    assertAlmostEquals(unit!.score, score, 1e-6);
    assertAlmostEquals(opposite!.score, 1 - score, 1e-6);
    assertMap(unit!.raw.data, raw);
    assertMap(opposite!.raw.data, raw.map((value: number) => -value));
    const { classIndex } = await gradcam(model, x);
    assertEquals(classIndex, 1, "0.114 for the unit, 0.886 for its opposite");
    tf.dispose([x]);
    model.dispose();
  });
});

Deno.test("gradcam() explains a regression", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel([9, 20], "linear"), async (model) => {
    for (const score of ["output", "logit"] as const) {
      const { maps, scores, warnings } = await explainTensor(model, { score });
      assertEquals([maps.length, scores.length, maps[0]!.classIndex], [1, 1, 0]);
      assertAlmostEquals(maps[0]!.score, 9 * mean(channels[0]!) + 20 * mean(channels[1]!), 1e-6);
      assertMap(
        maps[0]!.raw.data,
        channels[0]!.map((value, at) => (9 * value + 20 * channels[1]![at]!) / 24),
      );
      assertEquals(warnings.length, score === "logit" ? 1 : 0);
    }
    await assertRejects(() => explainTensor(model, { classIndex: 1 }), RangeError, "classes 0 to 0");
  });
});

Deno.test("gradcam() takes no region of classes", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel([9, 20], "sigmoid"), async (model) => {
    await assertRejects(
      () => explainTensor(model, { region: { x: 0, y: 0, width: 2, height: 2 } }),
      RangeError,
      'Cannot take a region of output "unit" [?, 1]: it is no picture of scores',
    );
  });
});
