import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { Activation, findActivation } from "./activation.ts";
import { Affine } from "./affine.ts";
import { batchNorm } from "./batch_norm.ts";
import { Convolution } from "./convolution.ts";
import { Identity } from "./identity.ts";
import { MeanPool } from "./mean_pool.ts";
import type { Operation } from "./operation.ts";
import { Product } from "./product.ts";
import { Redraw, redrawSteps, stepsOf } from "./redraw.ts";
import { fixedWeight } from "./weight.ts";

const geometry = { strides: [1, 1], pad: "same", dilations: [1, 1], depthwise: false } as const;

/** A norm before everything, two convolutions of which the first has one behind it, and a dense layer. */
function network() {
  const kernels = [tf.ones([3, 3, 2, 16]), tf.ones([3, 3, 16, 32]), tf.ones([32, 64])];
  const [first, second, dense] = kernels.map(fixedWeight);
  const bias = tf.ones([64]);
  const norm = (input: string, output: string) =>
    new Affine(
      input,
      output,
      batchNorm(() => ({ mean: tf.zeros([2]), variance: tf.ones([2]), epsilon: 0 })),
    );
  const operations: Operation[] = [
    norm("x", "seen"),
    new Convolution(geometry, { input: "seen", output: "first@linear", kernel: first! }),
    norm("first@linear", "norm"),
    new Activation("norm", "relu", findActivation("relu")!),
    new Convolution(geometry, { input: "relu", output: "second", kernel: second! }),
    new MeanPool("second", "pool", false),
    new Product({ input: "pool", output: "scores", kernel: dense!, bias: fixedWeight(bias) }),
  ];
  return { operations, dispose: () => tf.dispose([...kernels, bias]) };
}

/** Numbers that are the same for the same name. */
function random(name: string): () => number {
  let state = name.length + 1;
  return () => (state = state * 16807 % 2147483647) / 2147483647;
}

Deno.test("redrawSteps() goes from the last layer, norms along with what is before them", () => {
  const { operations, dispose } = network();
  assertEquals(
    redrawSteps(operations).map(({ name, operations, isKept }) => [name, operations.length, isKept]),
    [
      ["scores", 1, false],
      ["second", 1, false],
      ["first", 2, false],
    ],
  );
  dispose();
});

Deno.test("stepsOf() is at least one, and at most all", () => {
  assertEquals([0, 0.01, 0.5, 1].map((share) => stepsOf(4, share)), [1, 1, 2, 4]);
  assertEquals(stepsOf(0, 1), 0);
});

Deno.test("Redraw draws what networks begin with, the same for the same seed, and leaves the model's own", async () => {
  const before = tf.memory().numTensors;
  const { operations, dispose } = network();
  const redraw = new Redraw(random);
  const third = redraw.exchange(operations, 1 / 3), all = redraw.exchange(operations, 1);
  assertEquals(third.slice(0, 6), operations.slice(0, 6));
  assert(third[6] === all[6], "What was drawn for an operation stays the same");
  assert(all[0] === operations[0], "How the model sees pixels stays");
  assert(all[2] instanceof Identity, "The norm changes nothing");
  const kernel = await (all[4] as Convolution).parts.kernel.read().data<"float32">();
  assertEquals(kernel.length, 3 * 3 * 16 * 32);
  const mean = kernel.reduce((a, b) => a + b) / kernel.length;
  const variance = kernel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kernel.length;
  assertAlmostEquals(mean, 0, 0.005);
  assertAlmostEquals(variance, 1 / (3 * 3 * 16), 3e-4);
  assertEquals([...await (all[6] as Product).parts.bias!.read().data()], Array(64).fill(0));
  const own = await (operations[4] as Convolution).parts.kernel.read().data<"float32">();
  assertEquals(own.every((value) => value === 1), true);
  const again = new Redraw(random);
  const other = await (again.exchange(operations, 1)[4] as Convolution).parts.kernel.read().data<"float32">();
  assertEquals(other, kernel);
  redraw.dispose();
  again.dispose();
  dispose();
  assertEquals(tf.memory().numTensors, before);
});
