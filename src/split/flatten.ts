import type * as tf from "../base/tfjs.ts";
import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { isLayersModel } from "./held_models.ts";
import type { LayerInfo, Shape } from "./model.ts";
import type { Step } from "./step.ts";
import { layerStrides, type Stride } from "./strides.ts";
import { findTokenGrids, type TokenPlace } from "./token_grids.ts";

/** A layers model as one list of steps, nested models dissolved. */
export interface FlatModel {
  /** All steps, each after those whose values it takes. */
  readonly steps: readonly Step[];
  /** Ids of the model's inputs. */
  readonly inputs: readonly string[];
  /** Ids of the model's outputs. */
  readonly outputs: readonly string[];
  /** The layers in the order of the model, nested ones before the model that holds them. */
  readonly layers: readonly LayerInfo[];
  /** The id of each layer's (first) output, by path. */
  readonly values: ReadonlyMap<string, string>;
}

/** A model within its caller: the symbolic tensors of its inside, and the values they stand for here. */
interface Scope {
  readonly model: tf.LayersModel;
  /** `""` for the outermost model, else the nested model's path and a slash. */
  readonly prefix: string;
  readonly bound: Map<number, string>;
  /** Each layer of the model, and of models it was built upon, with its path from here. */
  readonly paths: ReadonlyMap<tf.layers.Layer, string>;
  /** How many calls of its layer were made before each, in this model. */
  readonly uses: ReadonlyMap<InboundNode, number>;
}

type InboundNode = tf.layers.Layer["inboundNodes"][number];

/** The paths of all layers inside a model. A Sequential that begins with a model exposes that one's inside. */
function pathsInside(model: tf.LayersModel, prefix: string, paths = new Map<tf.layers.Layer, string>()) {
  for (const layer of model.layers) {
    if (!paths.has(layer)) paths.set(layer, prefix + layer.name);
    if (isLayersModel(layer)) pathsInside(layer, `${prefix}${layer.name}/`, paths);
  }
  return paths;
}

/** The call that a symbolic tensor comes from. */
function originOf({ sourceLayer, nodeIndex }: tf.SymbolicTensor): InboundNode | undefined {
  return sourceLayer?.inboundNodes[nodeIndex!];
}

/** The calls that lead to a model's outputs, each with the number of those of its layer that were made before it. */
function countUses(model: tf.LayersModel): Map<InboundNode, number> {
  const inputs = new Set(model.inputs.map(({ id }) => id));
  const calls = new Map<tf.layers.Layer, Set<InboundNode>>();
  const open = [...model.outputs];
  while (open.length > 0) {
    const tensor = open.pop()!;
    const node = originOf(tensor);
    if (!node || inputs.has(tensor.id)) continue;
    const known = calls.get(tensor.sourceLayer) ?? new Set();
    if (known.has(node)) continue;
    calls.set(tensor.sourceLayer, known.add(node));
    open.push(...node.inputTensors);
  }
  return new Map(
    [...calls].flatMap(([layer, nodes]) =>
      layer.inboundNodes.filter((node) => nodes.has(node)).map((node, use) => [node, use] as const)
    ),
  );
}

/** Walks a model's graph of nodes from its outputs back to its inputs. */
class Flattener {
  readonly steps: Step[] = [];
  /** The value that each path's call gives, and its shape. */
  readonly calls = new Map<string, { value: string; shape: Shape }>();
  readonly #named = new Set<string>();
  readonly #visited = new Map<Scope, Map<InboundNode, readonly string[]>>();

  open(model: tf.LayersModel, prefix: string, inputs: readonly string[]): Scope {
    const bound = new Map(model.inputs.map((tensor, index) => [tensor.id, inputs[index]!]));
    const scope = { model, prefix, bound, paths: pathsInside(model, prefix), uses: countUses(model) };
    this.#visited.set(scope, new Map());
    return scope;
  }

  /** Add all steps of a model, and the values of the models inside it that were walked without being called. */
  walk(scope: Scope): readonly string[] {
    const outputs = scope.model.outputs.map((tensor) => this.visit(tensor, scope));
    for (const [layer, path] of scope.paths) {
      if (!isLayersModel(layer) || this.calls.has(path)) continue;
      const tensor = layer.outputs[0]!;
      this.calls.set(path, { value: this.visit(tensor, scope), shape: tensor.shape });
    }
    return outputs;
  }

  /** The id of a symbolic tensor's value, after adding all steps that lead to it. */
  visit(tensor: tf.SymbolicTensor, scope: Scope): string {
    const bound = scope.bound.get(tensor.id);
    if (bound !== undefined) return bound;
    const { sourceLayer, tensorIndex } = tensor;
    const node = originOf(tensor);
    if (!node || node.inputTensors.length === 0 || sourceLayer.getClassName() === "InputLayer") {
      throw new ModelError(`Cannot follow the model's graph: ${quote(tensor.originalName)} has no origin`);
    }
    const visited = this.#visited.get(scope)!;
    let outputs = visited.get(node);
    if (!outputs) {
      outputs = this.#call(sourceLayer, node, scope);
      visited.set(node, outputs);
    }
    return outputs[tensorIndex ?? 0]!;
  }

