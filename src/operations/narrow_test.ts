import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import { largestDifference, leavingNoTensors } from "../testing/mod.ts";
import { Activation } from "./activation.ts";
import { fuse, type FusedOperations } from "./fuse.ts";
import { gelu } from "./gelu.ts";
import { Identity } from "./identity.ts";
import { narrow } from "./narrow.ts";
import { Normalization } from "./normalization.ts";
import type { Operation } from "./operation.ts";
import { Part } from "./part.ts";
import { plan } from "./plan.ts";
import { Product } from "./product.ts";
import { Sum } from "./sum.ts";
import { walk } from "./walk.ts";
import { fixedWeight, type Weight } from "./weight.ts";

/** The end of a transformer: a block's second half, and a classifier that looks at the second of five tokens. */
function lastBlock(kernels: readonly tf.Tensor[]): Operation[] {
  const [first, second, third, last] = kernels.map(fixedWeight) as [Weight, Weight, Weight, Weight];
  return [
    new Product({ input: "x", output: "attention", kernel: first }),
    new Sum(["x", "attention"], "middle"),
    new Normalization("middle", "normal", { axes: [-1], isCentred: true, epsilon: 1e-3 }),
    new Product({ input: "normal", output: "inner", kernel: second }),
    new Activation("inner", "bent", gelu),
    new Product({ input: "bent", output: "outer", kernel: third }),
    new Identity("outer", "dropout"),
    new Sum(["middle", "dropout"], "end"),
    new Part("end", "token", [0, 1, 0], [-1, 1, -1]),
    new Product({ input: "token", output: "scores", kernel: last }),
  ];
}

/** The shapes of what is computed, and the scores. */
function runAll(fused: FusedOperations, x: tf.Tensor): { shapes: Map<string, number[]>; scores: tf.Tensor } {
  const shapes = new Map<string, number[]>();
  const note = (id: string, { shape }: tf.Tensor) => void shapes.set(id, shape);
  const [scores] = plan(fused, ["x"], ["scores"]).run(new Map([["x", x]]), note);
  return { shapes, scores: scores! };
}

/** ∂ Σ scores / ∂ x */
async function gradientOf(fused: FusedOperations, x: tf.Tensor): Promise<tf.Tensor> {
  const pause = () => Promise.resolve();
  const way = await walk(fused, { start: "x", end: "scores", values: new Map([["x", x]]), pause });
  const ones = tf.onesLike(way.end);
  const gradient = await way.goBack(ones, { pause });
  way.dispose();
  ones.dispose();
  return gradient;
}

Deno.test("what leads to one token alone is computed of that token", async () => {
  await tf.setBackend("cpu");
  await leavingNoTensors(async () => {
    const x = tf.randomNormal([2, 5, 4], 0, 1, "float32", 5);
    const shapes: [number, number][] = [[4, 4], [4, 6], [6, 4], [4, 3]];
    const kernels = shapes.map((shape, at) => tf.randomNormal(shape, 0, 1, "float32", at + 1));
    const joined = fuse(lastBlock(kernels), { wanted: ["scores"], mode: "fast" });
    const narrowed = narrow(joined, ["scores"]);
    const all = runAll(joined, x), some = runAll(narrowed, x);
    for (const id of ["middle", "normal", "inner", "bent", "end"]) {
      assertEquals(all.shapes.get(id)![1], 5, id);
      assertEquals(some.shapes.get(id)![1], 1, id);
    }
    assertLessOrEqual(largestDifference(await some.scores.data(), await all.scores.data()), 1e-6);
    const gradients = [await gradientOf(narrowed, x), await gradientOf(joined, x)];
    assertLessOrEqual(largestDifference(await gradients[0]!.data(), await gradients[1]!.data()), 1e-6);
    const kept = narrow(joined, ["scores", "middle"]);
    const half = runAll(kept, x);
    assertEquals(half.shapes.get("middle"), [2, 5, 4]);
    assertEquals(half.shapes.get("bent"), [2, 1, 6]);
    tf.dispose([x, all.scores, some.scores, half.scores, ...gradients, ...kernels]);
  });
});
