import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { fullgradMethod } from "./fullgrad.ts";
import { inputXGradientMethod } from "./input_x_gradient.ts";
import { integratedGradientsMethod } from "./integrated_gradients.ts";
import type { NamedMethod } from "./method.ts";
import { refinecamMethod } from "./refinecam.ts";
import { saliencyMethod } from "./saliency.ts";
import type { MethodSettings } from "./settings.ts";
import { smoothgradMethod } from "./smoothgrad.ts";
import { smoothgradSquaredMethod } from "./smoothgrad_squared.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";
import { vargradMethod } from "./vargrad.ts";

/** A photo 2 high and 3 wide with two channels. */
const photo = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60];
/** ∂y/∂x, with both signs. */
const slopes = [1, -2, 3, 0, -5, 4, 0, 0, 0.5, -1, -1, -0.5];

function pairs<T>(each: (x: number, g: number, x2: number, g2: number) => T): T[] {
  return Array.from(
    { length: 6 },
    (_, at) => each(photo[2 * at]!, slopes[2 * at]!, photo[2 * at + 1]!, slopes[2 * at + 1]!),
  );
}

/** Use a method on the photo, where the target's value is Σ slopes · x, or a given function. */
async function mapOf(
  method: NamedMethod<string>,
  { settings, value, baseline = 0 }: {
    settings?: MethodSettings;
    value?: (batch: tf.Tensor) => tf.Tensor;
    baseline?: number;
  } = {},
) {
  await selectBackend({ backend: "cpu" });
  return await leavingNoTensors(async () => {
    const activation = tf.tensor4d(photo, [1, 2, 3, 2]);
    const gradient = tf.tensor4d(slopes, [1, 2, 3, 2]);
    const black = tf.fill([1, 2, 3, 2], baseline) as tf.Tensor4D;
    const valueOf = value ?? ((batch: tf.Tensor) => batch.mul(gradient).sum([1, 2, 3]));
    const picture = givenPlace({ activation, value: valueOf });
    const [y] = tf.tidy(() => valueOf(activation).dataSync());
    const probe = givenProbe({ picture, settings, baselines: { black }, value: y });
    const { map, details, warnings } = await method.map(
      Object.create(probe, { settings: { value: { ...method.settings, ...settings } } }),
    );
    const raw = tf.tidy(() => map.rank === 3 ? map.sum(-1) : map.clone());
    assertEquals(raw.shape, [2, 3]);
    const data = [...await raw.data()];
    tf.dispose([map, raw]);
    picture.dispose();
    tf.dispose([activation, gradient, black]);
    return { data, details, warnings };
  });
}

function assertClose(found: readonly number[], expected: readonly number[], tolerance = 1e-5) {
  found.forEach((value, at) => assertAlmostEquals(value, expected[at]!, tolerance, `${found}`));
}

Deno.test("saliencyMethod takes the largest magnitude of the channels, or AUCMEDI's largest", async () => {
  assertEquals((await mapOf(saliencyMethod)).data, [2, 3, 5, 0, 1, 1]);
  const signed = await mapOf(saliencyMethod, { settings: { variant: "aucmedi" } });
  assertEquals(signed.data, [1, 3, 4, 0, 0.5, -0.5]);
});

Deno.test("inputXGradientMethod sums x · ∂y/∂x over the channels", async () => {
  assertEquals((await mapOf(inputXGradientMethod)).data, pairs((x, g, x2, g2) => x * g + x2 * g2));
});

Deno.test("methods of noisy photos take moments of gradients", async (t) => {
  const square = (batch: tf.Tensor) => batch.square().sum([1, 2, 3]).div(2); // whose gradient is x itself
  await t.step("of a plane there is no variance", async () => {
    const settings = { samples: 3 };
    assertClose((await mapOf(smoothgradMethod, { settings })).data, [2, 3, 5, 0, 1, 1]);
    assertClose(
      (await mapOf(smoothgradSquaredMethod, { settings })).data,
      pairs((_x, g, _x2, g2) => g * g + g2 * g2),
    );
    assertClose((await mapOf(vargradMethod, { settings })).data, [0, 0, 0, 0, 0, 0]);
  });
  await t.step("without noise they are those of the photo", async () => {
    const settings = { samples: 2, noise: 0 };
    assertClose((await mapOf(smoothgradMethod, { settings, value: square })).data, [10, 20, 30, 40, 50, 60]);
    const squared = await mapOf(smoothgradSquaredMethod, { settings, value: square });
    assertClose(squared.data, pairs((x, _g, x2) => x * x + x2 * x2), 1e-3);
  });
  await t.step("the variance is that of the noise", async () => {
    // σ = 0.5 · (60 − 1); two channels of variance σ² each.
    const { data } = await mapOf(vargradMethod, { settings: { samples: 400, noise: 0.5 }, value: square });
    const expected = 2 * (0.5 * 59) ** 2;
    for (const value of data) {
      assert(Math.abs(value / expected - 1) < 0.25, `${value} is not about ${expected}`);
    }
    const { data: again } = await mapOf(vargradMethod, {
      settings: { samples: 400, noise: 0.5 },
      value: square,
    });
    assertEquals(again, data);
  });
});

