/** What transformers compute: each way back is that of TensorFlow.js's tape. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { keepNothing } from "../../backends/kept_weights.ts";
import { largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../testing/mod.ts";
import { Activation, findActivation } from "./activation.ts";
import { gelu, geluTanh } from "./gelu.ts";
import { ExtraTokens, GridOfTokens, TokensOfGrid } from "./grid_view.ts";
import { Normalization } from "./normalization.ts";
import type { Operation } from "./operation.ts";
import { Part } from "./part.ts";
import { Transpose } from "./transpose.ts";
import { ValueProduct } from "./value_product.ts";
import { fixedWeight } from "./weight.ts";

const grid = { height: 2, width: 3, before: 2, after: 1 };

/** Operations, and the shapes that they take. */
const rows: readonly { name: string; make: () => Operation; takes: number[][] }[] = [
  {
    name: "layer norm",
    make: () =>
      new Normalization("x", "y", {
        axes: [-1],
        isCentred: true,
        scale: fixedWeight(tf.tensor1d([1, -0.5, 2, 0.3])),
        shift: fixedWeight(tf.tensor1d([0.1, 0.2, -0.3, 0.4])),
        epsilon: 1e-3,
      }),
    takes: [[1, 5, 4]],
  },
  {
    name: "layer norm without weights",
    make: () => new Normalization("x", "y", { axes: [-1], isCentred: true, epsilon: 0.1 }),
    takes: [[2, 3, 2, 4]],
  },
  { name: "gelu", make: () => new Activation("x", "y", gelu), takes: [[1, 5, 4]] },
  { name: "gelu by tanh", make: () => new Activation("x", "y", geluTanh), takes: [[1, 5, 4]] },
  {
    name: "softmax",
    make: () => new Activation("x", "y", findActivation("softmax")!),
    takes: [[1, 3, 5, 7]],
  },
  { name: "part", make: () => new Part("x", "y", [0, 1, 2], [-1, 3, 2]), takes: [[2, 5, 4]] },
  { name: "product", make: () => new ValueProduct("a", "b", "y"), takes: [[1, 2, 5, 3], [1, 2, 3, 4]] },
  {
    name: "product with keys",
    make: () => new ValueProduct("a", "b", "y", { transposed: true, factor: 0.5 }),
    takes: [[1, 2, 5, 3], [1, 2, 4, 3]],
  },
  { name: "transposition", make: () => new Transpose("x", "y", [0, 3, 1, 2]), takes: [[1, 2, 3, 4]] },
  {
    name: "tokens of a picture",
    make: () => new TokensOfGrid("x", ["before", "after"], "y", grid),
    takes: [[1, 2, 3, 4], [1, 2, 4], [1, 1, 4]],
  },
  {
    name: "tokens of a picture alone",
    make: () => new TokensOfGrid("x", [], "y", { ...grid, before: 0, after: 0 }),
    takes: [[1, 2, 3, 4]],
  },
];

for (const backend of testedBackends) {
  Deno.test(`operations of transformers go back as the tape does, on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    for (const { name, make, takes } of rows) {
      await t.step(name, () =>
        leavingNoTensors(async () => {
          const found = tf.tidy(() => {
            const operation = make();
            const inputs = takes.map((shape, at) => tf.randomNormal(shape, 0, 1, "float32", at + 1));
            const [output] = operation.run(inputs);
            const weights = tf.randomNormal(output!.shape, 0, 1, "float32", 9);
            const run = operation.runTaped ?? operation.run;
            const taped = tf.grads((...values) => run.call(operation, values)[0]!)(inputs, weights);
            assert(operation.canRetrace?.(inputs) ?? true);
            const walked = operation.retrace!(inputs, output!)(weights, keepNothing);
            assertEquals(walked.map(({ shape }) => shape), takes);
            return [...taped, ...walked].map((tensor) => tensor.flatten());
          });
          const values = await Promise.all(found.map((tensor) => tensor.data()));
          takes.forEach((_, at) =>
            assertLessOrEqual(largestDifference(values[at + takes.length]!, values[at]!), 2e-5)
          );
          tf.dispose(found);
        }));
    }
    await t.step("tokens become a picture and the same tokens again", () =>
      leavingNoTensors(async () => {
        const found = tf.tidy(() => {
          const tokens = tf.randomNormal([2, 9, 4]);
          const [picture] = new GridOfTokens("x", "y", grid).run([tokens]);
          assertEquals(picture!.shape, [2, 2, 3, 4]);
          const [before] = new ExtraTokens("x", "y", 0, 2).run([tokens]);
          const [after] = new ExtraTokens("x", "y", 8, 1).run([tokens]);
          const [again] = new TokensOfGrid("x", ["before", "after"], "y", grid).run([
            picture!,
            before!,
            after!,
          ]);
          return [tokens, again!];
        });
        const [given, again] = await Promise.all(found.map((tensor) => tensor.data()));
        assertEquals(again, given);
        tf.dispose(found);
      }));
  });
}
