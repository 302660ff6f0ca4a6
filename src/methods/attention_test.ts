/** Methods for attention, worked out by hand for matrices of three tokens: a class token, and two patches. */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Tensor3D } from "../base/tensors.ts";
import { leavingNoTensors, tryBackend } from "../testing/mod.ts";
import { attentionRelevanceMethod } from "./attentionrelevance.ts";
import { legradMethod } from "./legrad.ts";
import type { AttentionProbe } from "./probe.ts";
import { rolloutMethod } from "./rollout.ts";
import { givenProbe, rawMapOf } from "./testing.ts";

const grid = { height: 1, width: 2, before: 1, after: 0 };

/** Two blocks of two heads each. */
function attention(weights: number[][][][], gradients: number[][][][]): AttentionProbe & { dispose(): void } {
  const all = weights.map((heads, at) => ({
    weights: tf.tensor3d(heads) as Tensor3D,
    gradient: tf.tensor3d(gradients[at]!) as Tensor3D,
  }));
  return {
    grid,
    blocks: all.length,
    weights: () => Promise.resolve(all),
    ownGradient: (block) => Promise.resolve(all[block]!.gradient),
    dispose: () => tf.dispose(all.flatMap(({ weights, gradient }) => [weights, gradient])),
  };
}

const identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
const zeros = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
/** The class token looks at both patches, the first patch at the second. */
const looking = [[0, 0.5, 0.5], [0, 0, 1], [0, 0, 1]];
const toFirst = [[0, 1, 0], [0, 1, 0], [0, 1, 0]];

Deno.test("methods for attention by hand", async (t) => {
  await tryBackend("cpu");
  const rows = [
    {
      // Ã₁ = ½·mean(looking, I) + ½ I, its class row [½ + ¼, ⅛, ⅛], its first patch's [0, ¾, ¼]; Ã₂ = ½ toFirst + ½ I.
      // The class row of Ã₂Ã₁ is ½·[0, ¾, ¼] + ½·[¾, ⅛, ⅛].
      name: "rollout of the class token",
      method: rolloutMethod,
      weights: [[looking, identity], [toFirst, toFirst]],
      gradients: [[zeros, zeros], [[[0, 0, 1], [0, 0, 0], [0, 0, 0]], zeros]],
      map: [3 / 8 + 1 / 16, 1 / 8 + 1 / 16],
    },
    {
      // The mean of the rows of the class token and of the second patch, which are read: the latter's is
      // ½·[0, ¾, ¼] + ½·[0, 0, 1].
      name: "rollout of two tokens",
      method: rolloutMethod,
      weights: [[looking, identity], [toFirst, toFirst]],
      gradients: [[zeros, zeros], [[[0, 0, 1], [0, 0, 0], [0, -2, 0]], zeros]],
      map: [(7 / 16 + 3 / 8) / 2, (3 / 16 + 5 / 8) / 2],
    },
    {
      name: "rollout without a gradient takes the first token",
      method: rolloutMethod,
      weights: [[looking, looking]],
      gradients: [[zeros, zeros]],
      map: [1 / 4, 1 / 4],
    },
    {
      // Ā₁ = ½ relu([[0, ½·2, ½·(−4)], [0, 0, 1·3], 0]) → class row [0, ½, 0], first patch's [0, 0, 1½].
      // Ā₂ = toFirst·1 in the class row: R's class row is [1, ½, 0] + [0, 1, 1½].
      name: "attention relevance",
      method: attentionRelevanceMethod,
      weights: [[looking, identity], [toFirst, toFirst]],
      gradients: [[[[0, 2, -4], [0, 0, 3], [0, 0, 0]], zeros], [[[0, 1, 0], [0, 0, 0], [0, 0, 0]], [
        [0, 1, 5],
        [0, 0, 0],
        [
          0,
          0,
          0,
        ],
      ]]],
      map: [3 / 2, 3 / 2],
    },
    {
      // Positive gradients by column, over two heads, three tokens and two blocks: (6 + 0) / 12 and (3 + 9) / 12.
      name: "LeGrad",
      method: legradMethod,
      weights: [[looking, looking], [looking, looking]],
      gradients: [[[[7, 6, -1], [0, -9, 3], [0, 0, 0]], zeros], [zeros, [[0, 0, 4], [-1, 0, 5], [0, 0, 0]]]],
      map: [6 / 12, 12 / 12],
    },
  ];
  for (const { name, method, weights, gradients, map } of rows) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const given = attention(weights, gradients);
        const { shape, data } = await rawMapOf(method, givenProbe({ attention: given }));
        given.dispose();
        assertEquals(shape, [1, 2]);
        data.forEach((value, at) => assertAlmostEquals(value, map[at]!, 1e-6));
      }));
  }
});
