/**
 * Tiny models for the tests of the tool and the server. They are not published.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";

/** Options of {@linkcode writeTinyModel}. */
export interface TinyModelOptions {
  /**
   * Whether there is a convolution, so that a map can be taken.
   * @default {true}
   */
  readonly spatial?: boolean;
  /**
   * Whether the weights are numbers.
   * @default {true}
   */
  readonly hasNumbers?: boolean;
  /**
   * Layers without weights after the first, as Keras notes them.
   * @default {[]}
   */
  readonly more?: readonly { readonly class_name: string; readonly config: { readonly name: string } }[];
  /** How many bytes of the weights are written; all if left out. */
  readonly weightBytes?: number;
}

/** A layer and its weights, as they stand in a model.json. */
interface TinyLayer {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  /** Shapes of the weights, by their name. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

const dense = (inputs: number): TinyLayer => ({
  type: "Dense",
  config: { name: "scores", units: 3, activation: "softmax", use_bias: true },
  weights: { kernel: [inputs, 3], bias: [3] },
});

/** Input 8 × 6 × 3: a convolution with two channels, their means, three classes. */
const spatialLayers: readonly TinyLayer[] = [
  {
    type: "Conv2D",
    config: {
      name: "features",
      filters: 2,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: "same",
      activation: "relu",
      use_bias: true,
      batch_input_shape: [null, 8, 6, 3],
    },
    weights: { kernel: [3, 3, 3, 2], bias: [2] },
  },
  { type: "GlobalAveragePooling2D", config: { name: "means" }, weights: {} },
  dense(2),
];

const flatLayers: readonly TinyLayer[] = [
  { type: "Flatten", config: { name: "flat", batch_input_shape: [null, 8, 6, 3] }, weights: {} },
  dense(144),
];

/** Numbers from −0.5 to 0.5 that are always the same. */
function weightValues(count: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(3 + index * 12.9898) / 2);
}

/**
 * Write a model with the classes "ant", "bee" and "wasp" as TensorFlow.js has them.
 *
 * @param folder Where model.json, weights.bin and labels.json are written; it must exist.
 * @returns The path of model.json.
 */
export async function writeTinyModel(
  folder: string,
  { spatial = true, hasNumbers = true, more = [], weightBytes }: TinyModelOptions = {},
): Promise<string> {
  const layers = spatial ? spatialLayers : flatLayers;
  const weights = layers.flatMap((layer) =>
    Object.entries(layer.weights).map(([name, shape]) => ({
      name: `${layer.config.name}/${name}`,
      shape,
      dtype: "float32",
    }))
  );
  const modelTopology = {
    keras_version: "2.15.0",
    backend: "tensorflow",
    model_config: {
      class_name: "Sequential",
      config: {
        name: "tiny",
        layers: layers.map(({ type, config }) => ({ class_name: type, config })).toSpliced(1, 0, ...more),
      },
    },
  };
  const weightsManifest = [{ paths: ["weights.bin"], weights }];
  const count = weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const bytes = new Uint8Array(weightValues(count).map((value) => hasNumbers ? value : NaN).buffer);
  await Deno.writeFile(`${folder}/weights.bin`, bytes.subarray(0, weightBytes));
  await Deno.writeTextFile(`${folder}/labels.json`, JSON.stringify(["ant", "bee", "wasp"]));
  const path = `${folder}/model.json`;
  await Deno.writeTextFile(
    path,
    JSON.stringify({ format: "layers-model", modelTopology, weightsManifest }),
  );
  return path;
}

/**
 * Write a model as TensorFlow.js has it.
 *
 * @param model A model that the caller built and disposes.
 * @param folder Where model.json and weights.bin are written; it must exist.
 * @returns The path of model.json.
 */
export async function writeModel(model: tf.LayersModel, folder: string): Promise<string> {
  const path = `${folder}/model.json`;
  await model.save(tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
    const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
    await Deno.writeFile(`${folder}/weights.bin`, new Uint8Array(weightData as ArrayBuffer));
    await Deno.writeTextFile(
      path,
      JSON.stringify({ format: "layers-model", modelTopology, weightsManifest }),
    );
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  }));
  return path;
}

/**
 * A model of many ways in and out: a photo of any size and a number go in; a segmentation of two classes comes out,
 * and a sigmoid unit that depends on both.
 */
