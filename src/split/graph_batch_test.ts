/** Graphs that were converted for several pictures at once give one picture what the same graph for any number gives. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { Model } from "../explain/model.ts";
import { loadModel } from "../formats/mod.ts";
import {
  attributes,
  graphFiles,
  graphModel,
  type GraphWeight,
  type HandGraph,
  node,
  type NodeJson,
  placeholder,
  pointwise,
} from "../testing/graph.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { reshapedForOne } from "./graph_batch.ts";

const [height, width, channels, classes] = [4, 6, 3, 5] as const;

function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, at) => Math.sin((at + 1) * 1.7 * seed));
}

/** A weight that is the same for each of so many pictures. */
function repeated(count: number, [first = 1, ...shape]: readonly number[], seed: number): GraphWeight {
  const values = numbers(tf.util.sizeFromShape([first, ...shape]), seed);
  return { shape: [first * count, ...shape], values: Array.from({ length: count }, () => values).flat() };
}

const ints = (...values: number[]): GraphWeight => ({ shape: [values.length], values, dtype: "int32" });
const dense = (rows: number): GraphWeight => repeated(1, [rows, classes], 3);

/** What stands between a relu and the scores, for a number of pictures: the last node's name is `scores`. */
interface Tail {
  readonly name: string;
  nodes: readonly NodeJson[];
  weights(batch: number): Readonly<Record<string, GraphWeight>>;
}

const means = { keep_dims: { b: false } };
const axes = { axes: ints(1, 2) };
const all = height * width * channels;

/** The pixels of all pictures as rows, and back again. */
const inRows: readonly NodeJson[] = [
  node("Reshape", "rows", ["relu", "to_rows"]),
  node("MatMul", "each", ["rows", "dense"]),
  node("Reshape", "back", ["each", "to_pictures"]),
  node("Mean", "scores", ["back", "axes"], means),
];

const tails: readonly Tail[] = [
  {
    name: "flattened to what is left",
    nodes: [node("Reshape", "flat", ["relu", "shape"]), node("MatMul", "scores", ["flat", "dense"])],
    weights: (batch) => ({ shape: ints(batch, -1), dense: dense(all) }),
  },
  {
    name: "flattened to a number",
    nodes: [node("Reshape", "flat", ["relu", "shape"]), node("MatMul", "scores", ["flat", "dense"])],
    weights: (batch) => ({ shape: ints(batch, all), dense: dense(all) }),
  },
  {
    name: "flattened to a shape of two nodes",
    nodes: [
      {
        name: "shape",
        op: "Pack",
        input: ["batch", "size"],
        attr: { T: { type: "DT_INT32" }, N: { i: "2" } },
      },
      node("Reshape", "flat", ["relu", "shape"]),
      node("MatMul", "scores", ["flat", "dense"]),
    ],
    weights: (batch) => ({
      batch: { ...ints(batch), shape: [] },
      size: { ...ints(all), shape: [] },
      dense: dense(all),
    }),
  },
  {
    name: "the pixels of all pictures in rows",
    nodes: inRows,
    weights: (batch) => ({
      ...axes,
      to_rows: ints(batch * height * width, channels),
      to_pictures: ints(batch, height, width, classes),
      dense: dense(channels),
    }),
  },
  {
    name: "the pixels of all pictures in as many rows as there are",
    nodes: inRows,
    weights: (batch) => ({
      ...axes,
      to_rows: ints(-1, channels),
      to_pictures: ints(batch, height, -1, classes),
      dense: dense(channels),
    }),
  },
  {
    name: "a token before the pixels of each picture",
    nodes: [
      node("Reshape", "sequence", ["relu", "shape"]),
      node("ConcatV2", "tokens", ["token", "sequence", "one"], { N: { i: "2" } }),
      node("AddV2", "placed", ["tokens", "places"]),
      node("Tanh", "shaped", ["placed"]),
      node("Mean", "means", ["shaped", "one"], means),
      node("MatMul", "scores", ["means", "dense"]),
    ],
    weights: (batch) => ({
      shape: ints(batch, height * width, channels),
      token: repeated(batch, [1, 1, channels], 4),
      places: repeated(batch, [1, height * width + 1, channels], 5),
      one: { ...ints(1), shape: [] },
      dense: dense(channels),
    }),
  },
  {
    name: "a slice of each picture",
    nodes: [
      node("Slice", "part", ["relu", "begin", "size"], { Index: { type: "DT_INT32" } }),
      node("Mean", "means", ["part", "axes"], means),
      node("MatMul", "scores", ["means", "dense"]),
    ],
    weights: (batch) => ({
      ...axes,
      begin: ints(0, 1, 0, 0),
      size: ints(batch, 2, -1, channels),
      dense: dense(channels),
    }),
  },
  {
    name: "a transposed convolution",
    nodes: [
      node("Conv2DBackpropInput", "larger", ["size", "filter", "relu"], {
        ...pointwise,
        strides: attributes.ints(1, 2, 2, 1),
      }),
      node("Relu6", "active", ["larger"]),
      node("Mean", "scores", ["active", "axes"], means),
    ],
    weights: (batch) => ({
      ...axes,
      size: ints(batch, 2 * height, 2 * width, classes),
      filter: repeated(1, [2, 2, classes, channels], 4),
    }),
  },
  {
    name: "means spread over all pixels",
    nodes: [
      node("Mean", "means", ["relu", "axes"], { keep_dims: { b: true } }),
      node("BroadcastTo", "spread", ["means", "size"], { Tidx: { type: "DT_INT32" } }),
      node("Mul", "gated", ["relu", "spread"]),
      node("Mean", "sums", ["gated", "axes"], means),
      node("MatMul", "scores", ["sums", "dense"]),
    ],
    weights: (batch) => ({ ...axes, size: ints(batch, height, width, channels), dense: dense(channels) }),
  },
];

