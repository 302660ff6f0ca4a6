import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import type { Shape, UnitReading } from "./model.ts";
import {
  activate,
  isBinary,
  readUnit,
  type ScoreReading,
  toScores,
  toUnit,
  type UnitRequest,
} from "./scores.ts";

/** Two classes over 2 × 3 pixels: the first counts up, the second down. */
const picture = [1, 6, 2, 5, 3, 4, 4, 3, 5, 2, 6, 1];

interface Case {
  readonly name: string;
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly reading?: Partial<ScoreReading>;
  readonly activated?: boolean;
  readonly scores: readonly number[];
}

const cases: readonly Case[] = [
  { name: "classes", values: [1, 2, 3], shape: [1, 3], scores: [1, 2, 3] },
  { name: "without a batch", values: [1, 2, 3], shape: [3], scores: [1, 2, 3] },
  { name: "a regression", values: [-7.5], shape: [1, 1], scores: [-7.5] },
  { name: "a sequence: its mean", values: [1, 2, 3, 4, 5, 9], shape: [1, 3, 2], scores: [3, 5] },
  { name: "one pixel", values: [1, 2, 3], shape: [1, 1, 1, 3], scores: [1, 2, 3] },
  { name: "a picture: its mean", values: picture, shape: [1, 2, 3, 2], scores: [3.5, 3.5] },
  {
    name: "a region of a picture", // the last pixel and half as much the one above it
    values: picture,
    shape: [1, 2, 3, 2],
    reading: { region: () => Float32Array.of(0, 0, 1 / 3, 0, 0, 2 / 3) },
    scores: [3 / 3 + 6 * 2 / 3, 4 / 3 + 1 * 2 / 3],
  },
  {
    name: "a unit: it and its opposite",
    values: [0.8],
    shape: [1, 1],
    reading: { binary: true },
    scores: [0.8, 0.2],
  },
  {
    name: "a unit's logit: the sign is turned",
    values: [1.5],
    shape: [1, 1],
    reading: { binary: true },
    activated: false,
    scores: [1.5, -1.5],
  },
  {
    name: "a mask of one unit",
    values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    shape: [1, 2, 3, 1],
    reading: { binary: true, region: () => Float32Array.of(0.5, 0, 0, 0, 0, 0.5) },
    scores: [0.35, 0.65],
  },
];

Deno.test("toScores() reads any output as classes", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const { name, values, shape, reading, activated = true, scores } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const output = tf.tensor([...values], [...shape]);
        const result = tf.tidy(() => toScores(output, { binary: false, ...reading }, activated)); // [1, classes]
        assertEquals(result.shape, [1, scores.length]);
        (await result.data()).forEach((score, index) => assertAlmostEquals(score, scores[index]!, 1e-6));
        assertEquals(output.isDisposed, false);
        tf.dispose([output, result]);
      }));
  }
});

Deno.test("toScores() asks for the region of the picture's own height and width", () => {
  const output = tf.tensor4d(picture, [1, 2, 3, 2]);
  const asked: number[][] = [];
  const region = (height: number, width: number) => {
    asked.push([height, width]);
    return new Float32Array(6).fill(1 / 6);
  };
  tf.tidy(() => toScores(output, { binary: false, region }, true));
  assertEquals(asked, [[2, 3]]);
  output.dispose();
});

Deno.test("toScores() takes no region of what is no picture", async () => {
  await leavingNoTensors(() => {
    const output = tf.tensor2d([1, 2], [1, 2]);
    assertThrows(
      () => tf.tidy(() => toScores(output, { binary: false, region: () => Float32Array.of(1) }, true)),
      RangeError,
      "Cannot take a region of an output [1, 2]: it is no picture of scores",
    );
    output.dispose();
  });
});

Deno.test("readUnit() tells what an output of one unit says", async (t) => {
  const units: Shape[] = [[null, 1], [null], [1], [null, 1, 1], [null, 1, 1, 1], [null, 12, 8, 1], [
    null,
    5,
    1,
  ]];
  const others: Shape[] = [[null, 2], [3], [null, 12, 8, 2], [null, null]];
  const cases: readonly (readonly [Omit<UnitRequest, "shape">, UnitReading | undefined])[] = [
    [{ final: "sigmoid", isLinear: false, twoClasses: false }, "sigmoid"],
    [{ final: "sigmoid", isLinear: false, twoClasses: true }, "sigmoid"],
    [{ final: "softmax", isLinear: false, twoClasses: true }, undefined],
    [{ final: undefined, isLinear: true, twoClasses: true }, "logit"],
    [{ final: undefined, isLinear: true, twoClasses: false }, "regression"],
    [{ final: undefined, isLinear: false, twoClasses: true }, "regression"],
  ];
  for (const [request, reading] of cases) {
    await t.step(JSON.stringify(request), () => {
      for (const shape of units) assertEquals(readUnit({ ...request, shape }), reading, String(shape));
      for (const shape of others) assertEquals(readUnit({ ...request, shape }), undefined, String(shape));
    });
  }
  assertEquals((["sigmoid", "logit", "regression", undefined] as const).map(isBinary), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("toUnit() turns the opposite's gradient", async () => {
  await leavingNoTensors(async () => {
    const weights = tf.tensor2d([1, 0, 0, 1, 2, 5], [3, 2]);
    const unit = tf.tidy(() => toUnit(weights));
    assertEquals([unit.shape, [...await unit.data()]], [[3, 1], [1, -1, -3]]);
    tf.dispose([weights, unit]);
  });
});

Deno.test("activate() makes scores of logits, of both classes of a unit too", async () => {
  await leavingNoTensors(async () => {
    const logits = tf.tensor2d([Math.log(3), -Math.log(3)], [1, 2]);
    for (const [activation, expected] of [["sigmoid", [0.75, 0.25]], ["softmax", [0.9, 0.1]]] as const) {
      const scores = activate(logits, activation);
      (await scores.data()).forEach((score, index) => assertAlmostEquals(score, expected[index]!, 1e-6));
      scores.dispose();
    }
    const same = activate(logits, undefined);
    assertEquals(await same.data(), await logits.data());
    tf.dispose([logits, same]);
  });
});