Deno.test("integratedGradientsMethod sums up to the difference of the scores", async (t) => {
  await t.step("of a square, whose gradient is a line, with two steps", async () => {
    const value = (batch: tf.Tensor) => batch.square().sum([1, 2, 3]);
    const { data, details, warnings } = await mapOf(integratedGradientsMethod, {
      settings: { steps: 2 },
      value,
      baseline: -2,
    });
    assertClose(data, pairs((x, _g, x2) => x * x - 4 + x2 * x2 - 4), 1e-3);
    assert(details!.completenessError! < 1e-6);
    assertEquals(warnings, []);
  });
  await t.step("of a cube one step misses a quarter: (x − 0) · 3 · (x / 2)² = ¾ x³", async () => {
    const value = (batch: tf.Tensor) => batch.mul(batch).mul(batch).sum([1, 2, 3]);
    const { data, details, warnings } = await mapOf(integratedGradientsMethod, {
      settings: { steps: 1 },
      value,
    });
    data.forEach((found, at) => {
      const [x, x2] = [photo[2 * at]!, photo[2 * at + 1]!];
      assertAlmostEquals(found / (0.75 * (x ** 3 + x2 ** 3)), 1, 1e-5);
    });
    assertAlmostEquals(details!.completenessError!, 0.25, 1e-5);
    assertEquals(warnings, ["Integrated gradients with 1 steps miss the difference of the scores by 25 %"]);
  });
  await t.step("AUCMEDI's trapezium and largest channel: (x − 0) · 3x² / 2 with one step", async () => {
    const value = (batch: tf.Tensor) => batch.mul(batch).mul(batch).sum([1, 2, 3]);
    const settings = { steps: 1, variant: "aucmedi" } as const;
    const { data } = await mapOf(integratedGradientsMethod, { settings, value, baseline: 7 });
    data.forEach((found, at) => assertAlmostEquals(found / (1.5 * photo[2 * at + 1]! ** 3), 1, 1e-5));
  });
});

Deno.test("fullgradMethod sums scaled parts of the input and of biases", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    // y = Σ slopes · x + what biases add: x · g = 2, −6 and 3, −3 in two channels of a photo 1 high and 2 wide.
    const activation = tf.tensor4d([1, 3, 2, 1], [1, 1, 2, 2]);
    const gradient = tf.tensor4d([2, 1, -3, -3], [1, 1, 2, 2]);
    const biasParts = [
      tf.tensor4d([1, 4, -2, 8], [1, 1, 2, 2]), // magnitudes 1, 2 and 4, 8: each 0, 1
      tf.tensor2d([[5, -1]]), // of a dense layer, which has no place in the picture
    ];
    const picture = givenPlace({
      activation,
      value: (batch) => batch.mul(gradient).sum().add(11 + 4),
      biasParts,
    });
    const probe = givenProbe({ picture });
    // |x · g| = 2, 6 and 3, 3: scaled 0, 1 and 0, 0.
    const { shape, data } = await rawMapOf(fullgradMethod, probe);
    assertEquals(shape, [1, 2]);
    assertClose(data, [0, 1 + 1 + 1], 1e-5);
    const { map, details, warnings } = await fullgradMethod.map(probe);
    map.dispose();
    assertAlmostEquals(details!.completenessError!, 0, 1e-6);
    assertEquals(warnings, []);
    picture.dispose();
    tf.dispose([activation, gradient, ...biasParts]);
  });
});

Deno.test("refinecamMethod multiplies scaled maps of Grad-CAM++", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    // One channel, g = 1 everywhere: the weight is positive, and the maps are A, scaled.
    const places = ([[[1, 5]], [[0, 1, 2, 4], [4, 3, 2, 0]]] as number[][][]).map((rows, at) => {
      const activation = tf.tensor4d(rows.flat(), [1, rows.length, rows[0]!.length, 1]);
      return { ...givenPlace({ activation, gradient: tf.onesLike(activation) }), path: `layer ${at}` };
    });
    const picture = givenPlace({ activation: tf.zeros([1, 2, 4, 3]) });
    const probe = givenProbe({ layer: places[0]!, picture, others: { "layer 1": places[1]! } });
    const { shape, data } = await rawMapOf(refinecamMethod, probe);
    assertEquals(shape, [2, 4]);
    // Enlarged 1, 2, 4, 5: scaled 0, ¼, ¾, 1; times a quarter of the finer one.
    assertClose(data, [0, 1 / 16, 6 / 16, 1, 0, 3 / 16, 6 / 16, 0]);
    for (const place of [...places, picture]) {
      place.dispose();
      (await place.activation()).dispose();
    }
    for (const place of places) (await place.gradient()).dispose();
  });
});
