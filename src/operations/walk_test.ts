import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { KeptWeights } from "../../backends/kept_weights.ts";
import { ComputeError } from "../base/errors.ts";
import { largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../testing/mod.ts";
import {
  Activation,
  type ActivationFunction,
  boundedRectifier,
  findActivation,
  leakyRelu,
} from "./activation.ts";
import { Affine } from "./affine.ts";
import { Computation } from "./computation.ts";
import { Convolution, type Geometry } from "./convolution.ts";
import { fuse } from "./fuse.ts";
import { MeanPool } from "./mean_pool.ts";
import type { Operation } from "./operation.ts";
import { Padding } from "./padding.ts";
import { prepare } from "./prepare.ts";
import { Product } from "./product.ts";
import { Reshape } from "./reshape.ts";
import { inOneGo, runTapedInSteps } from "./run.ts";
import { Sum } from "./sum.ts";
import { walk } from "./walk.ts";
import { fixedWeight, type Weight } from "./weight.ts";

let seed = 1;

/** Weights that stay until the end of the enclosing scope. */
function weight(...shape: number[]): Weight {
  return fixedWeight(tf.randomNormal(shape, 0, 0.5, "float32", seed++));
}

const geometry: Geometry = { strides: [1, 1], pad: "same", dilations: [1, 1], depthwise: false };

function norm(input: string, output: string, channels: number): Affine {
  const [scale, shift] = [weight(channels), weight(channels)].map((one) => one.read() as tf.Tensor1D);
  return new Affine(input, output, {
    coefficients: () => ({ scale: scale!.clone(), shift: shift!.clone() }),
  });
}

function act(input: string, output: string, activation: ActivationFunction): Activation {
  return new Activation(input, output, activation);
}

const named = (name: string) => findActivation(name)!;

/** Ways that part and join, strides, groups, and operations of which only the tape knows the way back. */
function network(): Operation[] {
  const conv = (input: string, output: string, shape: number[], more: Partial<Geometry> = {}) => {
    const channels = more.depthwise ? shape[2]! * shape[3]! : shape[3]!;
    return new Convolution({ ...geometry, ...more }, {
      input,
      output,
      kernel: weight(...shape),
      bias: weight(channels),
    });
  };
  return [
    new Padding("x", "padded", [1, 0], [2, 1]),
    conv("padded", "stem", [3, 3, 3, 4], { strides: [2, 2], pad: "valid" }),
    norm("stem", "stem_bn", 4),
    act("stem_bn", "a", named("relu6")),
    conv("a", "left", [1, 1, 4, 4]),
    act("left", "left_relu", named("relu")),
    conv("a", "right", [3, 3, 4, 1], { depthwise: true, dilations: [2, 2] }),
    act("right", "right_leaky", leakyRelu(0.2)),
    new Sum(["left_relu", "right_leaky", "a", "a"], "sum"),
    conv("sum", "again", [3, 3, 4, 4]),
    new Sum(["sum", "again"], "around"),
    act("around", "around_relu", named("relu")),
    new MeanPool("around_relu", "overall", true),
    conv("overall", "gate", [1, 1, 4, 4]),
    new Sum(["gate", "around_relu"], "spread"), // over all pixels
    conv("spread", "grouped", [3, 3, 2, 4]),
    act("grouped", "elu", named("elu")),
    new Computation(["elu", "a"], "gated", (b, a) => b!.mul(a!)),
    new Computation(["gated", "sum"], "joined", (...both) => tf.concat(both, -1)),
    conv("joined", "down", [3, 3, 8, 2], { depthwise: true, strides: [2, 2] }),
    norm("down", "down_bn", 16),
    act("down_bn", "bounded", boundedRectifier({ threshold: 0.1, max: 2 })),
    act("bounded", "swish", named("swish")),
    new Computation(["swish"], "pooled", (x) => tf.maxPool(x as tf.Tensor4D, 2, 1, "same")),
    new MeanPool("pooled", "mean", false),
    new Reshape("mean", "rows", ([batch]) => [batch! * 4, 4]),
    new Product({ input: "rows", output: "mixed", kernel: weight(4, 3), bias: weight(3) }),
    new Reshape("mixed", "flat", () => [1, 12]),
    new Product({ input: "flat", output: "logits", kernel: weight(12, 5), bias: weight(5) }),
    act("logits", "scores", named("softmax")),
  ];
}

const turn = () => Promise.resolve();

Deno.test("walk() goes back as the tape does", async (t) => {
  for (const backend of testedBackends) {
    for (const isPrepared of [false, true]) {
      await t.step(`${backend}, ${isPrepared ? "prepared" : "as it is"}`, async () => {
        const why = await tryBackend(backend);
        if (why) return console.log(why);
        await leavingNoTensors(async () => {
          tf.engine().startScope();
          seed = 1;
          const made: tf.Tensor[] = [];
          const operations = isPrepared ? await prepare(network(), ["scores"], made) : network();
          const x = tf.randomNormal([1, 9, 11, 3], 0, 1, "float32", 99);
          const gradient = tf.tensor2d([[0, 1, 0, -0.5, 0]]);
          const taped = tf.grad((x) => {
            const fused = { operations, origins: new Map() };
            return inOneGo(runTapedInSteps(fused, new Map([["x", x]]), { end: "scores" })).mul(gradient)
              .sum();
          })(x);
          const before = tf.memory().numTensors;
          const fused = fuse(operations, { wanted: ["scores"], mode: "exact" });
          const kept = new KeptWeights();
          const way = await walk(fused, {
            start: "x",
            end: "scores",
            values: new Map([["x", x]]),
            pause: turn,
          });
          const found = [
            await way.goBack(gradient, { pause: turn }),
            await way.goBack(gradient, { pause: turn, kept }),
            await way.goBack(gradient, { pause: turn, kept }), // by what was kept
          ];
          for (const one of found) {
            assertEquals(one.shape, x.shape);
            assertLessOrEqual(largestDifference(await one.data(), await taped.data()), 1e-5);
          }
          tf.dispose(found);
          way.dispose();
          kept.dispose();
          assertEquals(tf.memory().numTensors, before);
          tf.dispose(made);
          tf.engine().endScope();
        });
      });
    }
  }
});

Deno.test("walk() says what has no way back, and leaves nothing behind", async (t) => {
  await tryBackend("cpu");
  const cases: [string, Operation[], string][] = [
    ["no way", [new Computation(["x"], "y", (x) => tf.ones(x!.shape))], "no operation leads to the score"],
    ["no gradient", [
      new Activation("x", "a", named("relu")),
      new Computation(["a"], "y", (a) => tf.cumprod(a!)),
    ], "has none"],
  ];
  for (const [name, operations, message] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const x = tf.ones([1, 2, 3, 1]);
        const way = await walk({ operations, origins: new Map() }, {
          start: "x",
          end: "y",
          values: new Map([["x", x]]),
          pause: turn,
        });
        const gradient = tf.onesLike(way.end);
        await assertRejects(() => way.goBack(gradient, { pause: turn }), ComputeError, message);
        way.dispose();
        tf.dispose([x, gradient]);
      }));
  }
  await t.step("interrupted", () =>
    leavingNoTensors(async () => {
      tf.engine().startScope();
      const operations = network();
      const x = tf.ones([1, 9, 11, 3]);
      const gradient = tf.ones([1, 5]);
      const before = tf.memory().numTensors;
      const request = { start: "x", end: "scores", values: new Map([["x", x]]) };
      const fused = { operations, origins: new Map<string, string>() };
      const after = (turns: number) => () =>
        turns-- > 0 ? Promise.resolve() : Promise.reject(new RangeError("enough"));
      for (const turns of [0, 3, 11]) {
        await assertRejects(() => walk(fused, { ...request, pause: after(turns) }), RangeError, "enough");
        assertEquals(tf.memory().numTensors, before);
      }
      const way = await walk(fused, { ...request, pause: turn });
      const gone = tf.memory().numTensors;
      for (const turns of [0, 3, 12]) {
        await assertRejects(() => way.goBack(gradient, { pause: after(turns) }), RangeError, "enough");
        assertEquals(tf.memory().numTensors, gone);
      }
      way.dispose();
      tf.engine().endScope();
    }));
});
