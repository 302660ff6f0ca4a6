/** Biases, batch norms, sums and activations that TensorFlow's optimiser fused into a product, in every shape it leaves. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import type { BackendName } from "../../backends/mod.ts";
import { ModelError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
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

/** A picture of two channels, 2 × 3. */
const picture = [0.1, 0.7, 0.3, 0.9, 0.5, 0.25, 0.2, 0.6, 0.125, 0.3, 0.8, 0.4];
const [height, width, channels] = [2, 3, 3] as const;

/** Numbers around 0 that look random. */
function numbers(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, at) => Math.sin((at + 1) * 1.7 * seed) * 0.8);
}

function weight(shape: readonly number[], seed = 1): GraphWeight {
  return { shape, values: numbers(tf.util.sizeFromShape([...shape]), seed) };
}

/** A product that others are fused into. */
interface ProductKind {
  readonly op: string;
  readonly kernel: readonly number[];
  readonly attr: object;
  /** Whether it takes one number of each channel instead of the picture. */
  readonly isFlat: boolean;
  compute(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor;
}

const kinds: readonly ProductKind[] = [
  {
    op: "_FusedConv2D",
    kernel: [1, 1, 2, channels],
    attr: pointwise,
    isFlat: false,
    compute: (x, kernel) => tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, "same"),
  },
  { // each channel convolved on its own, as one group of two
    op: "_FusedConv2D",
    kernel: [1, 1, 1, 2 * channels],
    attr: pointwise,
    isFlat: false,
    compute: (x, kernel) =>
      tf.concat(
        [0, 1].map((group) =>
          tf.conv2d(
            tf.slice(x, [0, 0, 0, group], [1, height, width, 1]) as tf.Tensor4D,
            tf.slice(kernel, [0, 0, 0, group * channels], [1, 1, 1, channels]) as tf.Tensor4D,
            1,
            "same",
          )
        ),
        -1,
      ),
  },
  {
    op: "FusedDepthwiseConv2dNative",
    kernel: [1, 1, 2, channels],
    attr: pointwise,
    isFlat: false,
    compute: (x, kernel) => tf.depthwiseConv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, "same"),
  },
  {
    op: "_FusedMatMul",
    kernel: [2, channels],
    attr: {},
    isFlat: true,
    compute: (x, kernel) => tf.matMul(x, kernel),
  },
  {
    op: "_FusedMatMul",
    kernel: [channels, 2],
    attr: { transpose_b: { b: true } },
    isFlat: true,
    compute: (x, kernel) => tf.matMul(x, kernel, false, true),
  },
];

/** How many channels a product gives. */
function channelsOf({ op, kernel }: ProductKind): number {
  return op === "FusedDepthwiseConv2dNative" || kernel.at(-1) === 2 * channels ? 2 * channels : channels;
}

/** Where what is fused in comes from. */
const sources = ["weight", "handed on", "computed", "value"] as const;

/** What is fused into a product: names, and what they take. */
interface Fused {
  readonly names: readonly string[];
  readonly takes: readonly GraphWeight[];
  readonly attr?: object;
  /** Whether it makes sense for a picture alone. */
  readonly isSpatial?: boolean;
  compute(x: tf.Tensor, taken: readonly tf.Tensor[]): tf.Tensor;
}

