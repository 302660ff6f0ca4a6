/** Our own kernels, both builds, against plain loops in double precision, over shapes drawn at random. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { leavingNoTensors } from "../../src/testing/mod.ts";
import {
  type Convolution,
  numbers,
  referenceConvolution,
  type ReferenceResult,
  sizeOf,
} from "../kernels/reference_convolution_test.ts";
import { convolutionInputGradient } from "../convolution_input_gradient.ts";
import { fusedConvolution } from "../fused_products.ts";
import { keepNothing } from "../kept_weights.ts";
import { selectBackend } from "../mod.ts";
import { rectifiedGradient } from "../rectified_gradient.ts";
import type { HeapBackend } from "./heap.ts";
import type { KernelBuild } from "./kernels.ts";
import { currentMachine, machineCalls, startMachine } from "./machine.ts";
import { withTasksOf } from "./tasks.ts";

/** How many shapes of each kind are tried on each build, and how many of them on several threads. */
const shapesOfEach = 350;
const shapesOnThreads = 120;

/** What follows a product. */
interface Ending {
  readonly bias: Float32Array | undefined;
  readonly activation: "linear" | "relu" | "relu6" | "leakyrelu";
}

const slope = 0.3;

const activations: Readonly<Record<Ending["activation"], (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leakyrelu: (x) => x < 0 ? slope * x : x,
};

/** Draws from a row of numbers that looks random and is always the same. */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return least + Math.floor(this.#state / 2 ** 32 * (most - least + 1));
  }

  of<Member>(members: readonly Member[]): Member {
    return members[this.whole(0, members.length - 1)]!;
  }

  ending(channels: number): Ending {
    const bias = this.of([true, false]) ? numbers(channels, this.whole(1, 1e6)) : undefined;
    return { bias, activation: this.of(["linear", "relu", "relu6", "leakyrelu"]) };
  }
}

function tensor<Made extends tf.Tensor>(values: Float32Array, shape: readonly number[]): Made {
  return tf.tensor(values, [...shape]) as Made;
}

function options({ bias, activation }: Ending) {
  return {
    ...(bias && { bias: tf.tensor1d(bias) }),
    activation: activation as tf.fused.Activation,
    leakyreluAlpha: slope,
  };
}

/** What a kernel gave, held to the sums of so many terms that were meant. */
function assertNear(
  result: tf.Tensor,
  { sums, terms }: { readonly sums: ArrayLike<number>; readonly terms: number },
  { bias, activation }: Ending,
  about: unknown,
): void {
  const values = result.dataSync();
  assertEquals(values.length, sums.length, JSON.stringify(about));
  const channels = result.shape.at(-1)!;
  for (let index = 0; index < values.length; index++) {
    const expected = activations[activation](sums[index]! + (bias?.[index % channels] ?? 0));
    const distance = Math.abs(values[index]! - expected);
    assert(
      distance <= 2e-6 * Math.sqrt(terms + 1),
      `${JSON.stringify(about)}, ${index}: ${values[index]}, not ${expected}`,
    );
  }
}

/** A convolution that has at least one pixel. */
function drawConvolution(draw: Draw, depthwise: boolean): Convolution {
  const filterSize = [draw.whole(1, 5), draw.of([1, 2, 3, 3, 5, 5, 7])] as const;
  const channels = draw.whole(0, 39) === 0 ? 130 : draw.of([1, 2, 3, 4, 5, 8, 9, 12]);
  const wide = channels > 100 || filterSize[1] > 5;
  const dilated = draw.whole(0, 3) === 0;
  const dilations = dilated ? [draw.whole(1, 2), draw.whole(1, 3)] as const : [1, 1] as const;
  const strides = dilated ? [1, 1] as const : [draw.whole(1, 3), draw.whole(1, 3)] as const;
  const reach = filterSize.map((size, axis) => (size - 1) * dilations[axis]! + 1);
  const side = () => draw.whole(0, 2);
  const last = depthwise ? 1 : wide ? draw.whole(1, 3) : draw.whole(1, 19);
  return {
    depthwise,
    input: [
      draw.whole(1, 2),
      reach[0]! + draw.whole(0, 4),
      reach[1]! + draw.whole(0, wide ? 3 : 15),
      channels,
    ],
    filter: [...filterSize, channels, last],
    strides,
    dilations,
    pad: draw.of(["same", "valid", [[side(), side()], [side(), side()]]] as const),
  };
}

