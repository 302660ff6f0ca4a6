import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { largestDifference, leavingNoTensors, tryBackend } from "../testing/mod.ts";
import { Activation, findActivation, leakyRelu } from "./activation.ts";
import { Affine } from "./affine.ts";
import { Convolution } from "./convolution.ts";
import { fuse } from "./fuse.ts";
import { Identity } from "./identity.ts";
import { MeanPool } from "./mean_pool.ts";
import type { JoinMode, Operation } from "./operation.ts";
import { Padding } from "./padding.ts";
import { prepare } from "./prepare.ts";
import { Product } from "./product.ts";
import { Reshape } from "./reshape.ts";
import { plan } from "./plan.ts";
import { asChain, goBack, inOneGo, runChain, runTapedInSteps } from "./run.ts";
import { Sum } from "./sum.ts";
import { fixedWeight, type Weight } from "./weight.ts";

let seed = 1;

/** Weights that stay until the end of the enclosing tidy. */
function weight(shape: number[], around = 0): Weight {
  return fixedWeight(tf.randomNormal(shape, around, 0.5, "float32", seed++));
}

const same = { strides: [1, 1], pad: "same", dilations: [1, 1], depthwise: false } as const;

function batchNorm(input: string, output: string, channels: number, shift = 0): Affine {
  const scale = weight([channels], 1).read() as tf.Tensor1D;
  const offset = weight([channels], shift).read() as tf.Tensor1D;
  return new Affine(input, output, { coefficients: () => ({ scale: scale.clone(), shift: offset.clone() }) });
}

function relu(input: string, output: string): Activation {
  return new Activation(input, output, findActivation("relu")!);
}

/** A padded convolution, its batch norm and activation, a depthwise one, dropout, pooling and a dense end. */
function network(shift = 0): Operation[] {
  const down = { ...same, strides: [2, 1], pad: "valid" } as const;
  return [
    new Padding("x", "padded", [1, 0], [2, 1]),
    new Convolution(down, {
      input: "padded",
      output: "conv",
      kernel: weight([3, 3, 3, 4]),
      bias: weight([4]),
    }),
    batchNorm("conv", "bn", 4, shift),
    new Activation("bn", "relu", leakyRelu(0.2)),
    new Convolution({ ...same, depthwise: true }, {
      input: "relu",
      output: "dw",
      kernel: weight([3, 3, 4, 2]),
    }),
    batchNorm("dw", "dw_bn", 8),
    new Identity("dw_bn", "dropout"),
    relu("dropout", "dw_relu"),
    new MeanPool("dw_relu", "pool", true),
    new Reshape("pool", "flat", ([batch]) => [batch!, -1]),
    new Product({ input: "flat", output: "dense", kernel: weight([8, 5]), bias: weight([5]) }),
    new Activation("dense", "scores", findActivation("softmax")!),
  ];
}

/** Run operations one by one as they are. */
function runPlainly(operations: readonly Operation[], x: tf.Tensor, wanted: string): tf.Tensor {
  return inOneGo(runTapedInSteps({ operations, origins: new Map() }, new Map([["x", x]]), { end: wanted }));
}

function names(operations: readonly Operation[]): string[] {
  return operations.map(({ outputs }) => outputs[0]!);
}

const x = () => tf.randomNormal([1, 9, 7, 3], 0, 1, "float32", 99);

Deno.test("fuse() joins what one kernel can do, and keeps what is wanted", async (t) => {
  await tryBackend("cpu");
  const cases: { mode: JoinMode; wanted: string[]; left: string[] }[] = [
    { mode: "fast", wanted: ["scores"], left: ["relu", "dw_relu", "pool", "flat", "dense", "scores"] },
    {
      mode: "exact",
      wanted: ["scores"],
      left: ["conv", "relu", "dw", "dw_relu", "pool", "flat", "dense", "scores"],
    },
    { mode: "fast", wanted: ["conv"], left: ["conv"] },
    { mode: "fast", wanted: ["bn", "dropout"], left: ["bn", "relu", "dw_bn", "dropout"] },
    {
      mode: "taped",
      wanted: ["scores"],
      left: ["padded", "conv", "bn", "relu", "dw", "dw_bn", "dw_relu", "pool", "flat", "dense", "scores"],
    },
  ];
  for (const { mode, wanted, left } of cases) {
    await t.step(`${mode}, to ${wanted}`, () =>
      leavingNoTensors(async () => {
        const scope = tf.engine();
        scope.startScope();
        const made: tf.Tensor[] = [];
        const operations = await prepare(network(), ["scores"], made);
        const last = Math.max(...wanted.map((id) => names(operations).indexOf(id)));
        const fused = fuse(operations.slice(0, last + 1), { wanted, mode });
        assertEquals(names(fused.operations), left);
        const results = plan(fused, ["x"], wanted).run(new Map([["x", x()]]));
        for (const [at, id] of wanted.entries()) {
          const expected = runPlainly(operations, x(), id);
          assertLessOrEqual(largestDifference(await results[at]!.data(), await expected.data()), 1e-5, id);
        }
        tf.dispose(made);
        scope.endScope();
      }));
  }
});