/** All of it, for a product of so many channels. */
function fusedInto(k: number): Fused[] {
  const biases = [[k], [1, k], [1, 1, k], [1, 1, 1, k], [], [1], [1, 1, 1, 1]];
  const ofPictures = [[1, height, width, k], [height, width, 1], [1, height, 1, k], [height, 1, 1], [
    width,
    k,
  ]];
  const bias = (shape: readonly number[], isSpatial = false): Fused => ({
    names: ["BiasAdd"],
    takes: [weight(shape, 2)],
    isSpatial: isSpatial || shape.length > 2,
    compute: (x, [bias]) => tf.add(x, bias!),
  });
  const prelu = (shape: readonly number[], isSpatial = false): Fused => ({
    names: ["BiasAdd", "Prelu"],
    takes: [weight([k], 2), weight(shape, 3)],
    isSpatial: isSpatial || shape.length > 2,
    compute: (x, [bias, slopes]) => tf.prelu(tf.add(x, bias!), slopes!),
  });
  const activation = (name: string, apply: (x: tf.Tensor) => tf.Tensor, attr = {}): Fused => ({
    names: ["BiasAdd", name],
    takes: [weight([1, k], 2)],
    attr,
    compute: (x, [bias]) => apply(tf.add(x, bias!)),
  });
  return [
    ...biases.map((shape) => bias(shape)),
    ...ofPictures.map((shape) => bias(shape, true)),
    ...[[k], [1, k], [1, 1, k], [1, 1, 1, k], [1]].map((shape) => prelu(shape)),
    ...[[height, width, k], [height, 1, k], [1, height, width, 1], [width, 1]].map((shape) =>
      prelu(shape, true)
    ),
    { names: [], takes: [], compute: (x) => x.clone() },
    { names: ["NoOp", "Relu"], takes: [], compute: (x) => tf.relu(x) },
    { names: ["NoOp", "Prelu"], takes: [weight([k], 3)], compute: (x, [a]) => tf.prelu(x, a!) },
    activation("Relu", (x) => tf.relu(x)),
    activation("Relu6", (x) => tf.relu6(x)),
    activation("Elu", (x) => tf.elu(x)),
    activation("Sigmoid", (x) => tf.sigmoid(x)),
    activation("Tanh", (x) => tf.tanh(x)),
    activation("LeakyRelu", (x) => tf.leakyRelu(x, 0.3), { leakyrelu_alpha: { f: 0.3 } }),
    activation("GeluExact", (x) => x.mul(tf.erf(x.div(Math.SQRT2)).add(1)).div(2)),
    // √(2 / π) = 0.7978845608
    activation(
      "GeluApproximate",
      (x) => x.mul(x.add(x.pow(3).mul(0.044715)).mul(0.7978845608).tanh().add(1)).div(2),
    ),
    activation("_FusedHardSwish", (x) => x.mul(x.add(3).clipByValue(0, 6)).div(6)),
    activation("_MklFusedMish", (x) => x.mul(x.exp().add(1).log().tanh())),
    activation("_MklSwish", (x) => x.div(x.neg().exp().add(1))),
    {
      names: ["BiasAdd", "Add", "Relu"],
      takes: [weight([1, 1, 1, k], 2), weight([1, height, width, k], 4)],
      isSpatial: true,
      compute: (x, [bias, other]) => tf.relu(x.add(bias!).add(other!)),
    },
    {
      names: ["FusedBatchNorm", "Relu"],
      takes: [weight([k], 2), weight([k], 3), weight([k], 4), {
        shape: [k],
        values: numbers(k, 5).map(Math.abs),
      }],
      attr: { epsilon: { f: 0.01 } },
      isSpatial: true,
      compute: (x, [scale, offset, mean, variance]) =>
        tf.relu(x.sub(mean!).div(variance!.add(0.01).sqrt()).mul(scale!).add(offset!)),
    },
  ];
}

/** Nodes that give a weight in other ways: by other nodes, or times the mean of the picture, which is a value. */
function given(name: string, source: typeof sources[number]): NodeJson[] {
  if (source === "handed on") return [node("Identity", `${name}/read`, [name])];
  if (source === "computed") return [node("Mul", `${name}/read`, [name, "one"])];
  if (source === "value") return [node("Mul", `${name}/read`, [name, "overall"])];
  return [];
}