/** One that is computed after Winograd: many channels, few pixels, height and width odd or even. */
function drawWinograd(draw: Draw): Convolution {
  const side = () => draw.whole(0, 2);
  const isDivided = draw.of([true, false]); // among threads by its channels
  const inputs = isDivided ? 32 : 4 * draw.whole(8, 10),
    outputs = 4 * (isDivided ? draw.whole(32, 35) : draw.whole(8, 10));
  return {
    depthwise: false,
    input: [1, draw.whole(3, 6), draw.whole(3, 7), inputs],
    filter: [3, 3, inputs, outputs],
    strides: [1, 1],
    dilations: [1, 1],
    pad: draw.of(["same", "valid", [[side(), side()], [side(), side()]]] as const),
  };
}

/** Likewise in large tiles: more pixels. */
function drawLargeWinograd(draw: Draw): Convolution {
  const batch = draw.whole(1, 2), [height, width] = [draw.whole(27, 30) >> batch - 1, draw.whole(25, 28)];
  return { ...drawWinograd(draw), input: [batch, height, width, 32], filter: [3, 3, 32, draw.of([32, 44])] };
}

function convolve(convolution: Convolution, x: Float32Array, w: Float32Array, ending: Ending): tf.Tensor {
  const { depthwise, input, filter, strides, dilations, pad } = convolution;
  const call = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  return call({
    x: tensor<tf.Tensor4D>(x, input),
    filter: tensor<tf.Tensor4D>(w, filter),
    strides: [...strides],
    dilations: [...dilations],
    pad: (typeof pad === "string" ? pad : [[0, 0], ...pad, [0, 0]]) as "same",
    ...options(ending),
  });
}

/** A product with a matrix, `[rows, taps]` · `[taps, channels]`. */
function multiply(
  draw: Draw,
  seed: number,
): { result: tf.Tensor; sums: Float64Array; terms: number; ending: Ending; about: unknown } {
  const rows = draw.of([draw.whole(1, 23), draw.whole(24, 60)]);
  const [taps, channels] = [draw.whole(1, 40), draw.whole(1, 37)];
  const a = numbers(rows * taps, seed),
    b = numbers(taps * channels, seed + 1),
    ending = draw.ending(channels);
  const sums = new Float64Array(rows * channels);
  for (let index = 0; index < sums.length; index++) {
    const row = Math.floor(index / channels), channel = index % channels;
    for (let tap = 0; tap < taps; tap++) sums[index]! += a[row * taps + tap]! * b[tap * channels + channel]!;
  }
  const result = tf.fused.matMul({
    a: tensor<tf.Tensor2D>(a, [rows, taps]),
    b: tensor<tf.Tensor2D>(b, [taps, channels]),
    ...options(ending),
  });
  return { result, sums, terms: taps, ending, about: { rows, taps, channels, ...ending } };
}

/** What computes. */
interface Computing {
  readonly build: KernelBuild;
  readonly threads: number;
}

/** Run something on one of the builds, all of it divided among threads, and then again on the one that is chosen here. */
async function onBuild({ build, threads }: Computing, run: () => void): Promise<void> {
  await selectBackend({ backend: "wasm", threads });
  const backend = tf.backend() as unknown as HeapBackend;
  const { memory } = currentMachine()!.asked;
  await startMachine(backend, { build, threads, memory });
  try {
    const machine = currentMachine()!;
    assertEquals([machine.build, machine.threads], [build, threads]);
    await withTasksOf(1, () => leavingNoTensors(run));
  } finally {
    await startMachine(backend, { threads, memory });
  }
}

