import * as tf from "../base/tfjs.ts";
import {
  Activation,
  type ActivationFunction,
  boundedRectifier,
  findActivation,
} from "../operations/activation.ts";
import { Affine } from "../operations/affine.ts";
import { batchNorm } from "../operations/batch_norm.ts";
import { Convolution, type Geometry } from "../operations/convolution.ts";
import { gelu, geluTanh } from "../operations/gelu.ts";
import { Identity } from "../operations/identity.ts";
import { MeanPool } from "../operations/mean_pool.ts";
import { Normalization } from "../operations/normalization.ts";
import type { Operation, RectifierKind } from "../operations/operation.ts";
import { Padding } from "../operations/padding.ts";
import { Product } from "../operations/product.ts";
import { Reshape } from "../operations/reshape.ts";
import { Sum } from "../operations/sum.ts";
import { attentionOperations } from "./attention_operations.ts";
import type { Step } from "./step.ts";
import { isRecordedCurve, isRecordedReshape, recordedActivation } from "./recorded_operations.ts";
import { runLayer } from "./layer_steps.ts";

/** What is read of layers whose fields TensorFlow.js declares private to them. */
interface LayerFields {
  activation?: LayerActivation;
  readonly kernel?: tf.LayerVariable;
  readonly depthwiseKernel?: tf.LayerVariable;
  readonly pointwiseKernel?: tf.LayerVariable;
  readonly bias?: tf.LayerVariable | null;
  readonly gamma?: tf.LayerVariable | null;
  readonly beta?: tf.LayerVariable | null;
  readonly movingMean?: tf.LayerVariable;
  readonly movingVariance?: tf.LayerVariable;
  readonly axis?: number;
  readonly epsilon?: number;
  readonly strides?: [number, number];
  readonly padding?: unknown;
  readonly dilationRate?: number | [number, number];
  readonly dataFormat?: string;
  readonly maxValue?: number | null;
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface LayerActivation {
  apply(x: tf.Tensor): tf.Tensor;
  getClassName(): string;
}

/** How a layer's call becomes operations. */
interface Call {
  readonly step: Step;
  readonly fields: LayerFields;
  /** The value it takes, where it takes one. */
  readonly input: string;
  /** The value it gives. */
  readonly output: string;
}

/** The operations of a layer's call; `undefined` where its settings ask for something else. */
type Translator = (call: Call) => Operation[] | undefined;

/** Activations of which more is known than TensorFlow.js's layers say, by their names there. */
const curves: ReadonlyMap<string, ActivationFunction> = new Map([
  ["gelu", gelu],
  ["Keras>geluTanh", geluTanh],
]);

/** What a layer ends with; nothing where that is linear. */
function activationOf({ activation }: LayerFields): ActivationFunction | undefined {
  const name = activation?.getClassName() ?? "linear";
  if (name === "linear") return undefined;
  return findActivation(name) ?? curves.get(name) ?? { name, apply: (x) => activation!.apply(x) };
}

/** What gives a value, and the activation that follows it, if there is one. */
function activated(call: Call, operation: (output: string) => Operation): Operation[] {
  const activation = activationOf(call.fields);
  if (!activation) return [operation(call.output)];
  const before = `${call.output}@linear`;
  return [operation(before), new Activation(before, call.output, activation)];
}

function pairOf(value: number | readonly [number, number] = 1): [number, number] {
  return typeof value === "number" ? [value, value] : [value[0], value[1]];
}

/** A convolution's geometry; `undefined` where its channels come first. */
function geometryOf({ strides, padding, dilationRate, dataFormat }: LayerFields, depthwise: boolean) {
  if (dataFormat === "channelsFirst") return undefined;
  const pad = padding as "same" | "valid";
  return { strides: pairOf(strides), pad, dilations: pairOf(dilationRate), depthwise } satisfies Geometry;
}

const pixelwise: Geometry = { strides: [1, 1], pad: "valid", dilations: [1, 1], depthwise: false };

function handOn({ input, output }: Call): Operation[] {
  return [new Identity(input, output)];
}

/** The axes of a shape other than the batch; `undefined` where more than one is unknown. */
function fixedShape([, ...rest]: readonly (number | null)[]): number[] | undefined {
  const unknown = rest.filter((size) => size === null).length;
  return unknown > 1 ? undefined : rest.map((size) => size ?? -1);
}

/** Batch norm over the last axis, in inference mode. */
function translateBatchNorm({ step, fields, input, output }: Call): Operation[] | undefined {
  const { movingMean, movingVariance, gamma, beta, epsilon = 1e-3, axis = -1 } = fields;
  if (axis !== -1 && axis !== step.inputShapes[0]!.length - 1) return undefined;
  const read = (variable?: tf.LayerVariable | null) => variable?.read() as tf.Tensor1D | undefined;
  const weights = () => ({
    mean: read(movingMean)!,
    variance: read(movingVariance)!,
    gamma: read(gamma),
    beta: read(beta),
    epsilon,
    isFrozen: !step.layer.trainable,
  });
  return [new Affine(input, output, batchNorm(weights))];
}

/** Layer norm along the last axis. */
function translateLayerNorm({ step, fields, input, output }: Call): Operation[] | undefined {
  const { axis = -1, epsilon = 1e-3, scale, center, rms_scaling: isOfSquares } = fields.settings ?? {};
  const axes = [axis].flat();
  const isLast = axes.length === 1 && (axes[0] === -1 || axes[0] === step.inputShapes[0]!.length - 1);
  if (!isLast || isOfSquares || typeof epsilon !== "number") return undefined;
  const weights = [...step.layer.weights];
  const gamma = scale === false ? undefined : weights.shift();
  const beta = center === false ? undefined : weights.shift();
  return [
    new Normalization(input, output, { axes: [-1], epsilon, isCentred: true, scale: gamma, shift: beta }),
  ];
}

/** The layers that are taken apart, by class. All others are called as TensorFlow.js has them. */
const translators: Readonly<Record<string, Translator>> = {
  Conv2D(call) {
    const geometry = geometryOf(call.fields, false);
    const { input, fields } = call;
    const parts = { input, kernel: fields.kernel!, bias: fields.bias ?? undefined };
    return geometry && activated(call, (output) => new Convolution(geometry, { ...parts, output }));
  },
  DepthwiseConv2D(call) {
    const geometry = geometryOf(call.fields, true);
    const { input, fields } = call;
    const parts = { input, kernel: fields.depthwiseKernel!, bias: fields.bias ?? undefined };
    return geometry && activated(call, (output) => new Convolution(geometry, { ...parts, output }));
  },
  SeparableConv2D(call) {
    const geometry = geometryOf(call.fields, true);
    if (!geometry) return undefined;
    const { input, output, fields } = call;
    const between = `${output}@depthwise`;
    const kernel = fields.depthwiseKernel!;
    const parts = { input: between, kernel: fields.pointwiseKernel!, bias: fields.bias ?? undefined };
    return [
      new Convolution(geometry, { input, output: between, kernel }),
      ...activated(call, (output) => new Convolution(pixelwise, { ...parts, output })),
    ];
  },
  Dense(call) {
    const { input, fields } = call;
    const parts = { input, kernel: fields.kernel!, bias: fields.bias ?? undefined };
    return activated(call, (output) => new Product({ ...parts, output }));
  },
  BatchNormalization: translateBatchNorm,
  Activation: (call) => activationOf(call.fields) ? activationAlone(call) : handOn(call),
  ReLU: ({ input, output, fields: { maxValue } }) => [
    new Activation(input, output, boundedRectifier({ threshold: 0, max: maxValue ?? Infinity })),
  ],
  "Keras>ReLU"({ input, output, fields: { settings = {} } }) {
    const { negative_slope: slope, threshold, max_value: max } = settings;
    const isPlain = [slope, threshold, max].every((value) =>
      (value ?? null) === null || typeof value === "number"
    );
    if (!isPlain || slope) return undefined;
    const range = { threshold: Number(threshold ?? 0), max: Number(max ?? Infinity) };
    return [new Activation(input, output, boundedRectifier(range))];
  },
  "Keras>Operation"({ step, fields: { settings = {} }, input, output }) {
    if (settings.operation === "gelu") {
      const { operands = [], named = {} } = settings as {
        operands?: unknown[];
        named?: Record<string, unknown>;
      };
      const isApproximate = operands[1] ?? named.approximate ?? false;
      return [new Activation(input, output, isApproximate ? geluTanh : gelu)];
    }
    const name = recordedActivation(settings, step.inputShapes[0]!.length);
    return name === undefined ? undefined : [new Activation(input, output, findActivation(name)!)];
  },
  "Keras>LayerNormalization": translateLayerNorm,
  Softmax: ({ step, input, output, fields: { axis = -1 } }) =>
    axis === -1 || axis === step.inputShapes[0]!.length - 1
      ? [new Activation(input, output, findActivation("softmax")!)]
      : undefined,
  ZeroPadding2D({ input, output, fields: { padding, dataFormat } }) {
    const [down, across] = padding as [[number, number], [number, number]];
    return dataFormat === "channelsFirst" ? undefined : [new Padding(input, output, down, across)];
  },
  GlobalAveragePooling2D: ({ input, output, fields: { dataFormat } }) =>
    dataFormat === "channelsFirst" ? undefined : [new MeanPool(input, output, false)],
  "Keras>GlobalAveragePooling2D": ({ input, output, fields: { settings } }) => [
    new MeanPool(input, output, settings?.keepdims === true),
  ],
  Flatten: ({ input, output, fields: { dataFormat } }) =>
    dataFormat === "channelsFirst" ? undefined : [new Reshape(input, output, ([batch]) => [batch!, -1])],
  "Keras>Flatten": ({ input, output }) => [new Reshape(input, output, ([batch]) => [batch!, -1])],
  Reshape({ step, input, output }) {
    const shape = fixedShape(step.outputShape);
    return shape && [new Reshape(input, output, ([batch]) => [batch!, ...shape])];
  },
  Dropout: handOn,
  SpatialDropout2D: handOn,
  GaussianDropout: handOn,
  GaussianNoise: handOn,
  AlphaDropout: handOn,
};

function activationAlone({ input, output, fields }: Call): Operation[] {
  return [new Activation(input, output, activationOf(fields)!)];
}

/** Layers that are nothing but an activation, and are called as a whole where their settings are unusual. */
const activationLayers: ReadonlySet<string> = new Set([
  "Activation",
  "ELU",
  "LeakyReLU",
  "PReLU",
  "ReLU",
  "Softmax",
  "ThresholdedReLU",
]);

/** Those of them that do a rectifier's work. */
const rectifyingLayers: ReadonlySet<string> = new Set([
  "ELU",
  "LeakyReLU",
  "PReLU",
  "ReLU",
  "ThresholdedReLU",
]);

/** A layer that TensorFlow.js calls as a whole. */
class LayerCall implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly passesOn: string | undefined;
  readonly isWeighted: boolean;
  readonly bends: boolean;
  readonly rectifier: RectifierKind | undefined;
  readonly #step: Step;
  readonly #withoutActivation: boolean;