/** A graph of a relu, a product with what is fused into it, and means of all pixels. */
function graphOf(
  kind: ProductKind,
  { names, takes, attr }: Fused,
  source: typeof sources[number],
): HandGraph {
  const taken = takes.map((_, at) => `taken${at}`);
  const read = taken.map((name) => source === "weight" ? name : `${name}/read`);
  const fused = {
    ...kind.attr,
    ...attr,
    fused_ops: attributes.strings(...names),
    num_args: { i: String(taken.length) },
  };
  const before = kind.isFlat ? "means" : "relu";
  const keep = (yes: boolean) => ({ keep_dims: { b: yes } });
  return {
    nodes: [
      placeholder("picture", [-1, height, width, 2]),
      node("Relu", "relu", ["picture"]),
      node("Mean", "means", ["relu", "axes"], keep(false)),
      node("Mean", "overall", ["relu", "all"], keep(false)),
      ...taken.flatMap((name) => given(name, source)),
      node(kind.op, "product", [before, "kernel", ...read], fused),
      ...(kind.isFlat ? [] : [node("Mean", "scores", ["product", "axes"], keep(false))]),
      node("Identity", "out", [kind.isFlat ? "product" : "scores"]),
    ],
    weights: {
      kernel: weight(kind.kernel),
      axes: { shape: [2], values: [1, 2], dtype: "int32" },
      all: { shape: [4], values: [0, 1, 2, 3], dtype: "int32" },
      one: { shape: [], values: [1] },
      ...Object.fromEntries(takes.map((one, at) => [taken[at]!, one])),
    },
    outputs: ["out"],
  };
}

/** The scores, and the map of each at the relu, by plain operations. */
function reference(kind: ProductKind, fused: Fused, source: typeof sources[number]) {
  return tf.tidy(() => {
    const x = tf.tensor4d(picture, [1, height, width, 2]);
    const tensorOf = ({ shape, values }: GraphWeight) => tf.tensor([...values], [...shape]);
    const scores = (x: tf.Tensor) => {
      const before = kind.isFlat ? x.mean([1, 2]) : x;
      const factor = source === "value" ? x.mean() : tf.scalar(1);
      const taken = fused.takes.map((one) => tensorOf(one).mul(factor));
      const result = fused.compute(kind.compute(before, tensorOf(weight(kind.kernel))), taken);
      return kind.isFlat ? result : result.mean([1, 2]);
    };
    const given = [...scores(x).dataSync()];
    const maps = given.map((_, at) => {
      const weights = tf.grad((x) => scores(x).slice([0, at], [1, 1]).sum())(x).mean([0, 1, 2]);
      return [...x.mul(weights).sum(-1).dataSync()];
    });
    return { scores: given, maps };
  });
}

/** A product, what is fused into it, and where that comes from. */
interface Case {
  readonly kind: ProductKind;
  readonly fused: Fused;
  readonly source: typeof sources[number];
}

/** All that is tried on a backend. */
function casesOn(backend: BackendName): Case[] {
  const all = kinds.flatMap((kind, index) =>
    fusedInto(channelsOf(kind))
      // A GPU's programs take a while to compile: each kind of product is tried with every fourth of what is fused into
      // it there, and with numbers from one place.
      .filter((fused, at) =>
        !(kind.isFlat && fused.isSpatial) && (backend !== "webgpu" || at % 4 === index % 4)
      )
      .flatMap((fused) =>
        (fused.takes.length > 0 && backend !== "webgpu" ? sources : ["weight"] as const)
          .map((source) => ({ kind, fused, source }))
      )
  );
  // Statistics of a batch norm are weights wherever they come from.
  return all.filter(({ fused, source }) => source !== "value" || !fused.names.includes("FusedBatchNorm"));
}

async function checkCase(
  { kind, fused, source }: Case,
  expected: ReturnType<typeof reference>,
): Promise<void> {
  await checkGraph(graphOf(kind, fused, source), expected);
}

async function checkGraph(graph: HandGraph, expected: ReturnType<typeof reference>): Promise<void> {
  await leavingNoTensors(async () => {
    using model = await loadModel(graphFiles(graph));
    const x = tf.tensor4d(picture, [1, height, width, 2]);
    const classIndex = expected.scores.map((_, at) => at);
    const { maps, scores } = await gradcam(model, x, { layer: "relu", classIndex });
    x.dispose();
    for (const { classIndex, score } of scores) {
      assertAlmostEquals(score, expected.scores[classIndex]!, 1e-5);
    }
    assert(largestMagnitude(expected.maps.flat()) > 1e-3, "The maps are of something");
    for (const { classIndex, raw } of maps) {
      assertLess(largestDifference(raw.data, expected.maps[classIndex]!), 1e-5);
    }
  });
}

