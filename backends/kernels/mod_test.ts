import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../../src/testing/mod.ts";
import { einsum } from "./einsum.ts";
import { registerKernels } from "./mod.ts";
import { numbers } from "./reference_convolution_test.ts";

/** A tensor of numbers that look random. */
function tensor(shape: number[], seed: number): tf.Tensor {
  return tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape);
}

/** The product of an `[n, k]` and a `[k, m]` matrix, whose elements are read by functions. */
function product(
  [n, k, m]: readonly [number, number, number],
  a: (row: number, column: number) => number,
  b: (row: number, column: number) => number,
): number[] {
  return Array.from({ length: n * m }, (_, index) => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += a(Math.floor(index / m), i) * b(i, index % m);
    return sum;
  });
}

Deno.test("registerKernels() changes nothing when called again", async () => {
  await tryBackend("wasm");
  const before = tf.getKernelsForBackend("wasm");
  const gradient = tf.getGradient("Conv2D");
  registerKernels("wasm");
  const after = tf.getKernelsForBackend("wasm");
  assertEquals(after.length, before.length);
  assert(after.every((kernel, index) => kernel === before[index]));
  assert(tf.getGradient("Conv2D") === gradient);
  assertEquals(new Set(after.map(({ kernelName }) => kernelName)).size, after.length);
});

for (const backend of testedBackends) {
  Deno.test(`registerKernels() on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    async function step(name: string, run: () => Promise<void>) {
      const title = reason ? `${name} (${reason})` : name;
      await t.step({ name: title, ignore: reason !== undefined, fn: () => leavingNoTensors(run) });
    }

    for (const [n, k, m] of [[1, 9, 7], [5, 3, 4], [2, 40, 30], [40, 2, 3]] as const) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          await step(`product ${n}×${k}×${m}, transposed: ${transposeA}, ${transposeB}`, async () => {
            const a = tensor(transposeA ? [k, n] : [n, k], 1), b = tensor(transposeB ? [m, k] : [k, m], 2);
            const [left, right] = [await a.data(), await b.data()];
            const expected = product(
              [n, k, m],
              (row, i) => left[transposeA ? i * n + row : row * k + i]!,
              (i, column) => right[transposeB ? column * k + i : i * m + column]!,
            );
            const given = tf.matMul(a, b, transposeA, transposeB);
            const batched = tf.tidy(() => tf.matMul(a.expandDims(), b.expandDims(), transposeA, transposeB));
            assertEquals([given.shape, batched.shape], [[n, m], [1, n, m]]);
            assertLess(largestDifference(await given.data(), expected), 1e-5);
            assertLess(largestDifference(await batched.data(), expected), 1e-5);
            tf.dispose([a, b, given, batched]);
          });
        }
      }
    }

    await step("gather's gradient", async () => {
      const x = tensor([4, 3], 1);
      const indices = tf.tensor1d([2, 0, 2], "int32");
      const dy = tf.tensor2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
      const rows = tf.grad((x) => tf.gather(x, indices))(x, dy);
      assertEquals([...await rows.data()], [4, 5, 6, 0, 0, 0, 8, 10, 12, 0, 0, 0]);
      tf.dispose([x, indices, dy, rows]);
    });

    await step("gather's gradient along the last axis", async () => {
      const x = tensor([2, 3], 1);
      const index = tf.tensor1d([1], "int32");
      const columns = tf.grad((x) => tf.gather(x, index, 1))(x);
      assertEquals([...await columns.data()], [0, 1, 0, 0, 1, 0]);
      tf.dispose([x, index, columns]);
    });

    await step("einsum", async () => {
      const a = tf.tensor2d([0, 1, 2, 3, 4, 5], [2, 3]);
      const b = tf.tensor2d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4]);
      const product = tf.einsum("ij,jk->ki", a, b);
      assertEquals([...await product.data()], [20, 56, 23, 68, 26, 80, 29, 92]);
      tf.dispose([a, b, product]);
    });
  });
}

Deno.test("einsum() of every kind of axis", async (t) => {
  const reason = await tryBackend("wasm");
  assertEquals(reason, undefined);
  const [i, j, k] = [2, 3, 4];
  const cases: readonly (readonly [string, number[][]])[] = [
    ["ij->ji", [[i, j]]],
    ["ij->i", [[i, j]]],
    ["ij->", [[i, j]]],
    ["i,j->ij", [[i], [j]]],
    ["i,i->", [[i], [i]]],
    ["ij,ij->ij", [[i, j], [i, j]]],
    ["ijk,kj->ki", [[i, j, k], [k, j]]],
    ["ij, k -> ik", [[i, j], [k]]],
    ["abqd,abkd->abqk", [[2, 3, 4, 5], [2, 3, 6, 5]]],
  ];
  for (const [equation, shapes] of cases) {
    await t.step(equation, async () => {
      const tensors = shapes.map((shape, index) => tensor(shape, index));
      const given = tf.tidy(() => einsum(tensors, equation));
      const expected = tf.tidy(() => referenceEinsum(tensors, equation));
      assertEquals(given.shape, expected.shape);
      assertLess(largestDifference(await given.data(), await expected.data()), 1e-5);
      tf.dispose([...tensors, given, expected]);
    });
  }
});

/** The sum over all letters, each a loop. */
function referenceEinsum(tensors: readonly tf.Tensor[], equation: string): tf.Tensor {
  const [inputs, output] = equation.replaceAll(" ", "").split("->") as [string, string];
  const terms = inputs.split(",");
  const letters = [...new Set(terms.join(""))];
  const sizes = letters.map((letter) => {
    const term = terms.findIndex((axes) => axes.includes(letter));
    return tensors[term]!.shape[terms[term]!.indexOf(letter)]!;
  });
  const data = tensors.map((tensor) => tensor.dataSync());
  const shape = [...output].map((letter) => sizes[letters.indexOf(letter)]!);
  const sums = new Float32Array(tf.util.sizeFromShape(shape));
  for (let flat = 0; flat < tf.util.sizeFromShape(sizes); flat++) {
    const position = tf.util.indexToLoc(flat, sizes.length, tf.util.computeStrides(sizes));
    const at = (axes: string) =>
      [...axes].reduce((index, letter) => {
        const axis = letters.indexOf(letter);
        return index * sizes[axis]! + position[axis]!;
      }, 0);
    sums[at(output)]! += terms.reduce((product, axes, index) => product * data[index]![at(axes)]!, 1);
  }
  return tf.tensor(sums, shape);
}

Deno.test("einsum() refuses what it cannot compute", async () => {
  await tryBackend("wasm");
  await leavingNoTensors(() => {
    const matrix = tensor([2, 2], 1);
    for (const equation of ["ii->i", "ij", "ijk->i", "ij,jk->ik"]) {
      assertThrows(() => einsum([matrix], equation), RangeError, `Cannot compute einsum "${equation}"`);
    }
    matrix.dispose();
  });
});