  constructor(step: Step, outputs: readonly string[], withoutActivation: boolean) {
    this.#step = step;
    this.inputs = step.inputs;
    this.outputs = outputs;
    const { settings = {} } = step.layer as LayerFields;
    this.passesOn = isRecordedReshape(settings) ? step.inputs[0] : undefined;
    this.isWeighted = step.layer.weights.some(({ shape }) => shape.length > 1); // means and variances are of one axis
    const className = step.layer.getClassName().replace(/^Keras>/, "");
    this.bends = isRecordedCurve(settings) || activationLayers.has(className);
    this.rectifier = rectifyingLayers.has(className) ? "kept" : undefined;
    this.#withoutActivation = withoutActivation;
  }

  /** The bias of a convolution or a dense layer of some other kind, whose channels come last. */
  shift(): tf.Tensor | undefined {
    const { layer, outputShape } = this.#step;
    const { dataFormat, settings = {} } = layer as LayerFields;
    const isLast = dataFormat !== "channelsFirst" && settings.data_format !== "channels_first";
    if (!isLast || !/Conv|Dense/.test(layer.getClassName())) return undefined;
    if (!["linear", undefined, null].includes(settings.activation as string | undefined)) return undefined;
    const bias = layer.weights.find(({ name }) => /(^|\/)bias(_\d+)?$/.test(name))?.read();
    return bias?.rank === 1 && bias.size === outputShape.at(-1) ? bias : undefined;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const layer = this.#step.layer as LayerFields & tf.layers.Layer;
    const { activation } = layer;
    if (!this.#withoutActivation) return runLayer(layer, inputs);
    try {
      layer.activation = (tf.layers.activation({ activation: "linear" }) as LayerFields).activation!;
      return runLayer(layer, inputs);
    } finally {
      layer.activation = activation!;
    }
  }
}

/** A layer called as a whole, and its final activation, so that a cut and the logit find what stands before it. */
function callLayer(step: Step, fields: LayerFields): Operation[] {
  const activation = step.outputs.length === 1 ? activationOf(fields) : undefined;
  if (!activation) return [new LayerCall(step, step.outputs, false)];
  const [output] = step.outputs as [string];
  const before = `${output}@linear`;
  return [new LayerCall(step, [before], true), new Activation(before, output, activation)];
}

/** Whether an operation that was recorded adds the values that it takes, and nothing else. */
function isRecordedSum({ operation, operands, named }: Readonly<Record<string, unknown>>): boolean {
  const isAddition = operation === "add" || operation === "addv2";
  const { dtype: _type, ...others } = (named ?? {}) as Readonly<Record<string, unknown>>; // of the result, float32 here
  const given = [...(operands ?? []) as unknown[], ...Object.values(others)];
  return isAddition && given.every((one) => typeof (one as { input?: unknown } | null)?.input === "number");
}

/** Whether a layer sums what it takes, all of as many axes. */
function isSum({ layer, inputs, inputShapes: [first, ...others], outputs }: Step): boolean {
  const isAddition = layer.getClassName() === "Add" ||
    layer.getClassName() === "Keras>Operation" && isRecordedSum((layer as LayerFields).settings ?? {});
  return isAddition && inputs.length > 1 && outputs.length === 1 &&
    others.every(({ length }) => length === first!.length);
}

/** Attention taken apart, where it can be. */
function takeAttentionApart(step: Step): Operation[] | undefined {
  const isAttention = /^Keras>(MultiHead|GroupQuery)Attention$/.test(step.layer.getClassName());
  return isAttention ? attentionOperations(step, (step.layer as LayerFields).settings ?? {}) : undefined;
}

/**
 * What the layers of a model compute.
 *
 * @param steps Their calls in order.
 */
export function layerOperations(steps: readonly Step[]): Operation[] {
  return steps.flatMap((step) => {
    const fields = step.layer as LayerFields;
    const [input] = step.inputs as [string], [output] = step.outputs as [string];
    if (isSum(step)) return [new Sum(step.inputs, output)];
    const attention = takeAttentionApart(step);
    if (attention) return attention;
    const isPlain = step.inputs.length === 1 && step.outputs.length === 1;
    const translate = isPlain ? translators[step.layer.getClassName()] : undefined;
    return translate?.({ step, fields, input, output }) ?? callLayer(step, fields);
  });
}
