import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testedBackends,
  tryBackend,
} from "../../src/testing.ts";

/** A convolution whose gradients are taken. Height, width and the filter's sides all differ. */
interface GradientCase {
  readonly depthwise: boolean;
  /** `[height, width, channels]`. */
  readonly input: readonly [number, number, number];
  /** `[height, width, filters]`; for depthwise ones, filters for each channel. */
  readonly filter: readonly [number, number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pad: "same" | "valid";
}

const shapes = [
  { input: [7, 10, 3], filter: [3, 2, 4] },
  { input: [8, 5, 2], filter: [3, 3, 1] },
  { input: [6, 9, 4], filter: [1, 5, 2] },
] as const;
const steps = [
  { stride: [1, 1], dilation: [1, 1] },
  { stride: [2, 2], dilation: [1, 1] },
  { stride: [1, 1], dilation: [2, 2] },
  { stride: [1, 1], dilation: [2, 1] },
] as const;
const pads = ["same", "valid"] as const;

const cases: readonly GradientCase[] = [false, true].flatMap((depthwise) =>
  shapes.flatMap((shape) =>
    steps.flatMap((step) => pads.map((pad) => ({ depthwise, ...shape, ...step, pad })))
  )
);

/** How far one axis's output is from its input: how many there are, and what is added before. */
function axis(size: number, kernel: number, stride: number, dilation: number, pad: "same" | "valid") {
  const reach = (kernel - 1) * dilation + 1;
  if (pad === "valid") return { count: Math.floor((size - reach) / stride) + 1, before: 0 };
  const count = Math.ceil(size / stride);
  return { count, before: Math.floor(Math.max((count - 1) * stride + reach - size, 0) / 2) };
}

/** Values that look random, from −1 to 1. */
function values(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => Math.sin(seed + index * 7.13));
}

/**
 * Both gradients of Σ convolution(x, f) · dy by its definition: for each pixel of the output and each place of
 * the filter, the pixel of the input that they meet.
 */
function byDefinition({ depthwise, input, filter, stride, dilation, pad }: GradientCase) {
  const [height, width, channels] = input;
  const [rows, columns, filters] = filter;
  const down = axis(height, rows, stride[0], dilation[0], pad);
  const across = axis(width, columns, stride[1], dilation[1], pad);
  const outputs = depthwise ? channels * filters : filters;
  const x = values(height * width * channels, 1);
  const f = values(rows * columns * channels * filters, 2);
  const dy = values(down.count * across.count * outputs, 3);
  const [dx, df] = [new Float64Array(x.length), new Float64Array(f.length)];
  for (let oy = 0; oy < down.count; oy++) {
    for (let ox = 0; ox < across.count; ox++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const iy = oy * stride[0] + row * dilation[0] - down.before;
          const ix = ox * stride[1] + column * dilation[1] - across.before;
          if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
          for (let channel = 0; channel < channels; channel++) {
            for (let k = 0; k < filters; k++) {
              const output = (oy * across.count + ox) * outputs + (depthwise ? channel * filters + k : k);
              const pixel = (iy * width + ix) * channels + channel;
              const place = ((row * columns + column) * channels + channel) * filters + k;
              dx[pixel]! += dy[output]! * f[place]!;
              df[place]! += dy[output]! * x[pixel]!;
            }
          }
        }
      }
    }
  }
  return { x, f, dy, dx, df, outputShape: [1, down.count, across.count, outputs] as const };
}

function describe({ depthwise, input, filter, stride, dilation, pad }: GradientCase): string {
  const kind = depthwise ? "depthwise" : "convolution";
  return `${kind} [${input}] filter [${filter}] stride ${stride} dilation ${dilation} ${pad}`;
}

for (const backend of testedBackends) {
  Deno.test(`registerKernels() gives ${backend} the gradients of convolutions`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    for (const gradientCase of cases) {
      await t.step(describe(gradientCase), () =>
        leavingNoTensors(async () => {
          const { depthwise, input, filter, stride, dilation, pad } = gradientCase;
          const expected = byDefinition(gradientCase);
          const [rows, columns, filters] = filter;
          const gradients = tf.tidy(() => {
            const x = tf.tensor4d(Float32Array.from(expected.x), [1, ...input]);
            const f = tf.tensor4d(Float32Array.from(expected.f), [rows, columns, input[2], filters]);
            const dy = tf.tensor4d(Float32Array.from(expected.dy), [...expected.outputShape]);
            const convolve = depthwise ? tf.depthwiseConv2d : tf.conv2d;
            const options = [[...stride], pad, "NHWC", [...dilation]] as [
              [number, number],
              typeof pad,
              "NHWC",
              [number, number],
            ];
            return tf.grads((x, f) => convolve(x as tf.Tensor4D, f as tf.Tensor4D, ...options).mul(dy).sum())(
              [x, f],
            );
          });
          for (const [index, reference] of [expected.dx, expected.df].entries()) {
            const found = await gradients[index]!.data();
            assertLessOrEqual(largestDifference(found, reference) / largestMagnitude(reference), 1e-5);
          }
          tf.dispose(gradients);
        }));
    }
  });

  Deno.test(`registerKernels() gives ${backend} the gradient of gathering`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    await leavingNoTensors(async () => {
      const gradient = tf.tidy(() =>
        tf.grad((x) =>
          x.gather(tf.tensor1d([2, 0, 2], "int32")).mul(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2])).sum()
        )(
          tf.zeros([4, 2]),
        )
      );
      assertEquals([...await gradient.data()], [3, 4, 0, 0, 6, 8, 0, 0]);
      gradient.dispose();
    });
  });
}
