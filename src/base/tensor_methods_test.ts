import { assert, assertEquals } from "@std/assert";
import * as tf from "./tfjs.ts"; // and nothing that imports @tensorflow/tfjs

type Methods = Readonly<Record<string, (...values: unknown[]) => tf.Tensor>>;

Deno.test("tensor_methods.ts gives tensors the methods that TensorFlow.js gives them", async (t) => {
  await tf.setBackend("cpu");
  const prototype = tf.Tensor.prototype as unknown as Methods;
  const ours = { ...Object.fromEntries(Object.keys(prototype).map((name) => [name, prototype[name]!])) };
  await import("@tensorflow/tfjs");
  const theirs = Object.keys(prototype).filter((name) => prototype[name] !== ours[name]);
  assert(theirs.length > 100, "TensorFlow.js has made its own of them");
  assertEquals(theirs.filter((name) => !(name in ours)), []);

  const x = tf.tensor([[0.5, -1.5, 2], [3, -0.25, 1]]);
  const y = tf.tensor([[1, 2, -3], [0.5, 4, 5]]);
  const one = tf.tensor([7]);
  const picture = tf.range(0, 12).reshape([1, 2, 2, 3]);
  const calls: readonly [string, tf.Tensor, readonly unknown[]][] = [
    ["as1D", x, []],
    ["as2D", x, [3, 2]],
    ["as3D", x, [1, 3, 2]],
    ["as4D", x, [1, 1, 3, 2]],
    ["as5D", x, [1, 1, 1, 3, 2]],
    ["asScalar", one, []],
    ["asType", x, ["int32"]],
    ["concat", x, [y, 1]],
    ["concat", x, [[y, y]]],
    ["flatten", x, []],
    ["oneHot", one.toInt(), [9]],
    ["reshapeAs", x, [tf.zeros([6])]],
    ["resizeBilinear", picture, [[4, 3]]],
    ["resizeNearestNeighbor", picture, [[4, 3]]],
    ["stack", x, [y]],
    ["stack", x, [[y, x], 2]],
    ["toBool", x, []],
    ["toFloat", one.toInt(), []],
    ["toInt", x, []],
    ["where", x, [x.greater(y), y]],
    ["sub", x, [y]],
    ["sum", x, [1, true]],
    ["matMul", x, [y, false, true]],
    ["relu6", x, []],
  ];
  for (const [name, tensor, values] of calls) {
    await t.step(name, async () => {
      const [own, expected] = [
        ours[name]!.apply(tensor, [...values]),
        prototype[name]!.apply(tensor, [...values]),
      ];
      assertEquals([own.shape, own.dtype], [expected.shape, expected.dtype]);
      assertEquals(await own.data(), await expected.data());
    });
  }
  tf.disposeVariables();
});
