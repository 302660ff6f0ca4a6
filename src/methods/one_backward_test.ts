/** The methods of one backward pass, and those of none, against numbers worked out by hand. */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { findMethod, type MethodName } from "./mod.ts";
import type { MethodSettings } from "./settings.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";

/** Maps 2 high and 3 wide, channel by channel, as a layer has them. */
function layerOf(channels: readonly (readonly number[])[]): Tensor4D {
  return tf.tidy(() =>
    tf.stack(channels.map((channel) => tf.tensor2d([...channel], [2, 3])), -1).expandDims<Tensor4D>(0)
  );
}

const activation = [[1, 2, 3, 4, 5, 6], [6, -1, 0, 0, 0, 6]];
const gradient = [[1, -1, 2, 0, 0.5, -0.5], [-1, 2, 0, 1, 0.5, 1]];

/** Σₖ wₖ·Aᵏ. */
function weighted(first: number, second: number, of = activation): number[] {
  return of[0]!.map((value, at) => first * value + second * of[1]![at]!);
}

/** What lies along one direction of the channels alone, beside each channel's mean: its first component is that. */
const u = [1, 0, -1, 2, -1, -1];

function along(parts: readonly number[]): number[][] {
  return parts.map((part, at) => u.map((value) => 10 * at + part * value));
}

interface Case {
  readonly name: string;
  readonly method: MethodName;
  readonly settings?: MethodSettings;
  readonly activation?: readonly (readonly number[])[];
  readonly gradient?: readonly (readonly number[])[];
  /** The target's value, where changed activations are asked for. */
  readonly value?: (batch: Tensor4D) => tf.Tensor;
  readonly expected: readonly number[];
}

/** Σ A³ over all places and channels: its gradient is 3A², and that of it along v is 6A·v. */
const cubes = (batch: Tensor4D) => batch.mul(batch).mul(batch).sum([1, 2, 3]);

