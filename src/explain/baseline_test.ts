import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { preprocessings } from "../input/preprocess.ts";
import { largestDifference, leavingNoTensors } from "../testing/mod.ts";
import type { Baseline } from "../methods/settings.ts";
import { makeBaseline, type Seen } from "./baseline.ts";

/** A baseline's numbers, and its type. */
async function numbersOf(kind: Baseline, seen: Seen): Promise<[string, number[]]> {
  const baseline = makeBaseline(kind, seen);
  assertEquals(baseline.shape, seen.x.shape);
  const data = [...await baseline.data()];
  baseline.dispose();
  return [baseline.dtype, data];
}

Deno.test("makeBaseline", async (t) => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const x = tf.tensor4d([[[[-1, 0, 1], [0, 0.5, 1]]]]); // [1, 1, 2, 3]
    const given = { x, preprocessing: undefined };
    const photo = { x, preprocessing: preprocessings.caffe };
    await t.step("gives black and white as the model sees them", async () => {
      const mean = [103.939, 116.779, 123.68];
      const [, black] = await numbersOf("black", photo);
      assertEquals(largestDifference(black, [...mean, ...mean].map((value) => -value)) < 1e-4, true);
      const [, white] = await numbersOf("white", photo);
      assertEquals(largestDifference(white, [...mean, ...mean].map((value) => 255 - value)) < 1e-4, true);
    });
    await t.step("takes a tensor's own smallest and largest number", async () => {
      assertEquals(await numbersOf("black", given), ["float32", Array(6).fill(-1)]);
      assertEquals(await numbersOf("white", given), ["float32", Array(6).fill(1)]);
    });
    await t.step("leaves opacity whole", async () => {
      const rgba = tf.ones<tf.Rank.R4>([1, 1, 1, 4]);
      assertEquals(await numbersOf("black", { x: rgba, preprocessing: preprocessings.unit }), [
        "float32",
        [0, 0, 0, 1],
      ]);
      rgba.dispose();
    });
    await t.step("takes the mean of each channel", async () => {
      assertEquals(await numbersOf("mean", given), ["float32", [-0.5, 0.25, 1, -0.5, 0.25, 1]]);
    });
    await t.step("keeps whole numbers whole", async () => {
      const whole = tf.tensor4d([[[[1], [4]]]], [1, 1, 2, 1], "int32");
      const [dtype, data] = await numbersOf("mean", { x: whole, preprocessing: preprocessings.none });
      assertEquals([dtype, data.every(Number.isInteger)], ["int32", true]);
      whole.dispose();
    });
    await t.step("blurs down and across alike, and leaves plain photos as they are", async () => {
      // Two rows of one column: the deviation is 2 / 20, at which a neighbour counts e⁻⁵⁰.
      const sharp = tf.tensor4d([[[[1]], [[3]]]]); // [1, 2, 1, 1]
      const [, same] = await numbersOf("blur", { x: sharp, preprocessing: undefined });
      assertEquals(largestDifference(same, [1, 3]) < 1e-6, true);
      const side = 40; // the deviation is 2
      const spike = tf.tidy(() =>
        tf.oneHot(tf.tensor1d([20], "int32"), side).toFloat().reshape([1, 1, side, 1])
      );
      const column = spike.reshape([1, side, 1, 1]);
      const [, across] = await numbersOf("blur", { x: spike as tf.Tensor4D, preprocessing: undefined });
      const [, down] = await numbersOf("blur", { x: column as tf.Tensor4D, preprocessing: undefined });
      assertEquals(largestDifference(down, across) < 1e-6, true);
      const peak = 1 / (2 * Math.sqrt(2 * Math.PI));
      const wanted = [peak, peak * Math.exp(-0.5)]; // in the middle, and one deviation from it
      assertEquals(largestDifference([across[20]!, across[22]!], wanted) < 1e-4, true);
      tf.dispose([sharp, spike, column]);
    });
    x.dispose();
  });
});
