import { ModelError } from "../../base/errors.ts";
import { listQuoted, quote } from "../../base/quote.ts";
import type { Json } from "./inbound.ts";

/** Where a value comes from: layer, its use, its output, further arguments. */
type Reference = readonly [string, number, ...unknown[]];

/** A call of a layer that waits for what it takes. */
interface Call {
  readonly layer: string;
  readonly takes: readonly Reference[];
  /** Which of the layer's uses it is, as the file counts them. */
  readonly use: number;
}

/** The order in which TensorFlow.js comes to a layer's uses, from the file's own numbers. */
type Uses = ReadonlyMap<string, ReadonlyMap<number, number>>;

function plural(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** What a call waits for in vain. */
function explain(waiting: readonly Call[], uses: Uses, calls: ReadonlyMap<string, number>): string {
  for (const { layer, takes } of waiting) {
    for (const [source, use] of takes) {
      const count = calls.get(source);
      if (count === undefined) {
        return `layer ${quote(layer)} takes the output of ${quote(source)}, which it does not have`;
      }
      if (count === 0) {
        return `layer ${quote(layer)} takes the output of ${quote(source)}, which takes no input`;
      }
      if (!Number.isInteger(use) || use < 0 || use >= count) {
        return `layer ${quote(layer)} takes use ${JSON.stringify(use)} of ${quote(source)}, which is used ${
          plural(count)
        }`;
      }
    }
  }
  // All exist, so that those that wait wait for each other: walk back from one until a layer comes again.
  const open = new Map(waiting.map((call) => [`${call.layer} ${call.use}`, call]));
  const seen: string[] = [];
  for (let call: Call | undefined = waiting[0]; call;) {
    const from = seen.indexOf(call.layer);
    if (from >= 0) return `its layers feed each other in a circle: ${nameSome(seen.slice(from).reverse())}`;
    seen.push(call.layer);
    const missing: Reference | undefined = call.takes.find(([source, use]) => !uses.get(source)?.has(use));
    call = missing && open.get(`${missing[0]} ${missing[1]}`);
  }
  return "its layers feed each other in a circle";
}

function nameSome(names: readonly string[]): string {
  const shown = listQuoted(names.slice(0, 5));
  return names.length > 5 ? `${shown} …` : shown;
}

/**
 * Go through a model's calls as TensorFlow.js does, which tries each call that cannot be made yet again and again:
 * where one can never be made, it would do so for ever.
 */
function schedule(layers: readonly Json[], name: string): Uses {
  const uses = new Map<string, Map<number, number>>();
  const calls = new Map<string, number>();
  const waiting = new Map<string, Call[]>();
  for (const { name: given, class_name: className, inbound_nodes: nodes } of layers) {
    const layer = String(given);
    if (uses.has(layer)) {
      throw new ModelError(`Cannot open model ${quote(name)}: two of its layers are ${quote(layer)}`);
    }
    // An input, and the making of a nested model, count as a first use.
    const own = className === "InputLayer" || isModel(className) ? 1 : 0;
    uses.set(layer, new Map(own ? [[0, 0]] : []));
    const list = (nodes as Reference[][]).filter((takes) => takes.length > 0);
    calls.set(layer, own + list.length);
    if (list.length > 0) waiting.set(layer, list.map((takes, use) => ({ layer, takes, use: own + use })));
  }
  for (let moved = true; moved && waiting.size > 0;) {
    moved = false;
    for (const [layer, list] of [...waiting]) {
      const later = list.filter(({ takes, use }) => {
        if (!takes.every(([source, index]) => uses.get(source)?.has(index))) return true;
        const done = uses.get(layer)!;
        done.set(use, done.size);
        moved = true;
        return false;
      });
      if (later.length > 0) waiting.set(layer, later);
      else waiting.delete(layer);
    }
  }
  if (waiting.size === 0) return uses;
  throw new ModelError(
    `Cannot open model ${quote(name)}: ${explain([...waiting.values()].flat(), uses, calls)}`,
  );
}

const modelClasses = new Set(["Model", "Sequential"]);

function isModel(className: unknown): boolean {
  return modelClasses.has(String(className));
}

function checkModel(model: Json, name: string): Json {
  const config = model.config as Json;
  const layers = (config.layers as Json[]).map((layer) =>
    isModel(layer.class_name) ? { ...layer, ...checkModel(layer, name) } : layer
  );
  if (model.class_name === "Sequential") return { ...model, config: { ...config, layers } };
  const uses = schedule(layers, name);
  function renumber(reference: Reference): Reference {
    const [source, use, ...rest] = reference;
    return [source, uses.get(source)!.get(use)!, ...rest];
  }
  function renumberEnd(reference: Reference): Reference {
    const [source, use] = reference;
    if (uses.get(source)?.has(use)) return renumber(reference);
    throw new ModelError(
      `Cannot open model ${quote(name)}: its input or output ${
        quote(source)
      } is no use of a layer that it has`,
    );
  }
  return {
    ...model,
    config: {
      ...config,
      layers: layers.map((layer) => ({
        ...layer,
        inbound_nodes: (layer.inbound_nodes as Reference[][]).map((takes) => takes.map(renumber)),
      })),
      input_layers: (config.input_layers as Reference[]).map(renumberEnd),
      output_layers: (config.output_layers as Reference[]).map(renumberEnd),
    },
  };
}

/**
 * Look at a translated architecture before TensorFlow.js builds it, which spins for ever where a layer takes what
 * never comes, and which counts the uses of a layer in the order in which it can make them. The uses are numbered in
 * that order here, so that a layer shared at several depths is taken where it was meant.
 *
 * @param topology `{ class_name, config }` as {@linkcode translateModel} gives it.
 * @param name What to call the model in messages.
 * @returns The architecture with its uses numbered as TensorFlow.js will count them.
 * @throws {ModelError} If a layer takes the output of one that is missing, or layers feed each other in a circle.
 */
export function checkGraph(topology: Json, name: string): Json {
  return checkModel(topology, name);
}