/** What one thread gave on a build, which several must give to the last bit. */
const onOneThread = new Map<string, Float32Array>();

/** Hold what was computed to what one thread gave, if that was computed before. */
function assertSameBits(result: tf.Tensor, { build, threads }: Computing, about: unknown): void {
  const key = `${build} ${JSON.stringify(about)}`;
  const values = result.dataSync() as Float32Array, known = onOneThread.get(key);
  if (threads === 1) onOneThread.set(key, values);
  else {assertEquals(
      new Int32Array(values.buffer, values.byteOffset),
      new Int32Array(known!.buffer, known!.byteOffset),
      key,
    );}
}

/** What plain loops gave, which the second build need not wait for again. */
const computed = new Map<string, ReferenceResult>();

/** The gradient of what a convolution gives that the ways back begin with. */
function gradientOf(size: number): Float32Array {
  return numbers(size, 77);
}

function reference(convolution: Convolution, x: Float32Array, w: Float32Array): ReferenceResult {
  const key = JSON.stringify(convolution) + x[0];
  const result = computed.get(key) ?? referenceConvolution(convolution, x, w, gradientOf);
  computed.set(key, result);
  return result;
}

/** The way back over a convolution. */
function goBack(
  { depthwise, input, filter, ...geometry }: Convolution,
  shape: readonly number[],
  w: Float32Array,
): tf.Tensor {
  const { strides, dilations, pad } = geometry;
  return convolutionInputGradient(tensor(gradientOf(sizeOf(shape)), shape), {
    x: tf.zeros<tf.Rank.R4>([...input]),
    filter: tensor<tf.Tensor4D>(w, filter),
    depthwise,
    attributes: {
      strides: [...strides],
      dilations: [...dilations],
      pad: (typeof pad === "string" ? pad : [[0, 0], ...pad, [0, 0]]) as "same",
    },
    keep: keepNothing,
  });
}

/** A convolution to which something is added before the activation, as no operation of TensorFlow.js's does. */
function convolveAndAdd(
  { strides, dilations, pad, filter, input }: Convolution,
  [x, w, addend]: readonly [Float32Array, Float32Array, Float32Array],
  { shape, ending }: { readonly shape: readonly number[]; readonly ending: Ending },
): tf.Tensor | undefined {
  const { bias, ...activation } = options(ending);
  const parts = { weights: tensor(w, filter), bias, addend: tensor(addend, shape) };
  return fusedConvolution(tensor(x, input), parts, {
    depthwise: false,
    strides: [...strides],
    dilations: [...dilations],
    pad: (typeof pad === "string" ? pad : [[0, 0], ...pad, [0, 0]]) as "same",
    ...activation,
  });
}

const noEnding: Ending = { bias: undefined, activation: "linear" };

/** Kinds of convolutions, with the seed and the number of what is drawn of each, and how much larger roundings may be. */
const kinds: readonly (readonly [string, (draw: Draw) => Convolution, number, number, number?])[] = [
  ["convolutions", (draw) => drawConvolution(draw, false), 7, shapesOfEach],
  ["depthwise convolutions", (draw) => drawConvolution(draw, true), 11, shapesOfEach],
  ["convolutions after Winograd", drawWinograd, 17, 8],
  ["convolutions after Winograd in large tiles", drawLargeWinograd, 31, 3, 3],
];

/** Builds and threads, one thread first. */
const computing: readonly Computing[] = [
  { build: "relaxed", threads: 1 },
  { build: "plain", threads: 1 },
  { build: "relaxed", threads: 2 },
  { build: "plain", threads: 2 },
  { build: "relaxed", threads: 3 },
];

