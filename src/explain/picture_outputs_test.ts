/** Segmentations, worked out by hand. */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { RegionError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { planInput } from "../input/plan.ts";
import type { Region } from "./region.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import {
  assertMap,
  channels,
  explainTensor,
  inputTensor,
  keep,
  mean,
  setIdentity,
  setWeights,
  sigmoid,
  withModel,
} from "../testing/by_hand.ts";

/** What a pixel of class `c` weighs of the two channels. */
const pixelWeights = [[3, -2], [4, 5]] as const;

/** A segmentation: the kept channels averaged over 2 × 2 pixels, and a sigmoid for each of two classes. */
function segmentation(end: "picture" | "sequence" = "picture"): tf.LayersModel {
  const input = tf.input({ shape: [4, 6, 2], name: "picture" });
  const kept = keep(2).apply(input);
  const pooled = tf.layers.averagePooling2d({ poolSize: 2, name: "pool" }).apply(kept);
  let output = tf.layers.conv2d({
    filters: 2,
    kernelSize: 1,
    useBias: false,
    activation: "sigmoid",
    name: "mask",
  }).apply(pooled);
  if (end === "sequence") output = tf.layers.reshape({ targetShape: [6, 2] }).apply(output);
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  setIdentity(model, 2);
  setWeights(model, "mask", pixelWeights.flat(), [1, 1, 2, 2]);
  return model;
}

/** The six cells' scores of a class: 2 × 2 means through the weights and the sigmoid. */
function cellScores(classIndex: number): number[] {
  return Array.from({ length: 6 }, (_, cell) => {
    const [row, column] = [Math.floor(cell / 3) * 2, cell % 3 * 2];
    const at = [0, 1, 6, 7].map((offset) => row * 6 + column + offset);
    return sigmoid(channels.reduce(
      (sum, channel, k) => sum + mean(at.map((pixel) => channel[pixel]!)) * pixelWeights[k]![classIndex]!,
      0,
    ));
  });
}

Deno.test("gradcam() explains the mean score of a segmentation, all over or in a region", async (t) => {
  await selectBackend({ backend: "cpu" });
  const all = new Array(6).fill(1 / 6);
  const cases: readonly { name: string; region?: Region; weights: readonly number[] }[] = [
    { name: "all of it", weights: all },
    { name: "a box", region: { x: 2, y: 0, width: 2, height: 4 }, weights: [0, 0.5, 0, 0, 0.5, 0] },
    {
      name: "a box over parts of cells",
      region: { x: 1, y: 0, width: 3, height: 2 },
      weights: [1 / 3, 2 / 3, 0, 0, 0, 0],
    },
    {
      name: "a mask",
      region: { data: [0, 0, 1, 0, 0, 3], height: 2, width: 3 },
      weights: [0, 0, 0.25, 0, 0, 0.75],
    },
    {
      name: "a mask of all",
      region: { data: new Uint8Array(24).fill(255), height: 4, width: 6 },
      weights: all,
    },
  ];
  await withModel(() => segmentation(), async (model) => {
    for (const { name, region, weights } of cases) {
      for (const classIndex of [0, 1]) {
        await t.step(`${name}, class ${classIndex}`, async () => {
          // ∂score/∂Aₖ is w·s(1 − s)·Wₖ/4 in each of a cell's four pixels: its mean over 24 is Σ w·s(1 − s)·Wₖ/24.
          const cells = cellScores(classIndex);
          const slope = cells.reduce((sum, s, cell) => sum + weights[cell]! * s * (1 - s), 0) / 24;
          const raw = channels[0]!.map((value, at) =>
            slope * (value * pixelWeights[0][classIndex]! + channels[1]![at]! * pixelWeights[1][classIndex]!)
          );
          const { maps: [map], warnings } = await explainTensor(model, { classIndex, region });
          assertAlmostEquals(map!.score, cells.reduce((sum, s, cell) => sum + weights[cell]! * s, 0), 1e-6);
          assertMap(map!.raw.data, raw, 1e-7);
          assertEquals(warnings, []);
        });
      }
    }
    await t.step("the default layer is the picture of scores itself, which is said", async () => {
      const x = inputTensor();
      const { layer, output, warnings, maps: [map] } = await gradcam(model, x, { classIndex: 1 });
      x.dispose();
      assertEquals([layer, output, warnings.length], ["mask", "mask", 1]);
      assertMap(map!.raw.data, cellScores(1).map((score) => score / 6));
    });
    await t.step("a region that is not there", async () => {
      await leavingNoTensors(async () => {
        const region = { x: 6, y: 0, width: 2, height: 2 };
        await assertRejects(() => explainTensor(model, { region }), RegionError, "covers nothing");
      });
    });
  });
});

Deno.test("gradcam() places a region on the photo, however the model sees it", async (t) => {
  await selectBackend({ backend: "cpu" });
  const photo: RgbaImage = {
    data: Uint8ClampedArray.from({ length: 8 * 4 * 4 }, (_, at) => at % 4 === 3 ? 255 : at * 37 % 256),
    height: 8,
    width: 4,
  };
  function build(): tf.LayersModel {
    const input = tf.input({ shape: [4, 6, 1], name: "picture" });
    const kept = keep(1).apply(input);
    const pooled = tf.layers.averagePooling2d({ poolSize: 2 }).apply(kept);
    const output = tf.layers.conv2d({ filters: 1, kernelSize: 1, activation: "tanh", name: "mask" }).apply(
      pooled,
    );
    return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  }
  // 8 × 4 into 4 × 6: letterboxed it fills columns 2 … 4; cropped, rows 2.67 … 5.33 fill all.
  const cases = [
    {
      fit: "squash",
      region: { x: 2, y: 4, width: 2, height: 4 },
      onInput: { x: 3, y: 2, width: 3, height: 2 },
    },
    {
      fit: "letterbox",
      region: { x: 0, y: 0, width: 4, height: 4 },
      onInput: { x: 2, y: 0, width: 2, height: 2 },
    },
    {
      fit: "crop",
      region: { x: 0, y: 0, width: 4, height: 4 },
      onInput: { x: 0, y: 0, width: 6, height: 2 },
    },
  ] as const;
  await withModel(build, async (model) => {
    for (const { fit, region, onInput } of cases) {
      await t.step(fit, async () => {
        const options: GradcamOptions = { layer: "keep", preprocess: "unit" };
        const seen = await gradcam(model, photo, { ...options, fit, region });
        const adopted = await loadModel(model);
        const input = await planInput(photo, { input: adopted.inputs[0]!, evidence: [] }, {
          preprocess: "unit",
          fit,
        })();
        const x = input.toTensor();
        const given = await gradcam(model, x, { ...options, region: onInput });
        x.dispose();
        assertAlmostEquals(seen.score, given.score, 1e-6);
        assertMap(seen.maps[0]!.raw.data, [...given.maps[0]!.raw.data]);
      });
    }
  });
});

Deno.test("gradcam() explains the mean score of a sequence", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => segmentation("sequence"), async (model) => {
    const { scores } = await explainTensor(model, { classIndex: 0 });
    assertEquals(scores.length, 2);
    for (const { classIndex, score } of scores) assertAlmostEquals(score, mean(cellScores(classIndex)), 1e-6);
  });
});
