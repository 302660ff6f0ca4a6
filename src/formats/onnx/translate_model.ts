import type { TensorInfo } from "../../base/tensor_info.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Constants } from "./constants.ts";
import { damaged } from "./damaged.ts";
import type { GraphNode } from "./graph_node.ts";
import { openInputs, type PictureSize } from "./inputs.ts";
import { type LayerList, listLayers } from "./layer_list.ts";
import { inOrder, storedShape } from "./layout.ts";
import type { GraphProto, ValueProto } from "./model_proto.ts";
import { Translation } from "./translation.ts";
import type { Live } from "./value.ts";
import type { WeightSource } from "./weights.ts";

/** A model as its file has it. */
export interface OnnxGraph {
  readonly graph: GraphProto;
  /** Its nodes, those of its functions among them. */
  readonly nodes: readonly GraphNode[];
  readonly constants: Constants;
}

/** What a model's graph computes for pictures of some size. */
export interface OnnxParts {
  readonly operations: readonly Operation[];
  readonly inputs: readonly TensorInfo[];
  /** Height and width of the pictures that it takes, by the names of inputs, where it takes any. */
  readonly sizes: ReadonlyMap<string, PictureSize>;
  readonly outputs: readonly TensorInfo[];
  /** The ids of the outputs' values, in the order of `outputs`. */
  readonly targets: readonly string[];
  readonly list: LayerList;
  /** Whether it computes several pictures at once. */
  readonly takesSeveral: boolean;
  /** What the user should know. */
  readonly notes: readonly string[];
}

/** How a model is translated. */
export interface TranslateOptions {
  /** Makes weights of its constants. */
  readonly weights: WeightSource;
  /**
   * Height and width of pictures where the model takes any, by the names of inputs.
   * @default {[224, 224]}
   */
  readonly sizeOf?: ((name: string) => PictureSize | undefined) | undefined;
}

/**
 * An output as its scores are read: batch first, channels last where it is a picture or a sequence. What recognises text gives
 * its steps first, then the one picture.
 */
function asOutput(value: Live, translation: Translation): Live {
  const rank = value.shape.length, isOfSteps = rank === 3 && value.shape[0] !== 1 && value.shape[1] === 1;
  if (isOfSteps) return translation.stored(value, [1, 0, 2]);
  const isReadable = rank > 2 && value.axes[0] === 0;
  return isReadable ? value : translation.stored(value, inOrder(rank));
}

/**
 * What an output is as others see it.
 *
 * @param isFree Whether the model takes pictures of any size: what the file leaves open of the output is free then too, but
 * for its last axis, the scores.
 */
function infoOf({ name, shape }: ValueProto, value: Live, isFree: boolean): TensorInfo {
  const isOpen = (axis: number) => isFree && !(typeof shape?.[axis] === "number" && shape[axis] > 0);
  const { axes } = value;
  const sizes = storedShape(value).map((size, place) => {
    if (place === 0) return size === 1 ? null : size;
    return place < axes.length - 1 && isOpen(axes[place]!) ? null : size;
  });
  return { name, shape: sizes };
}

/**
 * What a model's graph computes.
 *
 * @throws {Damage} If it cannot be computed so, or holds what is not known.
 */
export function translateModel(
  { graph, nodes, constants }: OnnxGraph,
  { weights, sizeOf }: TranslateOptions,
): OnnxParts {
  const translation = new Translation(constants, weights);
  if (graph.hasSparse) damaged("it has sparse weights, which are not known");
  translation.defineAll(graph.initializers);
  const inputs = openInputs({ graph, nodes, sizeOf });
  for (const { value } of inputs) translation.define(value.id, value);
  const names = graph.outputs.map(({ name }) => name);
  translation.translate(nodes, names);
  const outputs = graph.outputs.flatMap((proto) => {
    const value = translation.valueOf(proto.name);
    return value.kind === "live" ? [{ proto, value: asOutput(value, translation) }] : [];
  });
  if (outputs.length === 0) damaged("its outputs do not depend on its inputs");
  const pictures = inputs.filter(({ info }) => info.shape.length === 4);
  const sizes = pictures.flatMap(({ value, info, isFree }) => {
    const [, height, width] = storedShape(value) as [number, number, number, number];
    return isFree ? [[info.name, [height, width]] as const] : [];
  });
  return {
    operations: translation.operations,
    inputs: inputs.map(({ info }) => info),
    sizes: new Map(sizes),
    outputs: outputs.map(({ proto, value }) => infoOf(proto, value, sizes.length > 0)),
    targets: outputs.map(({ value }) => value.id),
    list: listLayers(
      translation.translated,
      new Map(pictures.map(({ value }) => [value.id, storedShape(value)])),
      names,
      (name) => translation.has(name) ? translation.valueOf(name) : undefined,
    ),
    takesSeveral: translation.takesSeveral,
    notes: [...translation.notes],
  };
}