for (const on of computing) {
  const { build, threads } = on;
  const shapes = threads > 1 ? shapesOnThreads : shapesOfEach;
  Deno.test(`our kernels agree with plain loops on random shapes, ${build} SIMD, threads: ${threads}`, async (t) => {
    for (const [name, drawOne, seed, count, roundings = 1] of kinds) {
      await t.step(name, () =>
        onBuild(on, () => {
          const draw = new Draw(seed), before = machineCalls();
          let calls = 0;
          for (let index = 0; index < Math.min(count, shapes); index++) {
            const convolution = drawOne(draw);
            const { input, filter, depthwise } = convolution;
            const x = numbers(sizeOf(input), index + 1), w = numbers(sizeOf(filter), index + 5000);
            const { output, inputGradient, shape } = reference(convolution, x, w);
            const terms = roundings ** 2 * sizeOf(filter.slice(0, depthwise ? 2 : 3));
            const ending = draw.ending(depthwise ? filter[2] : filter[3]);
            const about = { ...convolution, ...ending };
            tf.tidy(() => {
              const result = convolve(convolution, x, w, ending);
              assertNear(result, { sums: output, terms }, ending, about);
              assertSameBits(result, on, [name, index]);
            });
            assertEquals(machineCalls() - before, ++calls);
            if (!depthwise) {
              tf.tidy(() => {
                const addend = numbers(output.length, index + 9000);
                const result = convolveAndAdd(convolution, [x, w, addend], { shape, ending })!;
                const sums = output.map((sum, at) => sum + addend[at]!);
                assertNear(result, { sums, terms }, ending, about);
                assertSameBits(result, on, [name, index, "added"]);
              });
            }
            const back = roundings ** 2 * sizeOf(filter) / filter[2];
            tf.tidy(() => {
              const result = goBack(convolution, shape, w);
              assertNear(result, { sums: inputGradient, terms: back }, noEnding, about);
              assertSameBits(result, on, [name, index, "back"]);
            });
            calls = machineCalls() - before;
          }
        }));
    }
    await t.step("ways back over rectifiers", () =>
      onBuild(on, () => {
        const draw = new Draw(23), before = machineCalls();
        for (let index = 0; index < shapes; index++) {
          const [gradients, pixels, channels] = [draw.whole(1, 2), draw.whole(1, 9), draw.whole(2, 19)];
          const max = draw.of([Infinity, 0.5]);
          const scale = draw.of([true, false]) ? numbers(channels, index + 3) : undefined;
          const output = numbers(pixels * channels, index + 1).map((value) =>
            Math.min(Math.max(value, 0), max)
          );
          const gradient = numbers(gradients * output.length, index + 2);
          const sums = Float64Array.from(gradient, (value, at) => {
            const passed = output[at % output.length]!;
            return passed > 0 && passed < max ? value * (scale?.[at % channels] ?? 1) : 0;
          });
          tf.tidy(() => {
            const result = rectifiedGradient(tensor(gradient, [gradients, 1, pixels, channels]), {
              output: tensor(output, [1, 1, pixels, channels]),
              max,
              scale: scale && tensor(scale, [channels]),
            });
            assertNear(result, { sums, terms: 1 }, noEnding, { pixels, channels, max, scale });
            assertSameBits(result, on, ["rectifiers", index]);
          });
        }
        assertEquals(machineCalls() - before, shapes);
      }));
    await t.step("sums of tensors", () =>
      onBuild(on, () => {
        const draw = new Draw(29), before = machineCalls();
        for (let index = 0; index < shapes; index++) {
          const shape = [draw.whole(1, 3), draw.whole(1, 30)];
          const a = numbers(sizeOf(shape), index + 1), b = numbers(sizeOf(shape), index + 2);
          tf.tidy(() => {
            const result = tf.add(tensor(a, shape), tensor(b, shape));
            assertEquals(result.dataSync(), a.map((value, at) => value + b[at]!), `${shape}`);
          });
        }
        assertEquals(machineCalls() - before, shapes);
      }));
    await t.step("products of matrices", () =>
      onBuild(on, () => {
        const draw = new Draw(13), before = machineCalls();
        for (let index = 0; index < shapes; index++) {
          tf.tidy(() => {
            const { result, sums, terms, ending, about } = multiply(draw, index + 1);
            assertNear(result, { sums, terms }, ending, about);
            assertSameBits(result, on, ["products", index]);
          });
        }
        assertEquals(machineCalls() - before, shapes);
      }));
  });
}