for (const backend of testedBackends) {
  Deno.test(`split() takes apart what is fused into a product, on ${backend}`, async (t) => {
    await tryBackend("cpu");
    const cases = casesOn(backend).map((one) => ({
      one,
      expected: reference(one.kind, one.fused, one.source),
    }));
    const missing = await tryBackend(backend);
    for (const { one, expected } of cases) {
      const { kind, fused, source } = one;
      const shapes = fused.takes.map(({ shape }) => `[${shape}]`).join(" ");
      const name = `${kind.op} [${kind.kernel}] ${fused.names.join(" ")} ${shapes}, ${source}`;
      await t.step({
        name: missing === undefined ? name : `${name} (${missing})`,
        ignore: missing !== undefined,
        fn: () => checkCase(one, expected),
      });
    }
    await tryBackend("cpu");
  });
}

Deno.test("split() gives what a held graph's fused products give", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    await t.step({
      name: missing === undefined ? backend : `${backend} (${missing})`,
      ignore: missing !== undefined,
      async fn() {
        const [convolution] = kinds;
        const fused: Fused = fusedInto(channels).find(({ takes: [bias] }) => bias?.shape.length === 4)!;
        await leavingNoTensors(async () => {
          const held = await graphModel(graphOf(convolution!, fused, "weight"));
          const x = tf.tensor4d(picture, [1, height, width, 2]);
          const { scores } = await gradcam(held, x, { layer: "product" });
          const whole = held.predict(x) as tf.Tensor; // by TensorFlow.js itself
          const given = await whole.data();
          assertEquals(scores.length, channels);
          for (const { classIndex, score } of scores) assertAlmostEquals(score, given[classIndex]!, 1e-6);
          tf.dispose([x, whole]);
          held.dispose();
        });
      },
    });
  }
  await tryBackend("cpu");
});

/** A weight of pictures with its channels before height and width. */
function channelsFirst(weight: GraphWeight): GraphWeight {
  if (weight.shape.length < 2) return weight;
  return tf.tidy(() => {
    const shape = [...Array<number>(4 - weight.shape.length).fill(1), ...weight.shape];
    const turned = tf.tensor4d([...weight.values], shape as [number, number, number, number]).transpose([
      0,
      3,
      1,
      2,
    ]);
    return { shape: turned.shape, values: [...turned.dataSync()] };
  });
}

/** The same network as {@linkcode graphOf}'s as one whose channels come first. */
function firstGraphOf(
  kind: ProductKind,
  fused: Fused,
  source: typeof sources[number],
  format = "NCHW",
): HandGraph {
  const attr = { ...kind.attr, data_format: { s: format } };
  const { nodes, weights, outputs } = graphOf(
    { ...kind, attr },
    { ...fused, takes: fused.takes.map(channelsFirst) },
    source,
  );
  return {
    nodes: nodes.map((one) => one.name === "picture" ? placeholder("picture", [-1, 2, height, width]) : one),
    weights: { ...weights, axes: { shape: [2], values: [2, 3], dtype: "int32" } },
    outputs: outputs!,
  };
}

Deno.test("loadModel() opens graphs whose channels come first as those whose channels come last", async (t) => {
  await tryBackend("cpu");
  const ofPictures = kinds.filter(({ isFlat }) => !isFlat);
  for (const one of casesOn("cpu").filter(({ kind }) => ofPictures.includes(kind))) {
    const { kind, fused, source } = one;
    const shapes = fused.takes.map(({ shape }) => `[${shape}]`).join(" ");
    await t.step(
      `${kind.op} [${kind.kernel}] ${fused.names.join(" ")} ${shapes}, ${source}`,
      () => checkGraph(firstGraphOf(kind, fused, source), reference(kind, fused, source)),
    );
  }
});

