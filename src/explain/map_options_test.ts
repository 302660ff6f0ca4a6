/** How maps are scaled, smoothed, turned round and fused, from option to result. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import type { MapScale } from "../base/scaling.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { type MethodName, methods } from "../methods/mod.ts";
import type { Explanation } from "./explanation.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import type { MapProgress } from "./progress.ts";

/** Two channels of a picture 4 high and 6 wide. */
const picture = Array.from({ length: 4 * 6 * 2 }, (_, at) => (at * 7 % 11 - 4) / 4);

/** A layer that keeps its two channels, 4 × 6; one of means of 2 × 2 places each, 2 × 3; three classes. */
function buildModel(dense: number[][] = [[6, -6, 1], [-12, 3, -4]]): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [4, 6, 2], filters: 2, kernelSize: 1, useBias: false, name: "fine" }),
      tf.layers.averagePooling2d({ poolSize: 2, name: "coarse" }),
      tf.layers.globalAveragePooling2d({ name: "means" }),
      tf.layers.dense({ units: 3, useBias: false, name: "scores" }),
    ],
  });
  const weights = [tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]), tf.tensor2d(dense)];
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

async function explain(options: GradcamOptions): Promise<Explanation> {
  await selectBackend({ backend: "cpu" });
  return await leavingNoTensors(async () => {
    const model = buildModel();
    const x = tf.tensor3d(picture, [4, 6, 2]);
    try {
      return await gradcam(model, x, { classIndex: 0, ...options });
    } finally {
      tf.dispose(x);
      model.dispose();
    }
  });
}

const channel = (at: number) => Array.from({ length: 24 }, (_, place) => picture[place * 2 + at]!);

function assertNear(found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  assertEquals(found.length, expected.length);
  expected.forEach((value, at) => assertAlmostEquals(found[at]!, value, tolerance));
}

Deno.test("gradcam() scales maps as its options say, else as their signs ask for", async (t) => {
  const cases: readonly (readonly [options: GradcamOptions, scale: MapScale, relu: boolean])[] = [
    [{}, "range", false],
    [{ relu: true }, "range", true],
    [{ scale: "symmetric" }, "symmetric", false],
    [{ scale: "maximum" }, "maximum", true],
    [{ method: "hirescam" }, "symmetric", false],
    [{ method: "hirescam", scale: "range" }, "range", false],
    [{ method: "hirescam", relu: true }, "range", true],
    [{ method: "xgradcam" }, "range", true],
    [{ method: "xgradcam", relu: false }, "symmetric", false],
    [{ method: "gradcamelementwise", relu: false }, "range", false], // has no negative values
    [{ method: "eigencam" }, "symmetric", false],
  ];
  for (const [options, scale, relu] of cases) {
    await t.step(JSON.stringify(options), async () => {
      const explanation = await explain({ layer: "fine", ...options });
      const { maps: [map], relu: all } = explanation;
      assertEquals([map!.scale, map!.relu, all], [scale, relu, relu]);
      const raw = [...map!.raw.data].map((value) => relu ? Math.max(value, 0) : value);
      const [least, most] = [Math.min(...raw), Math.max(...raw)];
      const expected = {
        range: (value: number) => (value - least) / (most - least),
        maximum: (value: number) => value / most,
        symmetric: (value: number) => 0.5 + value / (2 * Math.max(most, -least)),
      }[scale];
      assertNear(map!.heatmap.data, raw.map(expected));
      const [plain] = JSON.parse(JSON.stringify(explanation)).maps;
      assertEquals(plain.scale, scale);
    });
  }
});

Deno.test("gradcam() explains the negative of a target as a counterfactual", async (t) => {
  for (const method of ["gradcam", "hirescam", "eigengradcam", "shapleycam"] as const) {
    await t.step(method, async () => {
      const options = { method, labels: ["oak", "ash", "elm"], layer: "fine" };
      const [plain, against] = [await explain(options), await explain({ ...options, counterfactual: true })];
      assertNear(against.maps[0]!.raw.data, [...plain.maps[0]!.raw.data].map((value) => -value), 1e-5);
      assertEquals([plain.maps[0]!.target, against.maps[0]!.target], [undefined, "against oak"]);
      assertEquals(against.score, plain.score);
      assertEquals(against.warnings, plain.warnings);
    });
  }
  await t.step("by number where there are no names", async () => {
    assertEquals((await explain({ counterfactual: true })).maps[0]!.target, "against class 0");
  });
  await t.step("a warning where no score is asked for", async () => {
    const { warnings } = await explain({ method: ["eigencam", "gradcam"], counterfactual: true });
    assertEquals(warnings, [
      "The map of Eigen-CAM is the same as without counterfactual: it asks for no score",
    ]);
  });
});