export function buildManyWays(): tf.LayersModel {
  const age = tf.input({ shape: [1], name: "age" });
  const photo = tf.input({ shape: [null, null, 3], name: "photo" });
  const features = tf.layers.conv2d({
    filters: 3,
    kernelSize: 3,
    padding: "same",
    activation: "tanh",
    name: "features",
    kernelInitializer: tf.initializers.randomNormal({ stddev: 0.3, seed: 7 }),
  }).apply(photo);
  const half = tf.layers.averagePooling2d({ poolSize: 2, name: "half" }).apply(features);
  const mask = tf.layers.conv2d({
    filters: 2,
    kernelSize: 1,
    activation: "softmax",
    name: "mask",
    kernelInitializer: tf.initializers.randomNormal({ stddev: 2, seed: 8 }),
  }).apply(half);
  const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(features);
  const joined = tf.layers.concatenate({ name: "joined" }).apply([means, age] as tf.SymbolicTensor[]);
  const unit = tf.layers.dense({ units: 1, activation: "sigmoid", name: "unit", kernelInitializer: "ones" })
    .apply(joined);
  return tf.model({ inputs: [age, photo], outputs: [unit, mask] as tf.SymbolicTensor[] });
}

/**
 * A converted graph: the mean of a grey picture of any size over height and width, times a number.
 *
 * @param pictureType The type of the picture's values.
 */
export function graphOfTwoInputs(pictureType: "DT_FLOAT" | "DT_INT32"): tf.io.ModelArtifacts {
  const shape = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });
  const float = { type: "DT_FLOAT" };
  const placeholder = (name: string, type: string, ...sizes: number[]) => ({
    name,
    op: "Placeholder",
    attr: { dtype: { type }, shape: shape(...sizes) },
  });
  const node = [
    placeholder("age", "DT_FLOAT", -1, 1),
    placeholder("picture", pictureType, -1, -1, -1, 1),
    {
      name: "axes",
      op: "Const",
      attr: { dtype: { type: "DT_INT32" }, value: { tensor: { dtype: "DT_INT32" } } },
    },
    { name: "float", op: "Cast", input: ["picture"], attr: { SrcT: { type: pictureType }, DstT: float } },
    { name: "relu", op: "Relu", input: ["float"], attr: { T: float } },
    { name: "mean", op: "Mean", input: ["relu", "axes"], attr: { T: float, keep_dims: { b: false } } },
    { name: "score", op: "Mul", input: ["mean", "age"], attr: { T: float } },
  ];
  return {
    format: "graph-model",
    modelTopology: { node, versions: { producer: 1 } },
    weightSpecs: [{ name: "axes", shape: [2], dtype: "int32" }],
    weightData: Int32Array.of(1, 2).buffer,
  };
}

/**
 * A photo of 8 × 6 pixels, a convolution, its means, and one unit without an activation: the logit of two classes, or a
 * regression.
 *
 * @param bias What is added in the end: well above 0 the unit is above 0 for any photo, well below 0 below.
 */
export function buildLogitUnit(bias: number): tf.LayersModel {
  const photo = tf.input({ shape: [8, 6, 3], name: "photo" });
  const features = tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: "relu", name: "features" })
    .apply(photo);
  const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(features);
  const unit = tf.layers.dense({ units: 1, name: "unit" }).apply(means);
  const model = tf.model({ inputs: photo, outputs: unit as tf.SymbolicTensor });
  tf.tidy(() => {
    model.getLayer("features").setWeights([
      tf.tensor4d(weightValues(54).map(Math.abs), [3, 3, 3, 2]),
      tf.zeros([2]),
    ]);
    model.getLayer("unit").setWeights([tf.tensor2d([1, -1], [2, 1]), tf.tensor1d([bias])]);
  });
  return model;
}

/** Free a model whose layers are used twice: TensorFlow.js keeps their weights. */
export function disposeWhole(model: tf.LayersModel): void {
  const weights = model.weights.map((weight) => weight.read());
  model.dispose();
  for (const weight of weights) if (!weight.isDisposed) weight.dispose();
}

/**
 * Two photos of different sizes through one convolution, what it gives for each meaned and multiplied, and two classes: a
 * Siamese network.
 */
export function buildTwoPhotos(): tf.LayersModel {
  const first = tf.input({ shape: [8, 6, 3], name: "photo_a" });
  const second = tf.input({ shape: [5, 10, 3], name: "photo_b" });
  const features = tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: "tanh", name: "features" });
  const [a, b] = [first, second].map((photo, index) =>
    tf.layers.globalAveragePooling2d({ name: `means_${index}` }).apply(features.apply(photo))
  ) as [tf.SymbolicTensor, tf.SymbolicTensor];
  const both = tf.layers.multiply({ name: "both" }).apply([a, b]);
  const scores = tf.layers.dense({ units: 2, activation: "softmax", name: "scores" }).apply(both);
  const model = tf.model({ inputs: [first, second], outputs: scores as tf.SymbolicTensor });
  tf.tidy(() => {
    features.setWeights([tf.tensor4d(weightValues(81), [3, 3, 3, 3]), tf.tensor1d([0.1, 0.2, 0.3])]);
    model.getLayer("scores").setWeights([tf.tensor2d([5, -4, 3, 2, -1, 6], [3, 2]), tf.zeros([2])]);
  });
  return model;
}