Deno.test("loadModel() puts the channels of a picture of classes last, whose softmax swaps axes", async () => {
  await tryBackend("cpu");
  const graph: HandGraph = {
    nodes: [
      placeholder("picture", [-1, 2, height, width]),
      node("Conv2D", "product", ["picture", "kernel"], { ...pointwise, data_format: { s: "NCHW" } }),
      node("Transpose", "before", ["product", "swapped"]),
      node("Softmax", "softmax", ["before"]),
      node("Transpose", "classes", ["softmax", "swapped"]),
    ],
    weights: {
      kernel: weight([1, 1, 2, channels]),
      swapped: { shape: [4], values: [0, 3, 2, 1], dtype: "int32" },
    },
  };
  await leavingNoTensors(async () => {
    using model = await loadModel(graphFiles(graph));
    const x = tf.tensor4d(picture, [1, height, width, 2]);
    const expected = tf.tidy(() => {
      const kernel = tf.tensor4d([...weight([1, 1, 2, channels]).values], [1, 1, 2, channels]);
      return [...tf.softmax(tf.conv2d(x, kernel, 1, "same")).mean([0, 1, 2]).dataSync()];
    });
    const scores = model.predict(x);
    assertLess(largestDifference(await scores.data(), expected), 1e-6);
    tf.dispose([x, scores]);
  });
});

Deno.test("gradcam() refuses a held graph whose channels come first", async (t) => {
  await tryBackend("cpu");
  const [convolution] = kinds;
  const [plain] = fusedInto(channels);
  for (const format of ["NCHW", "TkNIVw=="]) {
    await t.step(format, () =>
      leavingNoTensors(async () => {
        const message = 'its node "product" has its channels first: convert the model with channels last';
        const held = await graphModel(firstGraphOf(convolution!, plain!, "weight", format));
        const x = tf.tensor4d(picture, [1, height, width, 2]);
        await assertRejects(() => gradcam(held, x), ModelError, `Cannot run the model: ${message}`);
        x.dispose();
        held.dispose();
      }));
  }
});

Deno.test("split() takes apart a convolution in groups of several channels", async (t) => {
  const graph: HandGraph = {
    nodes: [
      placeholder("picture", [-1, 5, 6, 4]),
      node("Relu", "relu", ["picture"]),
      node("_FusedConv2D", "product", ["relu", "kernel", "bias"], {
        ...pointwise,
        strides: attributes.ints(1, 2, 1, 1),
        fused_ops: attributes.strings("BiasAdd", "Relu"),
        num_args: { i: "1" },
      }),
      node("Mean", "out", ["product", "axes"], { keep_dims: { b: false } }),
    ],
    weights: {
      kernel: weight([3, 3, 2, 6]),
      bias: weight([1, 1, 1, 6], 2),
      axes: { shape: [2], values: [1, 2], dtype: "int32" },
    },
    outputs: ["out"],
  };
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    await t.step({
      name: missing === undefined ? backend : `${backend} (${missing})`,
      ignore: missing !== undefined,
      fn: () =>
        leavingNoTensors(async () => {
          const x = tf.tensor4d(numbers(120, 3).map(Math.abs), [1, 5, 6, 4]);
          const expected = tf.tidy(() => {
            const kernel = tf.tensor4d(numbers(108), [3, 3, 2, 6]);
            const parts = [0, 1].map((group) =>
              tf.conv2d(
                tf.slice(x, [0, 0, 0, 2 * group], [1, 5, 6, 2]),
                tf.slice(kernel, [0, 0, 0, 3 * group], [3, 3, 2, 3]),
                [2, 1],
                "same",
              )
            );
            return tf.concat(parts, -1).add(tf.tensor1d(numbers(6, 2))).relu().mean([1, 2]);
          });
          using model = await loadModel(graphFiles(graph));
          const { scores, heatmap } = await gradcam(model, x, { layer: "relu" });
          const values = await expected.data();
          assert(scores.some(({ score }) => score > 0.1));
          for (const { classIndex, score } of scores) assertAlmostEquals(score, values[classIndex]!, 1e-5);
          assertEquals([heatmap.height, heatmap.width], [5, 6]);
          tf.dispose([x, expected]);
        }),
    });
  }
  await tryBackend("cpu");
});

