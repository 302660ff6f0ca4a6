import { isWrittenByKeras3, type Json } from "../inbound.ts";
import { channelsFirstLayer } from "../layers/channels_first.ts";
import { isTurnedInput } from "./find_turned_inputs.ts";
import {
  inputsOf,
  isModel,
  isSequence,
  layersOf,
  nameOf,
  outputsOf,
  sequenceInput,
  usesOf,
} from "./model_links.ts";
import { asIs, notedShape, type Order, toLast, turnedShape, turnedTo, withTurnedShape } from "./orders.ts";
import { replaceReferences, useOf, type ValueReference } from "./references.ts";
import { isChannelsFirst, rankByClass, rankOfOutput, turnLayer, turnOutput } from "./turned_settings.ts";

/** Where a model is, and what is found on the way. */
interface Place {
  /** The names of the models around its layers. */
  readonly path: readonly string[];
  /** In which order a layer takes the axes of its weights, by its path as JSON. */
  readonly weightAxes: Map<string, readonly number[]>;
}

/** A layer or model with its channels last, how it takes its inputs and how it gives its outputs. */
interface Turned {
  readonly layer: Json;
  readonly takes: readonly Order[];
  readonly gives: readonly Order[];
}

/** The layer that brings a value into another order. */
function reordering(name: string, { rank = 4, isTurned }: Order): Json {
  if (!isTurned) return { class_name: channelsFirstLayer.className, config: { name } };
  return { class_name: "Permute", config: { name, dims: toLast(rank) } };
}

/** A name that no layer of a model has. */
function freeName(names: Set<string>, wanted: string): string {
  let name = wanted;
  for (let count = 1; names.has(name); count++) name = `${wanted}_${count}`;
  names.add(name);
  return name;
}

/** What the layer is called that reorders a value of another. */
function reorderedName(layer: string, { isTurned }: Order): string {
  return `${layer || "input"}_channels_${isTurned ? "last" : "first"}`;
}

/** In how many axes the inputs of a layer are turned; `undefined` where it takes them as the model says. */
function turnedRank(layer: Json, operands: readonly Order[]): number | undefined {
  const known = operands.find(({ isTurned }) => isTurned)?.rank;
  if (isChannelsFirst(layer)) {
    const inner = (layer.config as Json).layer ?? layer;
    return known ?? rankByClass(String((inner as Json).class_name)) ?? operands[0]?.rank;
  }
  return operands.every(({ rank }) => rank === known) ? known : undefined;
}

/** A layer whose channels do not come first, since it has one axis of numbers. */
function withoutFormat(layer: Json): Json {
  return { ...layer, config: { ...layer.config as Json, data_format: "channels_last" } };
}

/** Turn a layer, as far as that can be done. */
function turn(layer: Json, operands: readonly Order[], place: Place): Turned {
  if (isModel(layer)) return turnModel(layer, operands, { ...place, path: [...place.path, nameOf(layer)] });
  const rank = turnedRank(layer, operands);
  const isFlat = rank === 2 && isChannelsFirst(layer);
  const turned = rank === undefined || isFlat ? undefined : turnLayer(layer, rank);
  if (turned) {
    const { config, className = layer.class_name, gives, weightAxes } = turned;
    if (weightAxes) place.weightAxes.set(JSON.stringify([...place.path, nameOf(layer)]), weightAxes);
    const taken = turnedTo(rank!);
    return {
      layer: { ...layer, class_name: className, config },
      takes: operands.map(() => taken),
      gives: [gives],
    };
  }
  const takes = operands.map(({ rank }) => asIs(rank));
  const given = operands.length === 1 && !operands[0]!.isTurned ? turnOutput(layer, operands[0]!) : undefined;
  if (given) {
    const { config, className = layer.class_name, gives } = given;
    return { layer: { ...layer, class_name: className, config }, takes, gives: [gives] };
  }
  const gives = [asIs(rankOfOutput(layer, operands))];
  return { layer: isFlat ? withoutFormat(layer) : layer, takes, gives };
}

/** The output of a layer; what gives several has all in one order. */
function outputOf(turned: Turned | undefined, output: number): Order {
  return turned?.gives[output] ?? turned?.gives[0] ?? asIs(undefined);
}

/** What a model's input is like: as it is given, or as what follows shows. */
function orderOfInput(
  model: Json,
  index: number,
  given: Order | undefined,
  shape: readonly unknown[] | undefined,
): Order {
  if (given?.isTurned) return given;
  const rank = shape?.length ?? given?.rank;
  if (!isTurnedInput(model, index, shape)) return asIs(rank);
  return turnedTo(rank ?? 4);
}

/** The shape that a sequence notes of its input, in its settings or where it was built. */
function withSequenceShape(model: Json): Json {
  const { config, build_config: built } = model as { config: Json | Json[]; build_config?: Json };
  const shape = (config as Json).build_input_shape;
  return {
    ...model,
    ...(Array.isArray(shape) && { config: { ...config, build_input_shape: turnedShape(shape) } }),
    ...(Array.isArray(built?.input_shape) && {
      build_config: { ...built, input_shape: turnedShape(built.input_shape) },
    }),
  };
}

function shapeOfSequence(model: Json): readonly unknown[] | undefined {
  const [first] = layersOf(model);
  const noted = notedShape((first?.config ?? {}) as Json);
  const built = (model.build_config as Json | undefined)?.input_shape;
  return noted ?? [(model.config as Json).build_input_shape, built].find(Array.isArray);
}

/** The shape of an input that a model notes. */
function shapeOfInput(model: Json, name: string): readonly unknown[] | undefined {
  if (isSequence(model)) return shapeOfSequence(model);
  const input = layersOf(model).find((layer) => nameOf(layer) === name);
  return notedShape((input?.config ?? {}) as Json);
}

