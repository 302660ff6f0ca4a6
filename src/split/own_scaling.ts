import type * as tf from "../base/tfjs.ts";
import { type Preprocessing, preprocessings } from "../input/preprocess.ts";
import type { FlatModel } from "./flatten.ts";
import type { GraphNode } from "./graph_nodes.ts";

/** What a model does to its input before anything else: `v → slope · (v − offset)`. */
interface OwnScaling {
  readonly slope: number;
  readonly offset: number;
}

/** Layers before which and after which pixels are on the same scale. */
const neutralLayers = new Set([
  "Resizing",
  "CenterCrop",
  "ZeroPadding2D",
  "Cropping2D",
  "RandomBrightness",
  "RandomContrast",
  "RandomCrop",
  "RandomFlip",
  "RandomHeight",
  "RandomRotation",
  "RandomTranslation",
  "RandomWidth",
  "RandomZoom",
  "Identity",
  "Dropout",
]);

/** Graph operations likewise. */
const neutralOperations = new Set([
  "Identity",
  "Cast",
  "Pad",
  "PadV2",
  "MirrorPad",
  "ResizeBilinear",
  "ResizeNearestNeighbor",
]);

/** What each arithmetic operation with a constant makes of the scaling before it. */
const arithmetic: Readonly<Record<string, (scaling: OwnScaling, constant: number) => OwnScaling>> = {
  Mul: ({ slope, offset }, constant) => ({ slope: slope * constant, offset }),
  RealDiv: ({ slope, offset }, constant) => ({ slope: slope / constant, offset }),
  Sub: ({ slope, offset }, constant) => ({ slope, offset: offset + constant / slope }),
  Add: ({ slope, offset }, constant) => ({ slope, offset: offset - constant / slope }),
  AddV2: ({ slope, offset }, constant) => ({ slope, offset: offset - constant / slope }),
};

/** The same, as Keras's recorded operations name them. */
const recorded: Readonly<Record<string, typeof arithmetic[string]>> = {
  add: arithmetic.Add!,
  bias_add: arithmetic.Add!,
  divide: arithmetic.RealDiv!,
  multiply: arithmetic.Mul!,
  subtract: arithmetic.Sub!,
  true_divide: arithmetic.RealDiv!,
  truediv: arithmetic.RealDiv!,
};

/** Settings of a layer, as Keras notes them. */
type Settings = Readonly<Record<string, unknown>>;

/** Operations that leave each number as it is. */
const neutralOperationNames = new Set([
  "cast",
  "convert_to_tensor",
  "get_item",
  "getitem",
  "identity",
  "pad",
  "resize",
]);

/** Whether pixels are on the same scale before and after a layer. */
function isNeutral({ layer }: FlatModel["steps"][number]): boolean {
  const kind = layer.getClassName().replace(/^Keras>/, "");
  const { operation } = (layer as { settings?: Settings }).settings ?? {};
  return neutralLayers.has(kind) || (kind === "Operation" && neutralOperationNames.has(String(operation)));
}

/** The first number of a setting that is a number, a list of any depth, or the values of a constant. */
function firstNumber(value: unknown): number | undefined {
  const constant = (value as { constant?: unknown } | null)?.constant ?? value;
  const [first] = [constant].flat(8) as unknown[];
  return typeof first === "number" ? first : undefined;
}

/** Pixels go in as 0 … 255 if they are made much smaller or much is taken off, else as 0 … 1. */
function expects({ slope, offset }: OwnScaling): Preprocessing {
  return Math.abs(slope) < 0.1 || Math.abs(offset) > 2 ? preprocessings.none : preprocessings.unit;
}

/** The only step that takes a value; `undefined` if there are several, which have no common scale. */
function onlyUse<T extends { readonly inputs: readonly unknown[] }>(
  users: readonly T[],
  value: unknown,
): T | undefined {
  const found = users.filter(({ inputs }) => inputs.includes(value));
  return found.length === 1 ? found[0] : undefined;
}