Deno.test("gradcam() smooths maps by the first principal component of their parts", async (t) => {
  await t.step("of two channels, by the axes of an ellipse", async () => {
    const { maps: [map], warnings } = await explain({ layer: "fine", smooth: "principal" });
    assertEquals(warnings, []);
    // The parts are 6 / 24 and −12 / 24 times the channels, less their means.
    const parts = [0.25, -0.5].map((weight, at) => {
      const values = channel(at).map((value) => weight * value);
      const mean = values.reduce((sum, value) => sum + value, 0) / 24;
      return values.map((value) => value - mean);
    });
    const product = (a: number, b: number) =>
      parts[a]!.reduce((sum, value, at) => sum + value * parts[b]![at]!, 0);
    const angle = Math.atan2(2 * product(0, 1), product(0, 0) - product(1, 1)) / 2;
    const component = parts[0]!.map((value, at) =>
      Math.cos(angle) * value + Math.sin(angle) * parts[1]![at]!
    );
    const along = component.reduce((sum, value, at) => sum + value * (parts[0]![at]! + parts[1]![at]!), 0);
    assertNear(map!.raw.data, component.map((value) => Math.sign(along) * value), 1e-6);
  });
  await t.step("not where there are none, and a warning says so", async () => {
    const options = { layer: "fine", method: "eigencam" } as const;
    const [plain, smooth] = [await explain(options), await explain({ ...options, smooth: "principal" })];
    assertEquals(smooth.maps[0]!.raw, plain.maps[0]!.raw);
    assertEquals(smooth.warnings, ["The map of Eigen-CAM is not smoothed: it has no parts by channel"]);
  });
});

Deno.test("gradcam() fuses the maps of several layers", async (t) => {
  await t.step("as the mean of each layer's own", async () => {
    const method: readonly MethodName[] = ["gradcam", "hirescam"];
    const fused = await explain({ method, layer: ["coarse", "fine"] });
    const [coarse, fine] = [
      await explain({ method, layer: "coarse" }),
      await explain({ method, layer: "fine" }),
    ];
    assertEquals([fused.layer, fused.heatmap.height, fused.heatmap.width], ["coarse + fine", 4, 6]);
    // In the corners both maps are read at their outermost places.
    for (const [at, middle] of [[0, 0], [1, 0.5]] as const) {
      const [one, other] = [coarse.maps[at]!.heatmap.data, fine.maps[at]!.heatmap.data];
      assertAlmostEquals(fused.maps[at]!.raw.data[0]!, (one[0]! + other[0]!) / 2 - middle, 1e-6);
      assertAlmostEquals(fused.maps[at]!.raw.data[23]!, (one[5]! + other[23]!) / 2 - middle, 1e-6);
      assertEquals(fused.maps[at]!.scale, fine.maps[at]!.scale);
    }
    assertEquals(fused.scores, fine.scores);
  });
  await t.step("each layer once", async () => {
    const [one, same] = [await explain({ layer: "fine" }), await explain({ layer: ["fine", "fine"] })];
    assertEquals([same.layer, same.maps[0]!.raw], ["fine", one.maps[0]!.raw]);
  });
  await t.step("and counts the work of each", async () => {
    const told: MapProgress[] = [];
    const onProgress = (progress: MapProgress) => told.push(progress);
    await explain({
      method: ["xgradcam", "shapleycam"],
      layer: ["coarse", "fine"],
      classIndex: [0, 2],
      onProgress,
    });
    assertEquals(told.at(-1), { done: 2 * 2 * (1 + 7), total: 2 * 2 * (1 + 7) });
    assert(told.every(({ done }, at) => at === 0 || done >= told[at - 1]!.done));
  });
});

Deno.test("gradcam() says what is wrong with how maps are to be made", async (t) => {
  const cases: readonly (readonly [options: Record<string, unknown>, message: string])[] = [
    [{ scale: "max" }, 'Unknown scale "max": use one of range, maximum, symmetric'],
    [{ smooth: "principle" }, 'Unknown smoothing "principle": use one of principal'],
    [{ layer: [] }, "Cannot explain at no layer: name at least one"],
    [{ layer: ["fine", 3] }, 'Cannot use layer ["fine", 3]: give the name of a layer, or several'],
    [{ layer: ["fine", "corse"] }, "coarse"],
    [{ scale: 1 }, 'Cannot use scale 1: give "range" or "maximum" or "symmetric"'],
    [{ counterfactual: "yes" }, 'Cannot use counterfactual "yes": give true or false'],
  ];
  for (const [options, message] of cases) {
    await t.step(JSON.stringify(options), async () => {
      await assertRejects(() => explain(options as GradcamOptions), Error, message);
    });
  }
});

Deno.test("every method leaves no tensor where it is stopped at any pause", async () => {
  await selectBackend({ backend: "cpu" });
  const model = buildModel();
  const names = methods.filter(({ at }) => at !== "tokens").map(({ name }) => name);
  await leavingNoTensors(async () => {
    const x = tf.tensor3d(picture, [4, 6, 2]);
    for (let after = 1; after < 12; after++) {
      const stop = new AbortController();
      let told = 0;
      const onProgress = () => ++told === after && stop.abort(new Error("told to"));
      const options = { method: names, layer: ["fine", "coarse"], onProgress, signal: stop.signal };
      await assertRejects(() => gradcam(model, x, options), Error, "told to");
    }
    x.dispose();
  });
  model.dispose();
});
