import type * as tf from "@tensorflow/tfjs";
import { type Preprocessing, preprocessings } from "../preprocess.ts";
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
  "RandomWidth",
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

function scalingAfter(steps: FlatModel["steps"], input: string): Preprocessing | undefined {
  let step = onlyUse(steps, input);
  while (step && neutralLayers.has(step.layer.getClassName())) step = onlyUse(steps, step.outputs[0]);
  if (step?.layer.getClassName() !== "Rescaling") return undefined;
  const scale = Number([step.layer.getConfig().scale].flat()[0]);
  return expects({ slope: scale, offset: 0 });
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
