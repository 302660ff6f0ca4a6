/**
 * Networks that can be worked out by hand, for the tests of what goes in and comes out. They are not published.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { leavingNoTensors } from "./mod.ts";

/** Two channels of a picture 4 high and 6 wide. */
export const channels = [
  Array.from({ length: 24 }, (_, at) => Math.sin(at * 1.7) / 2),
  Array.from({ length: 24 }, (_, at) => Math.cos(at * 0.9) / 3),
];

export function inputTensor(): tf.Tensor3D {
  return tf.tidy(() => tf.stack(channels.map((channel) => tf.tensor2d(channel, [4, 6])), -1) as tf.Tensor3D);
}

export const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A 1 × 1 convolution that keeps its channels with {@linkcode setIdentity}'s weights: its activation is the input. */
export function keep(count: number, name = "keep") {
  return tf.layers.conv2d({ filters: count, kernelSize: 1, useBias: false, name, kernelInitializer: "ones" });
}

/** The weights of {@linkcode keep}. */
export function setIdentity(model: tf.LayersModel, count: number): void {
  const values = Array.from({ length: count * count }, (_, at) => at % (count + 1) === 0 ? 1 : 0);
  setWeights(model, "keep", values, [1, 1, count, count]);
}

/** Give a layer weights, without leaving them behind. */
export function setWeights(
  model: tf.LayersModel,
  layer: string,
  values: readonly number[],
  shape: number[],
): void {
  tf.tidy(() => model.getLayer(layer).setWeights([tf.tensor([...values], shape)]));
}

/** Build and use a model; nothing may be left over. */
export async function withModel(
  build: () => tf.LayersModel,
  use: (model: tf.LayersModel) => Promise<void>,
): Promise<void> {
  await leavingNoTensors(async () => {
    const model = build();
    try {
      await leavingNoTensors(() => use(model));
    } finally {
      model.dispose();
    }
  });
}

export async function explainTensor(model: tf.LayersModel, options: GradcamOptions) {
  const x = inputTensor();
  try {
    return await gradcam(model, x, { layer: "keep", ...options });
  } finally {
    x.dispose();
  }
}

export function assertMap(raw: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  assertEquals(raw.length, expected.length);
  expected.forEach((value, at) => assertAlmostEquals(raw[at]!, value, tolerance));
}
