/** What transformers are made of besides products with weights, on both builds, against plain loops in double precision. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { leavingNoTensors } from "../../src/testing/mod.ts";
import { numbers, sizeOf } from "../kernels/reference_convolution_test.ts";
import { selectBackend } from "../mod.ts";
import * as onePass from "../one_pass.ts";
import type { HeapBackend } from "./heap.ts";
import type { KernelBuild } from "./kernels.ts";
import { currentMachine, machineCalls, startMachine } from "./machine.ts";
import { withTasksOf } from "./tasks.ts";

/** How many shapes of each kind are tried on each build. */
const shapesOfEach = 120;

/** Whole numbers from a row that looks random and is always the same. */
function drawing(seed: number): (least: number, most: number) => number {
  let state = seed;
  return (least, most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return least + Math.floor(state / 2 ** 32 * (most - least + 1));
  };
}

type Draw = ReturnType<typeof drawing>;

/** What is to be computed: what a kernel gave, the numbers that were meant, and how far they may be apart. */
interface Case {
  readonly result: tf.Tensor | undefined;
  readonly expected: ArrayLike<number>;
  readonly tolerance: number;
  readonly about: unknown;
}

/** Rows of numbers. */
function rowsOf(values: ArrayLike<number>, size: number): number[][] {
  const all = Array.from(values);
  return Array.from(
    { length: all.length / size },
    (_, row) => all.slice(row * size, (row + 1) * size),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Products of many matrices, either one transposed, one of one kind for all maybe. */
function products(draw: Draw, seed: number): Case {
  const [rows, taps, channels] = [draw(4, 19), draw(1, 21), draw(1, 29)];
  const count = draw(1, 3), transposeA = draw(0, 1) === 1, transposeB = draw(0, 1) === 1;
  const only = draw(0, 5), countA = only === 0 ? 1 : count, countB = only === 1 ? 1 : count;
  const a = numbers(countA * rows * taps, seed), b = numbers(countB * taps * channels, seed + 1);
  const expected = Array.from({ length: count * rows * channels }, (_, at) => {
    const channel = at % channels, row = Math.floor(at / channels) % rows;
    const index = Math.floor(at / channels / rows);
    const ofA = (countA === 1 ? 0 : index) * rows * taps, ofB = (countB === 1 ? 0 : index) * taps * channels;
    return sum(
      Array.from({ length: taps }, (_, tap) =>
        a[ofA + (transposeA ? tap * rows + row : row * taps + tap)]! *
        b[ofB + (transposeB ? channel * taps + tap : tap * channels + channel)]!),
    );
  });
  const result = tf.matMul(
    tf.tensor(a, [1, countA, ...transposeA ? [taps, rows] : [rows, taps]]),
    tf.tensor(b, [1, countB, ...transposeB ? [channels, taps] : [taps, channels]]),
    transposeA,
    transposeB,
  );
  assertEquals(result.shape, [1, count, rows, channels]);
  const about = { rows, taps, channels, countA, countB, transposeA, transposeB };
  return { result, expected, tolerance: 2e-6 * Math.sqrt(taps + 1), about };
}

/** Axes in another order. */
function transposes(draw: Draw, seed: number): Case {
  const shape = Array.from({ length: draw(2, 5) }, () => draw(1, 13));
  const order = shape.map((_, axis) => axis);
  for (let at = order.length - 1; at > 0; at--) {
    const other = draw(0, at);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const x = numbers(sizeOf(shape), seed);
  const steps = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const to = order.map((axis) => shape[axis]!);
  const expected = Array.from(x, (_, at) => {
    const from = to.map((size, axis) => Math.floor(at / sizeOf(to.slice(axis + 1))) % size);
    return x[sum(from.map((index, axis) => index * steps[order[axis]!]!))]!;
  });
  const result = tf.transpose(tf.tensor(x, shape), order);
  assertEquals(result.shape, to);
  return { result, expected, tolerance: 0, about: { shape, order } };
}

/** The softmax of each row. */
function softmaxOf(row: readonly number[]): number[] {
  const most = Math.max(...row), all = row.map((value) => Math.exp(value - most));
  return all.map((value) => value / sum(all));
}

function softmaxes(draw: Draw, seed: number): Case {
  const [rows, channels] = [draw(1, 7), draw(1, 23)], factor = [1, 30, 200][draw(0, 2)]!;
  const x = numbers(rows * channels, seed).map((value) => value * factor);
  const expected = rowsOf(x, channels).flatMap(softmaxOf);
  const result = tf.softmax(tf.tensor(x, [rows, channels]));
  return { result, expected, tolerance: 5e-7, about: { rows, channels, factor } };
}

function softmaxesBack(draw: Draw, seed: number): Case {
  const [scores, rows, channels] = [draw(1, 2), draw(1, 7), draw(1, 23)];
  const output = Float32Array.from(rowsOf(numbers(rows * channels, seed), channels).flatMap(softmaxOf));
  const gradient = numbers(scores * output.length, seed + 1), given = rowsOf(output, channels);
  const expected = rowsOf(gradient, channels).flatMap((row, at) => {
    const own = given[at % rows]!, along = sum(row.map((value, one) => value * own[one]!));
    return row.map((value, one) => (value - along) * own[one]!);
  });
  const result = onePass.softmaxGradient(
    tf.tensor(gradient, [scores, rows, channels]),
    tf.tensor(output, [1, rows, channels]),
  );
  return { result, expected, tolerance: 2e-6, about: { scores, rows, channels } };
}

/** Rows to be normalised, and what they are in double precision. */
function normalization(draw: Draw, seed: number) {
  const [rows, channels] = [draw(1, 7), draw(2, 39)], isCentred = draw(0, 2) > 0, epsilon = 0.01;
  const x = numbers(rows * channels, seed).map((value) => value + 0.5);
  const scale = draw(0, 1) === 1 ? numbers(channels, seed + 1) : undefined;
  const shift = draw(0, 1) === 1 ? numbers(channels, seed + 2) : undefined;
  const known = rowsOf(x, channels).map((row) => {
    const mean = isCentred ? sum(row) / channels : 0, centred = row.map((value) => value - mean);
    const inverse = 1 / Math.sqrt(sum(centred.map((value) => value ** 2)) / channels + epsilon);
    return { normal: centred.map((value) => value * inverse), inverse };
  });
  const settings = { axes: 1, epsilon, isCentred, scale: scale && tf.tensor1d(scale) };
  return { rows, channels, x, scale, shift, known, isCentred, settings };
}

function normalizations(draw: Draw, seed: number): Case {
  const { rows, channels, x, scale, shift, known, settings, isCentred } = normalization(draw, seed);
  const expected = known.flatMap(({ normal }) =>
    normal.map((value, at) => value * (scale?.[at] ?? 1) + (shift?.[at] ?? 0))
  );
  const result = onePass.normalized(tf.tensor(x, [rows, channels]), {
    ...settings,
    shift: shift && tf.tensor1d(shift),
  });
  return { result, expected, tolerance: 1e-5, about: { rows, channels, isCentred, scale, shift } };
}

function normalizationsBack(draw: Draw, seed: number): Case {
  const { rows, channels, x, scale, known, settings, isCentred } = normalization(draw, seed);
  const gradient = numbers(x.length, seed + 3);
  const expected = rowsOf(gradient, channels).flatMap((row, at) => {
    const { normal, inverse } = known[at]!, inner = row.map((value, one) => value * (scale?.[one] ?? 1));
    const middle = isCentred ? sum(inner) / channels : 0;
    const along = sum(inner.map((value, one) => value * normal[one]!)) / channels;
    return inner.map((value, one) => (value - middle - along * normal[one]!) * inverse);
  });
  const shape = [rows, channels];
  const result = onePass.normalizedGradient(tf.tensor(gradient, shape), {
    ...settings,
    x: tf.tensor(x, shape),
  });
  return { result, expected, tolerance: 3e-5, about: { rows, channels, isCentred, scale } };
}

/** The integral of the bell curve from 0, by its series: of numbers that are not too large. */
function erf(x: number): number {
  let term = x, total = x;
  for (let at = 1; at < 200; at++) {
    term *= -x * x / at;
    total += term / (2 * at + 1);
  }
  return total * 2 / Math.sqrt(Math.PI);
}

/** Gaussian error linear units and their slopes: exact, and by tanh. */
const units = [
  {
    apply: (x: number) => x * (1 + erf(x * Math.SQRT1_2)) / 2,
    slope: (x: number) => (1 + erf(x * Math.SQRT1_2)) / 2 + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI),
  },
  {
    apply: (x: number) => x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    slope(x: number) {
      const bent = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
      return (1 + bent) / 2 + x / 2 * (1 - bent ** 2) * Math.sqrt(2 / Math.PI) * (1 + 0.134145 * x * x);
    },
  },
];

function gaussianUnits(draw: Draw, seed: number): Case {
  const count = draw(1, 40), bent = draw(0, 1), x = numbers(count, seed).map((value) => 4 * value);
  const expected = Array.from(x, units[bent]!.apply);
  const result = onePass.gaussianUnit(tf.tensor1d(x), bent === 1);
  return { result, expected, tolerance: 1e-6, about: { count, bent } };
}

function gaussianUnitsBack(draw: Draw, seed: number): Case {
  const count = draw(1, 40), bent = draw(0, 1), x = numbers(count, seed).map((value) => 4 * value);
  const gradient = numbers(count, seed + 1);
  const expected = Array.from(x, (value, at) => units[bent]!.slope(value) * gradient[at]!);
  const given = { x: tf.tensor1d(x), isBent: bent === 1 };
  const result = onePass.gaussianUnitGradient(tf.tensor1d(gradient), given);
  return { result, expected, tolerance: 2e-6, about: { count, bent } };
}

/** All of them; a transposition that moves little is left to TensorFlow.js. */
const kinds: Readonly<Record<string, (draw: Draw, seed: number) => Case>> = {
  "products of many matrices": products,
  transpositions: transposes,
  softmax: softmaxes,
  "ways back over softmax": softmaxesBack,
  normalisations: normalizations,
  "ways back over normalisations": normalizationsBack,
  "Gaussian error linear units": gaussianUnits,
  "ways back over Gaussian error linear units": gaussianUnitsBack,
};

/** On what kernels compute. */
interface Computing {
  readonly build: KernelBuild;
  readonly threads: number;
}

/**
 * Run something on one of the builds, and then again on the one that is chosen here. With several threads, work as small as
 * that of tests is divided among them too.
 */
async function onBuild({ build, threads }: Computing, run: () => void): Promise<void> {
  await selectBackend({ backend: "wasm", threads });
  const backend = tf.backend() as unknown as HeapBackend;
  const { memory } = currentMachine()!.asked;
  await startMachine(backend, { build, threads, memory });
  try {
    assertEquals(currentMachine()!.build, build);
    await withTasksOf(threads > 1 ? 256 : Infinity, () => leavingNoTensors(run));
  } finally {
    await startMachine(backend, { threads, memory });
  }
}

/** What one thread gave on a build, which several must give to the last bit. */
const onOneThread = new Map<string, Float32Array>();

const computing: readonly Computing[] = [
  { build: "relaxed", threads: 1 },
  { build: "plain", threads: 1 },
  { build: "relaxed", threads: 3 },
];

for (const on of computing) {
  const { build, threads } = on;
  Deno.test(`what transformers are made of agrees with plain loops, ${build} SIMD, threads: ${threads}`, async (t) => {
    for (const [name, compute] of Object.entries(kinds)) {
      await t.step(name, () =>
        onBuild(on, () => {
          const draw = drawing(31), before = machineCalls();
          for (let index = 0; index < shapesOfEach; index++) {
            tf.tidy(() => {
              const { result, expected, tolerance, about } = compute(draw, index + 1);
              const values = result!.dataSync();
              assertEquals(values.length, expected.length, JSON.stringify(about));
              const key = `${build} ${name} ${index}`, known = onOneThread.get(key);
              if (threads === 1) onOneThread.set(key, values as Float32Array);
              else assertEquals(values, known, key);
              for (let at = 0; at < values.length; at++) {
                const isNear = Math.abs(values[at]! - expected[at]!) <= tolerance;
                assert(isNear, `${JSON.stringify(about)}, ${at}: ${values[at]}, not ${expected[at]}`);
              }
            });
          }
          const calls = machineCalls() - before;
          assert(name === "transpositions" ? calls > shapesOfEach / 4 : calls === shapesOfEach, `${calls}`);
        }));
    }
    await t.step("what is no number spoils its row alone", () =>
      onBuild(on, () =>
        tf.tidy(() => {
          const x = tf.tensor2d([NaN, 1, 2, 3, 4, 1, 2, 3, 4, 5], [2, 5]);
          const all = [
            tf.softmax(x),
            onePass.normalized(x, { axes: 1, epsilon: 0.1, isCentred: true })!,
            onePass.gaussianUnit(x, false)!,
            onePass.gaussianUnit(x, true)!,
          ];
          for (const result of all) {
            const values = result.dataSync();
            assert(Number.isNaN(values[0]), `${values}`);
            assert(values.subarray(5).every(Number.isFinite), `${values}`);
          }
          const hidden = tf.softmax(tf.tensor1d([0, -Infinity, 0, -Infinity, -Infinity])).dataSync();
          assertEquals([...hidden], [0.5, 0, 0.5, 0, 0]);
        })));
  });
}