/** Kernels that are given numbers which are none. */
const spoilt: Readonly<Record<string, (x: tf.Tensor4D) => tf.Tensor>> = {
  "1×1": (x) =>
    tf.fused.conv2d({ x, filter: tf.ones([1, 1, 5, 9]), strides: 1, pad: "same", activation: "relu" }),
  "3×3": (x) =>
    tf.fused.conv2d({ x, filter: tf.ones([3, 3, 5, 9]), strides: 1, pad: "same", activation: "relu6" }),
  depthwise: (x) =>
    tf.fused.depthwiseConv2d({
      x,
      filter: tf.ones([3, 3, 5, 1]),
      strides: 1,
      pad: "same",
      activation: "relu6",
    }),
  vector: (x) => tf.matMul(x.flatten().expandDims(0), tf.ones([x.size, 3])),
};

Deno.test("what is no number stays so, and spoils nothing else", async (t) => {
  for (const [name, compute] of Object.entries(spoilt)) {
    await t.step(name, () =>
      onBuild({ build: "relaxed", threads: 1 }, () =>
        tf.tidy(() => {
          const before = machineCalls();
          const x = tf.buffer([1, 8, 12, 5]);
          x.set(NaN, 0, 2, 3, 1);
          const values = compute(x.toTensor() as tf.Tensor4D).dataSync();
          assert(values.some(Number.isNaN));
          if (name !== "vector") assert(values.some((value) => value === 0));
          const negative = compute(tf.fill([1, 8, 12, 5], -Infinity)).dataSync();
          assertEquals(negative[0], name === "vector" ? -Infinity : 0);
          assertEquals(machineCalls() - before, 2);
        })));
  }
});

Deno.test("what is made of weights is freed with them", async () => {
  await selectBackend({ backend: "wasm", threads: 1 });
  const { wasm } = tf.backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  const use = () => tf.tidy(() => void tf.matMul(tf.ones([8, 1024]), tf.ones([1024, 1024])).dataSync()); // 4 MB of weights
  use();
  const before = wasm.HEAPU8.length;
  for (let turn = 0; turn < 50; turn++) use();
  assertEquals(wasm.HEAPU8.length, before);
});

Deno.test("for what our own kernels lack, all goes on as before", async () => {
  await selectBackend({ backend: "wasm", threads: 1 });
  await leavingNoTensors(() =>
    tf.tidy(() => {
      const before = machineCalls();
      const x = tf.ones<tf.Rank.R4>([1, 4, 6, 4]), filter = tf.ones<tf.Rank.R4>([1, 1, 4, 8]);
      const call = { x, filter, strides: 1, pad: "same" } as const;
      assertEquals(tf.fused.conv2d({ ...call, activation: "elu" }).dataSync()[0], 4);
      assertEquals(tf.fused.conv2d({ ...call, bias: tf.ones([1]) as tf.Tensor1D }).dataSync()[0], 5);
      assertEquals(tf.depthwiseConv2d(x, tf.ones([1, 1, 4, 2]), 1, "same").dataSync()[0], 1);
      assertEquals(tf.matMul(tf.ones([2, 3, 3]), tf.ones([2, 3, 4])).dataSync()[0], 3);
      assertEquals(machineCalls(), before);
    })
  );
  await leavingNoTensors(() => {
    const a = tf.ones([8, 5]), b = tf.ones([7, 3]); // as a damaged graph may ask for
    const multiply = () =>
      tf.engine().runKernel("BatchMatMul", { a, b }, { transposeA: false, transposeB: false });
    assertThrows(multiply, Error, "inner shapes");
    tf.dispose([a, b]);
  });
});