/** Whether one of a model's inputs takes a picture with its channels first. */
export function hasTurnedInput(model: Json): boolean {
  return inputsOf(model).some((name, index) => isTurnedInput(model, index, shapeOfInput(model, name)));
}

/** A model whose layers follow each other. */
function turnSequence(model: Json, [given]: readonly Order[], place: Place): Turned {
  const layers = layersOf(model);
  const input = orderOfInput(model, 0, given, shapeOfSequence(model));
  const names = new Set(layers.map(nameOf));
  const list: Json[] = [];
  let order = input;
  let giver = sequenceInput;
  for (const [index, layer] of layers.entries()) {
    if (index > 0 || layer.class_name !== "InputLayer") {
      const { layer: turned, takes, gives } = turn(layer, [order], place);
      const [taken = order] = takes;
      if (taken.isTurned !== order.isTurned) {
        const wanted = { ...taken, rank: order.rank ?? taken.rank };
        list.push(reordering(freeName(names, reorderedName(giver, wanted)), wanted));
      }
      list.push(turned);
      order = gives[0] ?? asIs(undefined);
    } else list.push(layer);
    giver = nameOf(layer);
  }
  const shaped = input.isTurned ? withSequenceShape(model) : model;
  return { layer: withLayers(shaped, withInput(list, layers[0], input)), takes: [input], gives: [order] };
}

/** The layers of a sequence, the first of which notes the shape of the input. */
function withInput(list: readonly Json[], first: Json | undefined, input: Order): Json[] {
  const shape = notedShape((first?.config ?? {}) as Json);
  if (!shape) return [...list];
  const [head, ...rest] = list;
  const config = { ...head!.config as Json };
  const noted = notedShape(config) ? head! : { ...head!, config: { ...config, batch_input_shape: shape } };
  return [input.isTurned ? withTurnedShape(noted) : noted, ...rest];
}

function withLayers(model: Json, layers: readonly Json[]): Json {
  const { config } = model;
  return { ...model, config: Array.isArray(config) ? layers : { ...config as Json, layers } };
}

/** Turn the layers of a model that say what they take, each as soon as one of its uses is known. */
function turnLayers(model: Json, given: readonly Order[], place: Place): Map<string, Turned> {
  const done = new Map<string, Turned>();
  const inputs = inputsOf(model);
  let pending = layersOf(model).map((layer) => ({ layer, name: nameOf(layer), uses: usesOf(layer) }));
  for (let before = Infinity; pending.length < before;) {
    before = pending.length;
    pending = pending.filter(({ layer, name, uses }) => {
      if (layer.class_name === "InputLayer") {
        const index = inputs.indexOf(name);
        const order = orderOfInput(model, index, given[index], notedShape(layer.config as Json));
        done.set(name, { layer: order.isTurned ? withTurnedShape(layer) : layer, takes: [], gives: [order] });
        return false;
      }
      const known = uses.find((use) => use.every(([giver]) => done.has(giver)));
      if (!known) return true;
      done.set(name, turn(layer, known.map(([giver, , output]) => outputOf(done.get(giver), output)), place));
      return false;
    });
  }
  return done;
}

/** A model whose layers say what they take. */
function turnGraph(model: Json, given: readonly Order[], place: Place): Turned {
  const done = turnLayers(model, given, place);
  const layers = layersOf(model);
  const isKeras3 = isWrittenByKeras3(layers);
  const names = new Set(layers.map(nameOf));
  const reordered = new Map<string, string>();
  const added: Json[] = [];
  /** A value in the order in which it is taken: its own layer's, or that of one more. */
  function inOrder(value: ValueReference, taken: Order): ValueReference {
    const [giver, , output] = value;
    const from = done.get(giver);
    const own = from ? outputOf(from, output) : taken;
    if (own.isTurned === taken.isTurned) return value;
    const key = JSON.stringify(value);
    const known = reordered.get(key);
    if (known !== undefined) return [known, 0, 0];
    const wanted = { isTurned: taken.isTurned, rank: own.rank ?? taken.rank };
    const name = freeName(names, reorderedName(giver, wanted));
    reordered.set(key, name);
    added.push({ ...reordering(name, wanted), name, inbound_nodes: [useOf(value, isKeras3)] });
    return [name, 0, 0];
  }
  const turned = layers.map((layer) => {
    const found = done.get(nameOf(layer));
    if (!found || !Array.isArray(layer.inbound_nodes)) return found?.layer ?? layer;
    const takes = (index: number) => found.takes[index] ?? found.takes[0] ?? asIs(undefined);
    const nodes = replaceReferences(layer.inbound_nodes, (value, index) => inOrder(value, takes(index)));
    return { ...found.layer, inbound_nodes: nodes };
  });
  return {
    layer: withLayers(model, [...turned, ...added]),
    takes: inputsOf(model).map((name) => outputOf(done.get(name), 0)),
    gives: outputsOf(model).map(([giver, , output]) => outputOf(done.get(giver), output)),
  };
}

function turnModel(model: Json, given: readonly Order[], place: Place): Turned {
  return isSequence(model) ? turnSequence(model, given, place) : turnGraph(model, given, place);
}

/** A model with its channels last, and in which order its layers take the axes of their weights. */
export interface TurnedModel {
  readonly config: Json;
  /** By the layer's path as JSON. */
  readonly weightAxes: ReadonlyMap<string, readonly number[]>;
}

/** Turn a whole model. What its outputs are that have channels has them last too. */
export function turnWhole(model: Json): TurnedModel {
  const weightAxes = new Map<string, readonly number[]>();
  return { config: turnModel(model, [], { path: [], weightAxes }).layer, weightAxes };
}
