import { ModelError } from "../../../base/errors.ts";
import { quote } from "../../../base/quote.ts";
import type { Json } from "../inbound.ts";

/** Layers that say what they take, and the one whose output leads on. */
interface Chain {
  readonly layers: readonly Json[];
  readonly inputs: readonly string[];
  readonly output: readonly [layer: string, use: number, output: number];
}

function nameOf({ config, name }: Json): string {
  return String((config as Json).name ?? name);
}

function isModel({ class_name: className }: Json): boolean {
  return className === "Sequential" || className === "Model";
}

/** A layer at the end of a chain; the making of a nested model counts as its first use. */
function appended({ layers, inputs, output }: Chain, layer: Json): Chain {
  const name = nameOf(layer);
  return {
    layers: [...layers, { ...layer, name, inbound_nodes: [[output]] }],
    inputs,
    output: [name, isModel(layer) ? 1 : 0, 0],
  };
}

/** The shape of what a layer takes, or of what the first layer inside it does. */
function inputShapeOf({ config }: Json): unknown[] | undefined {
  const { batch_input_shape: shape, layers } = (config ?? {}) as Json;
  if (Array.isArray(layers) && layers.length > 0) return inputShapeOf(layers[0]);
  return Array.isArray(shape) ? shape : undefined;
}

/** A branch's input, which Keras makes of what its first layer says. */
function begin(first: Json, where: string): Chain {
  const own = nameOf(first);
  if (first.class_name === "InputLayer") {
    return { layers: [{ ...first, name: own, inbound_nodes: [] }], inputs: [own], output: [own, 0, 0] };
  }
  const shape = inputShapeOf(first);
  if (!shape) throw new ModelError(`${where} begins with ${quote(own)}, which tells no input`);
  const name = `${own}_input`;
  const input = {
    class_name: "InputLayer",
    name,
    config: { name, batch_input_shape: shape },
    inbound_nodes: [],
  };
  return appended({ layers: [input], inputs: [name], output: [name, 0, 0] }, first);
}

/** The branches that a join holds, side by side. */
function beginTogether({ layers: _, ...join }: Json, branches: readonly Json[], where: string): Chain {
  const chains = branches.map((branch) => {
    if (branch.class_name !== "Sequential") {
      throw new ModelError(`${where} joins branches that are no Sequential models`);
    }
    return follow((branch.config as { layers: readonly Json[] }).layers, where);
  });
  const name = String(join.name);
  return {
    layers: [
      ...chains.flatMap(({ layers }) => layers),
      { class_name: "Merge", name, config: join, inbound_nodes: [chains.map(({ output }) => output)] },
    ],
    inputs: chains.flatMap(({ inputs }) => inputs),
    output: [name, 0, 0],
  };
}

/** A list of layers, each of which takes the one before. */
function follow([first, ...rest]: readonly Json[], where: string): Chain {
  if (!first) throw new ModelError(`${where} has a branch without layers`);
  const { layers } = first.config as Json;
  const chain = first.class_name === "Merge" && Array.isArray(layers)
    ? beginTogether(first.config as Json, layers, where)
    : begin(first, where);
  return rest.reduce(appended, chain);
}

/** Whether a Sequential model begins with a join of others, which Keras 1 alone has. */
export function beginsWithBranches(layers: readonly Json[]): boolean {
  const [first] = layers;
  return first?.class_name === "Merge" && Array.isArray((first.config as Json).layers);
}

/**
 * The functional model that says the same as a Sequential one which begins with branches.
 *
 * @param layers Its layers, each with a name; the first joins other models.
 * @param name What to call the model.
 * @param where How a message about it begins.
 * @throws {ModelError} If a branch is no list of layers.
 */
export function spreadOut(layers: readonly Json[], name: string, where: string): Json {
  const chain = follow(layers, where);
  return {
    class_name: "Model",
    config: {
      name,
      layers: chain.layers,
      input_layers: chain.inputs.map((input) => [input, 0, 0]),
      output_layers: [chain.output],
    },
  };
}