function graphOf({ nodes, weights }: Tail, batch: number, before = "Abs"): HandGraph {
  return {
    nodes: [
      placeholder("picture", [batch, height, width, channels]),
      node(before, "first", ["picture"]), // which TensorFlow.js executes, fed the picture
      node("Relu", "relu", ["first"]),
      ...nodes,
      node("Softmax", "out", ["scores"]),
    ],
    weights: weights(batch),
    outputs: ["out"],
  };
}

const picture = numbers(all, 1.3).map((value) => value + 0.4);

/** The scores and the maps of two classes, at the relu. */
async function explain(model: Model): Promise<[scores: number[], maps: number[]]> {
  const x = tf.tensor4d(picture, [1, height, width, channels]);
  const { scores, maps } = await gradcam(model, x, { layer: "relu", classIndex: [1, 3] })
    .finally(() => x.dispose());
  const inOrder = scores.toSorted((a, b) => a.classIndex - b.classIndex).map(({ score }) => score);
  return [inOrder, maps.flatMap(({ raw }) => [...raw.data])];
}

for (const backend of testedBackends) {
  Deno.test(`loadModel() opens graphs for several pictures, on ${backend}`, async (t) => {
    const missing = await tryBackend(backend);
    for (const tail of tails) {
      await t.step({
        name: missing === undefined ? tail.name : `${tail.name} (${missing})`,
        ignore: missing !== undefined,
        fn: () =>
          leavingNoTensors(async () => {
            using free = await loadModel(graphFiles(graphOf(tail, 1)));
            const [scores, maps] = await explain(free);
            assertAlmostEquals(scores.reduce((sum, score) => sum + score), 1, 1e-5);
            assert(largestMagnitude(maps) > 1e-4, "The maps are of something");
            for (const batch of [2, 8, 24]) {
              using fixed = await loadModel(graphFiles(graphOf(tail, batch)));
              const found = await explain(fixed);
              assertLess(largestDifference(found[0], scores), 1e-6, `Scores for ${batch}`);
              assertLess(largestDifference(found[1], maps), 1e-6, `Maps for ${batch}`);
              assertEquals(fixed.inputs[0]!.shape, [null, height, width, channels]);
              assertEquals(fixed.notes, [`converted for ${batch} pictures at once: it is given one`]);
            }
            assertEquals(free.notes, []);
          }),
      });
    }
    await tryBackend("cpu");
  });
}

Deno.test("gradcam() explains a held graph for several pictures, which stays as it is", async () => {
  await tryBackend("wasm");
  await leavingNoTensors(async () => {
    const [tail] = tails;
    using free = await loadModel(graphFiles(graphOf(tail!, -1)));
    const held = await graphModel(graphOf(tail!, 8));
    const [scores, maps] = await explain(held);
    const [expected, expectedMaps] = await explain(free);
    assertLess(largestDifference(scores, expected), 1e-6);
    assertLess(largestDifference(maps, expectedMaps), 1e-6);
    assertEquals(held.inputs[0]!.shape, [8, height, width, channels]);
    const eight = tf.zeros([8, height, width, channels]);
    const whole = held.predict(eight) as tf.Tensor;
    assertEquals(whole.shape, [8, classes]);
    tf.dispose([eight, whole]);
    held.dispose();
  });
  await tryBackend("cpu");
});

Deno.test("loadModel() says why a graph for several pictures cannot be run with one", async (t) => {
  await tryBackend("wasm");
  const different: Tail = {
    name: "a weight for each picture",
    nodes: [
      node("AddV2", "sum", ["relu", "own"]),
      node("Mean", "scores", ["sum", "axes"], means),
    ],
    weights: (batch) => ({
      ...axes,
      own: { shape: [batch, height, width, channels], values: numbers(batch * all, 2) },
    }),
  };
  const unknown: Tail = {
    name: "a number of pictures that something else takes",
    nodes: [node("Reshape", "flat", ["relu", "shape"]), node("MatMul", "scores", ["mixing", "flat"])],
    weights: (batch) => ({ shape: ints(batch, -1), mixing: repeated(1, [batch, batch], 2) }),
  };
  for (const tail of [different, unknown]) {
    await t.step(tail.name, () =>
      leavingNoTensors(async () => {
        using model = await loadModel(graphFiles(graphOf(tail, 8)));
        const error = await assertRejects(
          () => explain(model),
          ModelError,
          "Cannot run the model with one picture, since it was converted for 8: ",
        );
        assert(/^[^\n]+: convert it for any number$/.test(error.message), error.message);
      }));
  }
  await tryBackend("cpu");
});

Deno.test("reshapedForOne() finds where the pictures are", () => {
  const rows: [target: number[], given: number[], batch: number, expected: number[]][] = [
    [[8, -1], [1, 4, 6, 3], 8, [1, 72]],
    [[8, 72], [1, 4, 6, 3], 8, [1, 72]],
    [[-1, 72], [1, 4, 6, 3], 8, [1, 72]],
    [[192, 3], [1, 4, 6, 3], 8, [24, 3]],
    [[192, -1], [1, 4, 6, 3], 8, [24, 3]],
    [[1, 8, 72], [1, 72], 8, [1, 1, 72]],
    [[7, -1], [7, 1, 5], 8, [7, 5]], // pictures within
    [[7, 40], [7, 1, 5], 8, [7, 5]],
    [[3, 3], [1, 9], 8, [3, 3]], // what does not follow stays
  ];
  for (const [target, given, batch, expected] of rows) {
    assertEquals(reshapedForOne(target, given, batch), expected, `${target} of ${given}`);
  }
});