/**
 * How a layers model wants its pixels, if it begins with a layer that scales them.
 *
 * @returns `undefined` if it does not.
 */
export function layersModelScaling({ steps, inputs }: FlatModel): Preprocessing | undefined {
  return firstFound(inputs, (input) => scalingAfter(steps, input));
}

/** The first that is found for any of several inputs: what is no picture is not scaled so. */
function firstFound<T>(
  inputs: readonly T[],
  find: (input: T) => Preprocessing | undefined,
): Preprocessing | undefined {
  for (const input of inputs) {
    const found = find(input);
    if (found) return found;
  }
  return undefined;
}

/** What an affine layer makes of a scaling; `undefined` if the layer is none, or not known in numbers. */
function rescale({ layer }: FlatModel["steps"][number], before: OwnScaling): OwnScaling | undefined {
  const kind = layer.getClassName().replace(/^Keras>/, "");
  const settings = (layer as { settings?: Settings }).settings ?? layer.getConfig() as Settings;
  if (kind === "Rescaling") {
    const scaled = arithmetic.Mul!(before, firstNumber(settings.scale) ?? 1);
    return arithmetic.Add!(scaled, firstNumber(settings.offset) ?? 0);
  }
  if (kind === "Normalization") {
    const mean = firstNumber(settings.mean), variance = firstNumber(settings.variance);
    if (mean === undefined || variance === undefined) return undefined; // it was adapted
    return arithmetic.RealDiv!(arithmetic.Sub!(before, mean), Math.sqrt(variance));
  }
  const { operation, operands, named } = settings;
  const apply = recorded[kind === "Operation" ? String(operation) : ""];
  const { y, x2, bias } = (named ?? {}) as Settings;
  const constant = firstNumber((operands as unknown[])?.[1] ?? y ?? x2 ?? bias);
  return apply && constant ? apply(before, constant) : undefined; // 0 for none as for a constant before the picture
}

function scalingAfter(steps: FlatModel["steps"], input: string): Preprocessing | undefined {
  let scaling: OwnScaling | undefined;
  for (let step = onlyUse(steps, input); step; step = onlyUse(steps, step.outputs[0])) {
    if (isNeutral(step)) continue;
    const next = rescale(step, scaling ?? { slope: 1, offset: 0 });
    if (!next) break;
    scaling = next;
  }
  return scaling && expects(scaling);
}

/** The first value of a constant node; `undefined` for what is no constant or cannot be read at once. */
function constantOf(model: tf.GraphModel, node: GraphNode): number | undefined {
  const tensor = model.weights[node.name]?.[0] as tf.Tensor | undefined;
  try {
    return tensor?.dataSync()[0];
  } catch {
    return undefined; // on a GPU already, from where nothing can be read without waiting
  }
}

/**
 * How a graph model wants its pixels, if it begins with arithmetic on them.
 *
 * @param model The model.
 * @param nodes Its nodes that depend on its inputs.
 * @param pictures The names of the inputs that have height and width.
 * @returns `undefined` if it does not.
 */
export function graphModelScaling(
  model: tf.GraphModel,
  nodes: readonly GraphNode[],
  pictures: readonly string[],
): Preprocessing | undefined {
  const inputs = nodes.filter(({ name }) => pictures.includes(name));
  return firstFound(inputs, (input) => arithmeticAfter(model, nodes, input));
}

function arithmeticAfter(
  model: tf.GraphModel,
  nodes: readonly GraphNode[],
  input: GraphNode,
): Preprocessing | undefined {
  let scaling: OwnScaling | undefined;
  let node = onlyUse(nodes, input);
  for (let before = input; node; before = node, node = onlyUse(nodes, node)) {
    if (neutralOperations.has(node.op)) continue;
    const other = node.inputs.find((taken) => taken !== before);
    const constant = other && constantOf(model, other);
    const apply = arithmetic[node.op];
    if (!apply || constant === undefined || constant === 0) break;
    scaling = apply(scaling ?? { slope: 1, offset: 0 }, constant);
  }
  return scaling && expects(scaling);
}
