import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { asTarget } from "../targets/class.ts";
import { weightsOf } from "../targets/weights.ts";
import { openPass, type PassOptions } from "./pass.ts";
import type { HeadResult, SplitModel } from "../split/model.ts";
import { Activation, findActivation } from "../operations/activation.ts";
import { Computation } from "../operations/computation.ts";
import { makeSplit } from "../split/split_model.ts";
import { cutOperations } from "../split/split_operations.ts";
import { loadModel } from "../formats/mod.ts";
import { isInput, isSpatial } from "../split/layer_choice.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";

/** The gradient of a class's score, and all scores. */
async function differentiate(
  split: SplitModel,
  head: HeadResult,
  classIndex: number,
  options: PassOptions = {},
) {
  const pass = await openPass(split, head, options);
  try {
    const weights = weightsOf(asTarget(classIndex), pass.scores);
    try {
      return { gradient: await pass.gradient(weights), scores: pass.scores.clone() };
    } finally {
      weights.dispose();
    }
  } finally {
    pass.dispose();
  }
}

Deno.test("openPass() leaves nothing behind where it fails", async (t) => {
  await selectBackend({ backend: "cpu" });
  const scoresOf = (a: tf.Tensor) => a.square().mean<tf.Tensor2D>([1, 2]); // squares are kept for the way back
  const cases: readonly (readonly [string, (a: tf.Tensor) => tf.Tensor, string])[] = [
    [
      "on the way to the scores",
      (a) => {
        scoresOf(a);
        throw new RangeError("no further");
      },
      "no further",
    ],
    [
      "on the way back",
      (a) => tf.customGrad((x) => ({ value: (x as tf.Tensor).clone(), gradFunc: () => fail() }))(scoresOf(a)),
      "no way back",
    ],
  ];
  for (const [name, compute, message] of cases) {
    for (const observe of [undefined, () => {}]) {
      await t.step(
        `${name}, ${observe ? "on one tape" : "each on its own"}`,
        () =>
          leavingNoTensors(async () => {
            const operations = [
              new Activation("a", "relu", findActivation("relu")!),
              new Computation(["relu"], "scores", compute),
            ];
            const split = makeSplit({
              layer: "a",
              warnings: [],
              cut: cutOperations({ operations, inputs: ["a"] }, "a", "scores"),
              final: undefined,
              unit: undefined,
              isBare: false,
              reading: { binary: false },
              seesImage: true,
              feed: (x) => new Map([["a", x]]),
            });
            const activation = tf.ones<tf.Rank.R4>([1, 2, 3, 2]);
            await assertRejects(
              () => differentiate(split, { activation, carried: [] }, 0, { observe }),
              RangeError,
              message,
            );
            activation.dispose();
          }),
      );
    }
  }
});

Deno.test("openPass() gives the same gradients when several take turns, and leaves nothing behind", async () => {
  await selectBackend({ backend: "cpu" });
  const model = await loadModel(new URL("zoo/residual/layers/", testdata));
  await leavingNoTensors(async () => {
    const [, height, width, channels] = model.inputs[0]!.shape as readonly number[];
    const split = model.split(model.layers.find((layer) => isSpatial(layer) && !isInput(layer))!.path);
    const heads = [1, 2, 3].map((seed) => {
      const shape: [number, number, number, number] = [1, height!, width!, channels!];
      const x = tf.randomUniform(shape, 0, 1, "float32", seed) as tf.Tensor4D;
      const head = split.head(x);
      x.dispose();
      return head;
    });
    const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
    const alone = [];
    for (const head of heads) alone.push(await differentiate(split, head, 1));
    const together = await Promise.all(heads.map((head) => differentiate(split, head, 1, { pause: turn })));
    for (const [at, { gradient, scores }] of together.entries()) {
      assertEquals([...await gradient.data()], [...await alone[at]!.gradient.data()]);
      assertEquals([...await scores.data()], [...await alone[at]!.scores.data()]);
    }
    tf.dispose([...alone, ...together].flatMap(({ gradient, scores }) => [gradient, scores]));
    tf.dispose(heads.flatMap(({ activation, carried }) => [activation, ...carried]));
  });
  model.dispose();
});

function fail(): never {
  throw new RangeError("no way back");
}