/** A sum of what two products give, or one gives and what it took; the first goes through a dropout. */
function additions(inputs: readonly string[]): Operation[] {
  const conv = (input: string, output: string, size: number, channels: number) =>
    new Convolution(same, {
      input,
      output,
      kernel: weight([size, size, channels, 32], 0),
      bias: weight([32]),
    });
  return [
    conv("x", "a", 1, 3),
    new Identity("a", "dropout"),
    conv("x", "b", 3, 3),
    conv("dropout", "c", 3, 32), // after Winograd
    new MeanPool("a", "mean", true),
    conv("mean", "gate", 1, 32),
    new Sum(inputs, "sum"),
    relu("sum", "y"),
  ];
}

/** What is added, and the operations that are left of those that lead to it. */
const sums: readonly (readonly [inputs: string[], left: string[]])[] = [
  [["dropout", "b"], ["a", "y"]],
  [["b", "dropout"], ["b", "y"]],
  [["dropout", "c"], ["a", "y"]],
  [["c", "b"], ["a", "c", "y"]],
  [["b", "b"], ["b", "sum", "y"]],
  [["b", "c", "dropout"], ["a", "b", "c", "sum", "y"]],
  [["gate", "c"], ["a", "mean", "gate", "y"]], // which is spread over all pixels
  [["c", "gate"], ["a", "c", "mean", "y"]],
];

Deno.test("fuse() joins a sum with a product that it is part of", async (t) => {
  for (const backend of ["cpu", "wasm"] as const) {
    for (const [inputs, left] of sums) {
      await t.step(`${backend}: ${inputs.join(" + ")}`, async () => {
        await tryBackend(backend);
        await leavingNoTensors(async () => {
          tf.engine().startScope();
          const all = additions(inputs), needed = new Set(["y"]);
          for (const { inputs, outputs } of all.toReversed()) {
            if (needed.has(outputs[0]!)) { for (const id of inputs) needed.add(id); }
          }
          const operations = all.filter(({ outputs }) => needed.has(outputs[0]!));
          const fused = fuse(operations, { wanted: ["y"], mode: "fast" });
          assertEquals(names(fused.operations), left);
          const [result] = plan(fused, ["x"], ["y"]).run(new Map([["x", x()]]));
          const expected = runPlainly(operations, x(), "y");
          assertEquals(result!.shape, expected.shape);
          assertLessOrEqual(largestDifference(await result!.data(), await expected.data()), 1e-4);
          tf.engine().endScope();
        });
      });
    }
  }
});

Deno.test("prepare() leaves a batch norm with a large shift apart", () =>
  leavingNoTensors(async () => {
    await tryBackend("cpu");
    tf.engine().startScope();
    const made: tf.Tensor[] = [];
    const operations = await prepare(network(1000), ["scores"], made);
    const fused = fuse(operations, { wanted: ["scores"], mode: "fast" });
    assertEquals(names(fused.operations).slice(0, 3), ["conv", "relu", "dw_relu"]);
    tf.dispose(made);
    tf.engine().endScope();
  }));

Deno.test("goBack() gives the gradients that the tape gives", async (t) => {
  await tryBackend("cpu");
  const ends = ["relu", "relu6", "sigmoid", "softmax", "tanh"];
  for (const end of ends) {
    await t.step(end, () =>
      leavingNoTensors(async () => {
        tf.engine().startScope();
        const operations = [
          batchNorm("x", "bn", 3),
          new Reshape("bn", "flat", ([batch]) => [batch!, -1]),
          new Product({ input: "flat", output: "hidden", kernel: weight([189, 6]), bias: weight([6]) }),
          new Activation("hidden", "active", findActivation(end)!),
          new Identity("active", "dropout"),
          new Product({ input: "dropout", output: "scores", kernel: weight([6, 4]) }),
        ];
        const prepared = await prepare(operations, ["scores"], []);
        const chain = asChain(fuse(prepared, { wanted: ["scores"], mode: "fast" }), "x", "scores");
        assert(chain);
        const input = x();
        const values = runChain(chain, input);
        const gradients = goBack(chain, values, tf.tensor2d([[0, 0, 1, 0], [1, 0, 0, 0]])); // [2, 9, 7, 3]
        assertEquals(gradients.shape, [2, 9, 7, 3]);
        for (const [at, classIndex] of [2, 0].entries()) {
          const taped = tf.grad((x) =>
            runPlainly(prepared, x, "scores").slice([0, classIndex], [1, 1]).sum()
          )(input);
          const ours = gradients.slice([at, 0, 0, 0], [1, -1, -1, -1]);
          assertLessOrEqual(largestDifference(await ours.data(), await taped.data()), 1e-5);
        }
        tf.engine().endScope();
      }));
  }
});

Deno.test("asChain() wants a single way back", async () => {
  await tryBackend("cpu");
  await leavingNoTensors(() =>
    tf.tidy(() => {
      const chainOf = (operations: Operation[]) =>
        asChain(fuse(operations, { wanted: ["y"], mode: "fast" }), "x", "y");
      assert(chainOf([new MeanPool("x", "y", false)]));
      assertEquals(chainOf([new Padding("x", "y", [1, 1], [0, 0])]), undefined);
      assertEquals(chainOf([relu("x", "a"), relu("x", "b"), relu("b", "y")]), undefined);
    })
  );
});
