import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import { attributes, graphFiles, type HandGraph, node, placeholder, pointwise } from "../../testing/graph.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { LayersModelAdapter } from "../layers_model.ts";

/** A network whose first kernel, [3, 3, 3, filters], holds the same number everywhere. */
function networkOf(weight: number, { filters = 8, norm = false } = {}): tf.LayersModel {
  const first = tf.layers.conv2d({ filters, kernelSize: 3, useBias: false });
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [12, 10, 3] }),
      ...norm ? [tf.layers.batchNormalization()] : [],
      first,
      tf.layers.globalAveragePooling2d({}),
    ],
  });
  tf.tidy(() => first.setWeights([tf.fill([3, 3, 3, filters], weight)]));
  return model;
}

Deno.test("firstKernelEvidence() tells a division within the first weights by their size", async (t) => {
  await selectBackend({ backend: "cpu" });
  // The strength of a filter is √27 times its weights': 0.2 is that of one that was trained.
  const cases:
    readonly (readonly [name: string, model: () => tf.LayersModel, expected: string | undefined])[] = [
      ["usual weights", () => networkOf(0.2), undefined],
      ["as many filters make them", () => networkOf(0.0147), undefined],
      ["divided by 255", () => networkOf(0.2 / 255), "none"],
      ["divided by 127.5", () => networkOf(-0.3 / 127.5), "none"],
      ["none at all", () => networkOf(0), undefined],
      ["too few to tell", () => networkOf(0.2 / 255, { filters: 2 }), undefined],
      ["behind a batch norm", () => networkOf(0.2 / 255, { norm: true }), undefined],
    ];
  for (const [name, build, expected] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const model = build();
        const evidence = await new LayersModelAdapter(model).pixelEvidence();
        assertEquals(evidence.find(({ source }) => source === "kernel")?.preprocessing.name, expected);
        model.dispose();
      }));
  }
});

/** A graph whose first kernel, [3, 3, 3, 8], holds the same number everywhere, and bears a name. */
function graphOf(kernel: string, weight: number, scale?: number): HandGraph {
  const stride = { ...pointwise, padding: attributes.text("VALID") };
  const scaled = scale === undefined
    ? []
    : [node("Mul", "net/rescaling/mul", ["photo", "net/rescaling/scale"])];
  return {
    nodes: [
      placeholder("photo", [-1, 12, 10, 3]),
      ...scaled,
      node(
        "Conv2D",
        "net/conv/Conv2D",
        [scale === undefined ? "photo" : "net/rescaling/mul", kernel],
        stride,
      ),
      node("Mean", "net/pool/Mean", ["net/conv/Conv2D", "net/pool/axes"], { keep_dims: { b: false } }),
    ],
    weights: {
      [kernel]: { shape: [3, 3, 3, 8], values: Array(216).fill(weight) },
      "net/pool/axes": { shape: [2], values: [1, 2], dtype: "int32" },
      ...scale !== undefined && { "net/rescaling/scale": { shape: [], values: [scale] } },
    },
  };
}

Deno.test("firstKernelEvidence() tells a division within a graph's first weights by their name too", async (t) => {
  await selectBackend({ backend: "cpu" });
  const folded = "net/conv/Conv2D/ArithmeticOptimizer/FoldMultiplyIntoConv_scaled_net/conv/ReadVariableOp";
  const cases: readonly (readonly [name: string, graph: HandGraph, source?: string, expected?: string])[] = [
    ["usual weights", graphOf("net/conv/ReadVariableOp", 0.2)],
    [
      "usual weights behind a division that stayed",
      graphOf("net/conv/ReadVariableOp", 0.2, 1 / 255),
      "layers",
      "none",
    ],
    ["divided", graphOf("net/conv/ReadVariableOp", 0.2 / 255), "kernel", "none"],
    ["divided, as their name says", graphOf(folded, 0.2 / 255), "kernel", "none"],
    ["divided and multiplied by a batch norm, as their name says", graphOf(folded, 0.02), "kernel", "none"],
    ["multiplied by something, as their name says", graphOf(folded, 0.2)],
  ];
  for (const [name, graph, source, expected] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        using model = await loadModel(graphFiles(graph));
        const [found] = await model.pixelEvidence();
        assertEquals([found?.source, found?.preprocessing.name], [source, expected]);
      }));
  }
});
