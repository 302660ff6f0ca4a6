import type * as tf from "../base/tfjs.ts";
import type { Step } from "./step.ts";
import type { GraphNode } from "./graph_nodes.ts";
import type { Shape } from "./model.ts";

/** How many rows and columns of the picture that goes in one row and one column of a value stand for. */
export type Stride = readonly [down: number, across: number];

/** A value of a model, as far as strides go. */
export interface StridedValue {
  readonly id: string;
  /** The ids it is computed from. */
  readonly inputs: readonly string[];
  /**
   * By how much it is coarser than what it is computed from; `undefined` where its shape must tell, `null` where it does not
   * lie on the picture any more.
   */
  readonly factor: Stride | null | undefined;
}

/** By how much one axis shrank; `undefined` where that is no whole number of times. */
function ratioOf(before: number | null | undefined, after: number | null | undefined): number | undefined {
  if (before === after) return 1;
  if (!before || !after) return undefined;
  const ratio = before / after;
  return Number.isInteger(ratio) || Number.isInteger(1 / ratio) ? ratio : undefined;
}

/** The stride of a value that is computed by something which shrinks its input as a whole, if at all. */
function strideByShape(
  { id, inputs }: StridedValue,
  strides: ReadonlyMap<string, Stride>,
  shapes: ReadonlyMap<string, Shape>,
): Stride | undefined {
  const [, height, width] = shapes.get(id)!;
  let found: Stride | undefined;
  for (const input of inputs) {
    const stride = strides.get(input);
    const [, above, beside] = shapes.get(input) ?? [];
    const [down, across] = [ratioOf(above, height), ratioOf(beside, width)];
    if (!stride || down === undefined || across === undefined) continue;
    if (down === 1 && across === 1) return stride; // one of several that has the result's size, such as gated by others
    found ??= [stride[0] * down, stride[1] * across];
  }
  return found;
}

/**
 * The stride of each value that has height and width, and whose way from the picture can be followed.
 *
 * @param order The values, each after those it is computed from.
 * @param pictures The ids of the inputs that have height and width.
 * @param shapes The shapes of all values, by id.
 */
export function valueStrides(
  order: readonly StridedValue[],
  pictures: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): Map<string, Stride> {
  const strides = new Map<string, Stride>(pictures.map((id) => [id, [1, 1]]));
  for (const value of order) {
    if (strides.has(value.id) || shapes.get(value.id)?.length !== 4 || value.factor === null) continue;
    const before = value.inputs.map((id) => strides.get(id)).find((stride) => stride);
    const { factor } = value;
    const stride = factor && before
      ? [before[0] * factor[0], before[1] * factor[1]] as const
      : strideByShape(value, strides, shapes);
    if (stride) strides.set(value.id, stride);
  }
  return strides;
}

function pair(value: unknown): Stride | undefined {
  const [down, across = down] = [value].flat();
  return typeof down === "number" && typeof across === "number" ? [down, across] : undefined;
}

function inverse(stride: Stride | undefined): Stride | undefined {
  return stride && [1 / stride[0], 1 / stride[1]];
}

/** What a layer does to height and width, by its own settings. */
function layerFactor(layer: tf.layers.Layer): Stride | undefined {
  const { strides, size } = layer as unknown as { readonly strides?: unknown; readonly size?: unknown };
  const kind = layer.getClassName().replace(/^Keras>/, "");
  if (/^(ZeroPadding|Cropping)2D$/.test(kind)) return [1, 1];
  if (kind === "UpSampling2D") return inverse(pair(size));
  return kind.endsWith("Transpose") ? inverse(pair(strides)) : pair(strides);
}

/**
 * The strides of a layers model's values.
 *
 * @param steps All steps, in order.
 * @param pictures The ids of its inputs that have height and width.
 * @param shapes The shapes of its values, by id.
 */
export function layerStrides(
  steps: readonly Step[],
  pictures: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, Stride> {
  const order = steps.flatMap(({ layer, inputs, outputs }) =>
    outputs.map((id) => ({ id, inputs, factor: layerFactor(layer) }))
  );
  return valueStrides(order, pictures, shapes);
}

/**
 * Graph operations that leave the scale as it is. A dilated convolution is converted to one of several pictures that
 * each hold every other pixel, and are put together again: between the two there is no stride.
 */
const scaleKeeping = new Set([
  "Pad",
  "PadV2",
  "MirrorPad",
  "Slice",
  "StridedSlice",
  "SpaceToBatchND",
  "BatchToSpaceND",
]);

/** What a node does to height and width, by its own settings. */
function nodeFactor({ op, attrParams }: GraphNode): Stride | undefined {
  if (scaleKeeping.has(op)) return [1, 1];
  const strides = attrParams["strides"]?.value;
  if (!Array.isArray(strides) || strides.length !== 4) return undefined;
  const factor = pair(strides.slice(1, 3));
  return op === "Conv2DBackpropInput" ? inverse(factor) : factor;
}

/**
 * The strides of a graph's nodes.
 *
 * @param nodes The nodes that depend on the model's inputs, in order.
 * @param pictures The names of its inputs that have height and width.
 * @param shapes The shapes of the nodes' values, by name.
 */
export function nodeStrides(
  nodes: readonly GraphNode[],
  pictures: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, Stride> {
  const order = nodes.map((node) => ({
    id: node.name,
    inputs: node.inputs.map(({ name }) => name),
    factor: nodeFactor(node),
  }));
  const strides = valueStrides(order, pictures, shapes);
  for (const id of strides.keys()) if ((shapes.get(id)?.[0] ?? 1) !== 1) strides.delete(id);
  return strides;
}
