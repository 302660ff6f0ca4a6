import * as tf from "@tensorflow/tfjs";
import { convolve, multiply } from "./differentiable.ts";
import type { Step } from "./flatten.ts";
import type { FinalActivation } from "./scores.ts";

/** What is read of layers whose fields TensorFlow.js declares private to them. */
interface LayerFields {
  activation?: { apply(x: tf.Tensor): tf.Tensor; getClassName(): string };
  readonly kernel?: tf.LayerVariable;
  readonly depthwiseKernel?: tf.LayerVariable;
  readonly bias?: tf.LayerVariable | null;
  readonly gamma?: tf.LayerVariable | null;
  readonly beta?: tf.LayerVariable | null;
  readonly movingMean?: tf.LayerVariable;
  readonly movingVariance?: tf.LayerVariable;
  readonly epsilon?: number;
  readonly strides?: [number, number];
  readonly padding?: "same" | "valid";
  readonly dilationRate?: number | [number, number];
  readonly dataFormat?: string;
  readonly interpolation?: string;
  readonly size?: readonly [number, number];
}

/** How a layer's arithmetic is done under the tape, without its activation. */
type Arithmetic = (x: tf.Tensor, layer: LayerFields) => tf.Tensor;

function convolveLayer(
  x: tf.Tensor,
  layer: LayerFields,
  kernel: tf.LayerVariable,
  depthwise: boolean,
): tf.Tensor {
  const { dilationRate = 1 } = layer;
  return convolve(x as tf.Tensor4D, {
    filter: kernel.read() as tf.Tensor4D,
    bias: layer.bias?.read(),
    strides: layer.strides!,
    pad: layer.padding!,
    dilations: Array.isArray(dilationRate) ? dilationRate : [dilationRate, dilationRate],
    depthwise,
  });
}

/** The layers that TensorFlow.js runs as fused products, by class. */
const products: Readonly<Record<string, Arithmetic>> = {
  Conv2D: (x, layer) => convolveLayer(x, layer, layer.kernel!, false),
  DepthwiseConv2D: (x, layer) => convolveLayer(x, layer, layer.depthwiseKernel!, true),
  Dense: (x, layer) => multiply(x as tf.Tensor2D, layer.kernel!.read() as tf.Tensor2D, layer.bias?.read()),
};

/** A product with the activation that its layer ends in. */
function activated(product: tf.Tensor, { activation }: LayerFields): tf.Tensor {
  return activation ? activation.apply(product) : product;
}

/**
 * Layers that TensorFlow.js computes in some settings otherwise than Keras, without a word: it leaves out the
 * dilation where each channel has its filters, and enlarges bilinearly from corners instead of centres. `undefined`
 * in other settings.
 */
const corrections: Readonly<Record<string, (x: tf.Tensor, layer: LayerFields) => tf.Tensor | undefined>> = {
  DepthwiseConv2D(x, layer) {
    const isDilated = [layer.dilationRate ?? 1].flat().some((rate) => rate !== 1);
    if (!isDilated || layer.dataFormat === "channelsFirst") return undefined;
    return activated(products.DepthwiseConv2D!(x, layer), layer);
  },
  UpSampling2D(x, layer) {
    if (layer.interpolation !== "bilinear" || layer.dataFormat === "channelsFirst") return undefined;
    const [, height, width] = x.shape as [number, number, number, number];
    const size: [number, number] = [height * layer.size![0], width * layer.size![1]];
    return tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true);
  },
};

/** The product of a step's layer, where it can be taken apart from its activation. */
function productOf({ layer }: Step, inputs: tf.Tensor[]): Arithmetic | undefined {
  const isPlain = (layer as LayerFields).dataFormat !== "channelsFirst";
  const isMatrix = layer.getClassName() !== "Dense" || inputs[0]!.rank === 2;
  return isPlain && isMatrix ? products[layer.getClassName()] : undefined;
}