Deno.test("split() takes apart a batch norm that a sum and an activation were joined to", async (t) => {
  const graphWith = (side: readonly string[], activation: string): HandGraph => ({
    nodes: [
      placeholder("picture", [-1, height, width, 2]),
      node("Relu", "relu", ["picture"]),
      node("Conv2D", "conv", ["relu", "kernel"], pointwise),
      node("_FusedBatchNormEx", "norm", ["conv", "scale", "offset", "mean", "variance", ...side], {
        epsilon: { f: 0.01 },
        is_training: { b: false },
        data_format: attributes.text("NHWC"),
        activation_mode: attributes.text(activation),
        num_side_inputs: { i: String(side.length) },
      }),
      node("Mean", "out", ["norm", "axes"], { keep_dims: { b: false } }),
    ],
    weights: {
      kernel: weight([1, 1, 2, 2]),
      scale: weight([2], 2),
      offset: weight([2], 3),
      mean: weight([2], 4),
      variance: { shape: [2], values: [0.5, 1.5] },
      axes: { shape: [2], values: [1, 2], dtype: "int32" },
    },
    outputs: ["out"],
  });
  for (const side of [[], ["relu"]]) {
    for (const activation of ["Relu", "Identity"]) {
      for (const backend of testedBackends) {
        const missing = await tryBackend(backend);
        await t.step({
          name: `${side} ${activation} on ${backend}${missing === undefined ? "" : ` (${missing})`}`,
          ignore: missing !== undefined,
          fn: () =>
            leavingNoTensors(async () => {
              const x = tf.tensor4d(picture, [1, height, width, 2]);
              const expected = tf.tidy(() => {
                const kernel = tf.tensor4d(numbers(4), [1, 1, 2, 2]);
                const [scale, offset, mean] = [2, 3, 4].map((seed) => tf.tensor1d(numbers(2, seed)));
                const normed = tf.conv2d(x, kernel, 1, "same").sub(mean!)
                  .div(tf.tensor1d([0.5, 1.5]).add(0.01).sqrt()).mul(scale!).add(offset!);
                const sum = side.length > 0 ? normed.add(x) : normed;
                return (activation === "Relu" ? sum.relu() : sum).mean([1, 2]);
              });
              using model = await loadModel(graphFiles(graphWith(side, activation)));
              const { scores } = await gradcam(model, x, { layer: "relu" });
              const values = await expected.data();
              for (const { classIndex, score } of scores) {
                assertAlmostEquals(score, values[classIndex]!, 1e-5);
              }
              tf.dispose([x, expected]);
            }),
        });
      }
    }
  }
  await tryBackend("cpu");
});

Deno.test("loadModel() knows TensorFlow's own name of a fused depthwise convolution", async () => {
  await tryBackend("cpu");
  const depthwise = kinds.find(({ op }) => op === "FusedDepthwiseConv2dNative")!;
  const fused = fusedInto(2 * channels).find(({ names }) => names.includes("LeakyRelu"))!;
  const expected = reference(depthwise, fused, "weight");
  await leavingNoTensors(async () => {
    const graph = graphOf({ ...depthwise, op: "_FusedDepthwiseConv2dNative" }, fused, "weight");
    using model = await loadModel(graphFiles(graph));
    const x = tf.tensor4d(picture, [1, height, width, 2]);
    const { scores } = await gradcam(model, x, { layer: "relu" });
    x.dispose();
    for (const { classIndex, score } of scores) assertAlmostEquals(score, expected.scores[classIndex]!, 1e-5);
  });
});
