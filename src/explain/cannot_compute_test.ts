/** What a backend cannot compute: the error names one that can, from the library, the command line and the service. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { ComputeError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { attributes, graphFiles, type HandGraph, node, placeholder } from "../testing/graph.ts";
import { leavingNoTensors, tryBackend } from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";
import { tryLayers } from "./trial.ts";

const [height, width, channels] = [4, 6, 2] as const;
const int = { type: "DT_INT32" };

/** A relu, nodes in between, and the means of all pixels. */
function around(nodes: HandGraph["nodes"], last: string): HandGraph {
  return {
    nodes: [
      placeholder("picture", [-1, height, width, channels]),
      node("Relu", "relu", ["picture"]),
      ...nodes,
      node("Mean", "scores", [last, "axes"], { keep_dims: { b: false } }),
      node("Softmax", "out", ["scores"]),
    ],
    weights: {
      axes: { shape: [2], values: [1, 2], dtype: "int32" },
      zero: { shape: [1, height, width, channels], values: new Array(height * width * channels).fill(0) },
      matrix: {
        shape: [1, height, width, width],
        values: new Array(height * width * width).fill(2),
        dtype: "int32",
      },
    },
    outputs: ["out"],
  };
}

/** A kernel that a backend lacks, and numbers that it does not take. */
const cases: readonly { name: string; graph: HandGraph; message: string }[] = [
  {
    name: "a kernel that is not there",
    graph: around([
      node("Complex", "complex", ["relu", "zero"], { Tout: { type: "DT_COMPLEX64" } }),
      { name: "transform", op: "FFT", input: ["complex"], attr: { Tcomplex: { type: "DT_COMPLEX64" } } },
      { name: "real", op: "Real", input: ["transform"], attr: { Tout: attributes.float } },
      node("Abs", "spectrum", ["real"]),
    ], "spectrum"),
    message: "Cannot run \"complex\" on wasm: Kernel 'Complex' not registered for backend 'wasm'",
  },
  {
    name: "numbers of a type that is not taken",
    graph: around(
      [
        { name: "whole", op: "Cast", input: ["relu"], attr: { SrcT: attributes.float, DstT: int } },
        { name: "turned", op: "Transpose", input: ["whole", "order"], attr: { T: int, Tperm: int } },
        {
          name: "product",
          op: "BatchMatMulV2",
          input: ["matrix", "whole"],
          attr: { T: int, adj_x: { b: false }, adj_y: { b: false } },
        },
        { name: "back", op: "Cast", input: ["product"], attr: { SrcT: int, DstT: attributes.float } },
      ].filter(({ name }) => name !== "turned"),
      "back",
    ),
    message: 'Cannot run "product" on wasm: BatchMatMul for non non-float32 tensors not yet supported',
  },
];

const advice = ': try backend cpu (option "backend", --backend cpu)';

Deno.test("gradcam() names a backend that can compute what the one in use cannot", async (t) => {
  for (const { name, graph, message } of cases) {
    await t.step(name, async () => {
      await selectBackend({ backend: "wasm", threads: 1 });
      await leavingNoTensors(async () => {
        using model = await loadModel(graphFiles(graph));
        const x = tf.ones([1, height, width, channels]) as tf.Tensor4D;
        try {
          const error = await assertRejects(
            () => gradcam(model, x, { layer: "relu" }),
            ComputeError,
            message,
          );
          assert(error.message.endsWith(advice), error.message);
          assert(!error.message.includes("\n"), error.message);
          assertEquals(tf.getBackend(), "wasm", "The backend in use stays");
        } finally {
          x.dispose();
        }
      });
      await tryBackend("cpu"); // which can indeed
      await leavingNoTensors(async () => {
        using model = await loadModel(graphFiles(graph));
        assert(model.layers.length > 0);
      });
    });
  }
});

/** A layer that a backend cannot go forward through, or back. */
class Picky extends tf.layers.Layer {
  static className = "Picky";
  readonly #refuses: "forward" | "back";
  readonly #backends: readonly string[];

  constructor(refuses: "forward" | "back", backends: readonly string[]) {
    super({ name: "picky" });
    this.#refuses = refuses;
    this.#backends = backends;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const refuse = (way: "forward" | "back") => {
      if (way === this.#refuses && this.#backends.includes(tf.getBackend())) {
        throw new Error("It does not know this type. Use another.");
      }
    };
    return tf.customGrad((x) => {
      refuse("forward");
      const gradFunc = (gradient: tf.Tensor) => {
        refuse("back");
        return gradient.clone();
      };
      return { value: (x as tf.Tensor).square(), gradFunc };
    })(Array.isArray(inputs) ? inputs[0]! : inputs);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

Deno.test("gradcam() names it for any model, forward and back", async (t) => {
  for (const refuses of ["forward", "back"] as const) {
    for (const backends of [["wasm"], ["wasm", "cpu"]]) {
      for (const layer of ["first", "picky"]) {
        if (layer === "picky" && refuses === "back") continue; // which lies before it
        await t.step(`${refuses}, ${backends.join(" and ")}, at ${layer}`, async () => {
          await selectBackend({ backend: "wasm", threads: 1 });
          const held = tf.sequential({
            layers: [
              tf.layers.conv2d({ inputShape: [height, width, 3], filters: 2, kernelSize: 1, name: "first" }),
              new Picky(refuses, backends),
              tf.layers.globalAveragePooling2d({}),
              tf.layers.dense({ units: 3, activation: "softmax" }),
            ],
          });
          const model = await loadModel(held);
          const x = tf.ones([1, height, width, 3]) as tf.Tensor4D;
          const error = await leavingNoTensors(() =>
            assertRejects(() => gradcam(model, x, { layer }), ComputeError)
          );
          assert(error.message.startsWith("Cannot run "), error.message);
          assert(error.message.includes(" on wasm: It does not know this type"), error.message);
          assertEquals(error.message.endsWith(advice), backends.length === 1, error.message);
          await leavingNoTensors(async () => {
            const { failing } = await tryLayers(model);
            const reason = `It does not know this type${backends.length === 1 ? advice : ""}`;
            assertEquals(failing[0], { path: "first", reason });
          });
          x.dispose();
          held.dispose();
        });
      }
    }
  }
  await tryBackend("cpu");
});