/** The name of the activation that a layer ends with, `"linear"` for none. */
export function activationOf(layer: tf.layers.Layer): string {
  if (layer.getClassName() === "Softmax") return "softmax";
  return (layer as LayerFields).activation?.getClassName() ?? "linear";
}

/** Layers that only pass on or reshape what they get, so that a softmax before them still ends the model. */
const transparent = new Set(["Activation", "Dropout", "Flatten", "Reshape", "InputLayer"]);

/** The step whose softmax or sigmoid ends the model at an output, if there is one. */
export function findFinalStep(
  steps: readonly Step[],
  output: string,
): { step: Step; activation: FinalActivation } | undefined {
  const producers = new Map(steps.flatMap((step) => step.outputs.map((id) => [id, step])));
  for (let step = producers.get(output); step; step = producers.get(step.inputs[0]!)) {
    const activation = activationOf(step.layer);
    if (activation === "softmax" || activation === "sigmoid") return { step, activation };
    if (activation !== "linear" || !transparent.has(step.layer.getClassName())) return undefined;
  }
  return undefined;
}

/** The results as new tensors, also where a layer hands its input through. */
function owned(result: tf.Tensor | tf.Tensor[], inputs: tf.Tensor[]): tf.Tensor[] {
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.map((output) => inputs.includes(output) ? output.clone() : output);
}

/** Run a step in inference mode, as TensorFlow.js does it where that is what Keras does. */
export function runStep({ layer }: Step, inputs: tf.Tensor[]): tf.Tensor[] {
  const correct = corrections[layer.getClassName()];
  const corrected = correct && tf.tidy(() => correct(inputs[0]!, layer as LayerFields));
  if (corrected) return [corrected];
  return tf.tidy(() =>
    owned(layer.call(inputs.length === 1 ? inputs[0]! : inputs, { training: false }), inputs)
  );
}

/**
 * TensorFlow.js cannot tape a batch norm without gains: it gets gains of 1.
 *
 * @returns `undefined` where it is another layer, or can be taped.
 */
function batchNormWithoutGains(x: tf.Tensor, layer: LayerFields): tf.Tensor | undefined {
  const { movingMean, movingVariance, gamma, beta, epsilon } = layer;
  if (gamma || !movingMean || !movingVariance) return undefined;
  const mean = movingMean.read();
  if (x.shape.at(-1) !== mean.size) return undefined;
  const gains = tf.onesLike(mean) as tf.Tensor1D;
  const variance = movingVariance.read() as tf.Tensor1D;
  return tf.batchNorm(x, mean as tf.Tensor1D, variance, beta?.read() as tf.Tensor1D, gains, epsilon);
}

/** Run a step in inference mode so that the tape leads to its inputs alone, not to its weights. */
export function runTaped(step: Step, inputs: tf.Tensor[]): tf.Tensor[] {
  const product = productOf(step, inputs);
  const layer = step.layer as LayerFields;
  const normalized = tf.tidy(() => batchNormWithoutGains(inputs[0]!, layer)!) as tf.Tensor | undefined;
  if (normalized) return [normalized];
  if (!product) return runStep(step, inputs);
  return tf.tidy(() => [activated(product(inputs[0]!, layer), layer)]);
}

/** Run a step without the activation that ends it. */
export function runBare(step: Step, inputs: tf.Tensor[]): tf.Tensor[] {
  const product = productOf(step, inputs);
  if (product) return [tf.tidy(() => product(inputs[0]!, step.layer as LayerFields))];
  if (step.layer.getClassName() === "Softmax" || step.layer.getClassName() === "Activation") {
    return inputs.map((input) => input.clone());
  }
  const holder = step.layer as LayerFields;
  const { activation } = holder;
  const linear = (tf.layers.activation({ activation: "linear" }) as LayerFields).activation!;
  try {
    holder.activation = linear;
    return runStep(step, inputs);
  } finally {
    if (activation) holder.activation = activation;
  }
}