const cases: readonly Case[] = [
  { name: "A·g", method: "hirescam", expected: [1 - 6, -2 - 2, 6, 0, 2.5, -3 + 6] },
  { name: "relu(A·g)", method: "gradcamelementwise", expected: [1, 0, 6, 0, 2.5, 6] },
  { name: "relu(g)·A", method: "layercam", expected: [1, -2, 6, 0, 2.5, 6] },
  { name: "Σ(g·A) / ΣA", method: "xgradcam", expected: weighted(4.5 / 21, -2 / 11) },
  {
    name: "Σ relu(g)·g² / (2g² + ΣA·g³)",
    method: "gradcam++",
    // g = 1: 1 / (2 + 21); g = 2: 8 / (8 + 21·8); g = 0.5: 0.125 / (0.5 + 21·0.125); and with ΣA = 11 likewise.
    expected: weighted(1 / 23 + 1 / 22 + 1 / 25, 1 / 12 + 2 / 13 + 1 / 15),
  },
  {
    name: "a denominator of 0",
    method: "gradcam++",
    activation: [[-1, -1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]],
    gradient: [[1, 0.5, 0, 0, 0, 0], [-3, 0, 0, 0, 0, 0]],
    expected: [-0.5, -0.5, 0, 0, 0, 0], // g = 1: 2 + −2·1 is 0; g = 0.5: 0.5 / (2 − 1)
  },
  {
    name: "gradients whose squares underflow",
    method: "gradcam++",
    gradient: [[0, 0, 2e-30, 0, 0, 0], [0, 0, 0, 0, 0, 0]],
    expected: activation[0]!.map((value) => value * 1e-30),
  },
  {
    name: "H·1 / (2·H·1 + T·1·1·ΣA), by its sum",
    method: "gradcam++",
    settings: { variant: "aucmedi" },
    activation: [[1, 1, 1, 1, 1, 3], [0, 0, 0, 0, 0, 2]],
    value: cubes,
    // Σ A³: α = 6A / (12A + 6ΣA) = A / (2A + ΣA); 5 times 1 / 10 and 3 / 14, and 2 / 6 alone; g = 3A².
    expected: weighted(
      (5 * 3 * 0.1 + 27 * 3 / 14) / (0.5 + 3 / 14),
      12,
      [[1, 1, 1, 1, 1, 3], [0, 0, 0, 0, 0, 2]],
    ),
  },
  {
    name: "AUCMEDI's of a linear score",
    method: "gradcam++",
    settings: { variant: "aucmedi" },
    value: (batch) => batch.mul(2).sum([1, 2, 3]),
    expected: [0, 0, 0, 0, 0, 0],
  },
  {
    name: "g − ½·H·A",
    method: "shapleycam",
    // Σ (5A + A²) over the first channel's places and A⁴ / 8 over the second's.
    value: (batch) => {
      const [one, other] = tf.split(batch, 2, -1) as [tf.Tensor, tf.Tensor];
      return one.mul(5).add(one.mul(one)).add(other.mul(other).mul(other).mul(other).div(8)).sum([1, 2, 3]);
    },
    // 5 + 2A − ½·2A, of mean 5 + 3.5; A³ / 2 − ½·3A³ / 2 = −A³ / 4, of mean −(216 − 1 + 216) / 24.
    expected: weighted(8.5, -431 / 24),
  },
  {
    name: "the share of places above two deviations",
    method: "fem",
    activation: [[1, 2, 3, 4, 5, 6], [-1, -1, -1, -1, -1, 5]], // 5 is √5 deviations above 0, and 6 but 1.5 above 3.5
    expected: [-1, -1, -1, -1, -1, 5].map((value) => value / 6),
  },
  {
    name: "one direction, of few channels",
    method: "eigencam",
    activation: along([3, -4]),
    expected: u.map((value) => -5 * value),
  },
  {
    name: "one direction, of more channels than places",
    method: "eigencam",
    activation: along([1, 1, -1, 2, 0, -1, 2, 2]),
    expected: u.map((value) => 4 * value),
  },
  {
    name: "the larger of two directions",
    method: "eigencam",
    activation: [[2, -2, 0, 0, 7, -7], [0, 0, 1, -1, 0, 0]],
    expected: [2, -2, 0, 0, 7, -7],
  },
  {
    name: "a sum at right angles to it",
    method: "eigencam",
    activation: [[3, 1, -1, 1, 1, 1], [-1, 1, 3, 1, 1, 1]],
    expected: [2, 0, -2, 0, 0, 0].map((value) => Math.SQRT2 * value),
  },
  {
    name: "the same everywhere",
    method: "eigencam",
    activation: [[2, 2, 2, 2, 2, 2]],
    expected: [0, 0, 0, 0, 0, 0],
  },
  {
    name: "one direction of A·g",
    method: "eigengradcam",
    activation: along([1, 1]),
    gradient: [[-3, -3, -3, -3, -3, -3], [4, 4, 4, 4, 4, 4]],
    expected: u.map((value) => 5 * value),
  },
  {
    name: "two groups of places",
    method: "kpcacam",
    activation: [[2, 2, 2, 5, 5, 5], [1, 1, 1, 1, 1, 1]],
    // The kernel within a group is 1, between them e = exp(−9 / 2); centred ±(1 − e) / 2, whose eigenvalue is 6 times that.
    expected: [-1, -1, -1, 1, 1, 1].map((value) => value * Math.sqrt((1 - Math.exp(-4.5)) / 2)),
  },
];

Deno.test("methods give the raw maps that follow by hand", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const { name, method, settings, value, expected, ...given } of cases) {
    await t.step(`${method}: ${name}`, () =>
      leavingNoTensors(async () => {
        const whole = layerOf(given.activation ?? activation);
        const back = value ? undefined : layerOf(given.gradient ?? gradient);
        const layer = givenPlace({ activation: whole, gradient: back, value });
        const map = await rawMapOf(findMethod(method), givenProbe({ layer, settings: settings ?? {} }));
        layer.dispose();
        tf.dispose([whole, back ?? []]);
        assertEquals(map.shape, [2, 3]);
        const scale = Math.max(...expected.map(Math.abs)) || 1;
        map.data.forEach((found, at) =>
          assertAlmostEquals(found / scale, expected[at]! / scale, 3e-5, `${map.data}`)
        );
      }));
  }
});

Deno.test("kpcacam refuses layers whose places are too many", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const whole = tf.zeros([1, 65, 64, 1]) as Tensor4D;
    const error = await rawMapOf(
      findMethod("kpcacam"),
      givenProbe({ layer: givenPlace({ activation: whole }) }),
    )
      .then(() => undefined, (error) => error);
    whole.dispose();
    assertEquals(
      [error?.name, error?.message],
      [
        "RangeError",
        "Cannot compare 4160 places of a layer with each other: choose a later layer, of 4096 at most",
      ],
    );
  });
});