  #call(layer: tf.layers.Layer, node: InboundNode, scope: Scope): readonly string[] {
    const inputs = node.inputTensors.map((tensor) => this.visit(tensor, scope));
    const path = this.#name(scope.paths.get(layer) ?? scope.prefix + layer.name, scope.uses.get(node) ?? 0);
    const { shape } = node.outputTensors[0]!;
    if (isLayersModel(layer)) {
      const outputs = this.walk(this.open(layer, `${path}/`, inputs));
      this.calls.set(path, { value: outputs[0]!, shape });
      return outputs;
    }
    const outputs = node.outputTensors.map((_, index) => index === 0 ? path : `${path}#${index}`);
    const inputShapes = node.inputTensors.map(({ shape }) => shape);
    this.steps.push({ path, layer, inputs, outputs, inputShapes, outputShape: shape });
    this.calls.set(path, { value: path, shape });
    return outputs;
  }

  /** A path with the number of its use, or with the next that is free, where models share what they are built upon. */
  #name(path: string, use: number): string {
    const name = use === 0 ? path : `${path}:${use}`;
    if (this.#named.has(name)) return this.#name(path, use + 1);
    this.#named.add(name);
    return name;
  }
}

/** The layers of a model in its own order, with all uses of each, nested ones before the model around them. */
function listLayers(
  calls: Flattener["calls"],
  places: ReadonlyMap<string, Partial<TokenPlace>>,
  model: tf.LayersModel,
  prefix = "",
): LayerInfo[] {
  return model.layers.flatMap((layer) => {
    const uses: LayerInfo[] = [];
    for (let use = 0;; use++) {
      const path = use === 0 ? prefix + layer.name : `${prefix}${layer.name}:${use}`;
      const call = calls.get(path);
      if (!call) return uses;
      if (isLayersModel(layer)) uses.push(...listLayers(calls, places, layer, `${path}/`));
      const kind = layer.getClassName().replace(/^Keras>/, "");
      const outputShape = [null, ...call.shape.slice(1)]; // called one by one, layers take any batch
      const parameters = layer.countParams();
      const { stride, tokens } = places.get(call.value) ?? {};
      const place = { stride, ...(tokens && { tokens }) };
      uses.push({ path, kind, outputShape, parent: prefix.slice(0, -1), parameters, ...place });
    }
  });
}

/** What a step is called: a layer's class, or the operation that was recorded. */
function kindOf(layer: tf.layers.Layer): string {
  const { settings } = layer as { readonly settings?: Readonly<Record<string, unknown>> };
  const kind = layer.getClassName().replace(/^Keras>/, "");
  return kind === "Operation" ? String(settings?.operation) : kind;
}

/** Along which axis a step joins what it takes. */
function axisOf(layer: tf.layers.Layer): number | undefined {
  const { axis, settings } = layer as {
    readonly axis?: unknown;
    readonly settings?: {
      readonly axis?: unknown;
      readonly named?: { readonly axis?: unknown };
      readonly operands?: unknown[];
    };
  };
  const given = settings?.named?.axis ?? settings?.operands?.[1] ?? settings?.axis ?? axis;
  return typeof given === "number" ? given : undefined;
}

/** The strides of values, and how those lie that are tokens. */
function placesOf(
  steps: readonly Step[],
  strides: ReadonlyMap<string, Stride>,
  shapes: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, Partial<TokenPlace>> {
  const values = steps.flatMap(({ layer, inputs, outputs, inputShapes }) =>
    outputs.map((id) => ({
      id,
      inputs,
      inputShapes,
      kind: kindOf(layer),
      shape: shapes.get(id),
      axis: axisOf(layer) ?? -1,
    }))
  );
  const places = new Map<string, Partial<TokenPlace>>(findTokenGrids(values, strides));
  for (const [id, stride] of strides) places.set(id, { stride });
  return places;
}

/**
 * Dissolve a layers model into one list of steps by walking its graph of nodes, so that skip connections,
 * shared layers, several outputs and nested models come out as they are computed.
 *
 * @param model The model; a Sequential must be built.
 * @throws {ModelError} If the graph does not lead back to the model's inputs.
 */
export function flatten(model: tf.LayersModel): FlatModel {
  const flattener = new Flattener();
  const inputs = model.inputs.map((_, index) => `input:${index}`);
  const scope = flattener.open(model, "", inputs);
  for (const [index, { sourceLayer, shape }] of model.inputs.entries()) {
    const path = scope.paths.get(sourceLayer);
    if (path !== undefined) flattener.calls.set(path, { value: inputs[index]!, shape });
  }
  const outputs = flattener.walk(scope);
  const shapes = new Map([...flattener.calls.values()].map(({ value, shape }) => [value, shape]));
  inputs.forEach((id, index) => shapes.set(id, model.inputs[index]!.shape));
  const pictures = inputs.filter((id) => shapes.get(id)!.length === 4);
  const strides = layerStrides(flattener.steps, pictures, shapes);
  const layers = listLayers(flattener.calls, placesOf(flattener.steps, strides, shapes), model);
  const values = new Map([...flattener.calls].map(([path, { value }]) => [path, value]));
  return { steps: flattener.steps, inputs, outputs, layers, values };
}
