/** An object as JSON has it. */
export type Json = { readonly [key: string]: unknown };

/** Where a value comes from: layer, its use, its output, and further arguments. */
type Reference = readonly [string, number, number, Json];

/** How a layer was called: its inputs in order, and where they stand among its arguments. */
export interface CallTemplate {
  /** Arguments by place; an input is `{ input: n }`, a tensor that is no layer's `{ constant: values }`. */
  readonly operands: readonly unknown[];
  /** Arguments by name. */
  readonly named: Json;
}

/** What a layer takes, use by use. */
export interface Inbound {
  readonly nodes: readonly (readonly Reference[])[];
  /** How it was called at its first use. */
  readonly template: CallTemplate;
}

const noCall: CallTemplate = { operands: [], named: {} };

/**
 * A use of a nested model counts from 1 in TensorFlow.js, as in Keras 2, whose own construction counts as the first;
 * Keras 3 counts from 0.
 */
function reference(history: readonly unknown[], nested: ReadonlySet<unknown>): Reference {
  const [layer, use, output] = history as [string, number, number];
  return [layer, nested.has(layer) ? use + 1 : use, output, {}];
}

export function isKerasTensor(value: unknown): value is { config: { keras_history: unknown[] } } {
  return (value as Json | null)?.class_name === "__keras_tensor__";
}

/** The values of a tensor that no layer gives, which Keras 3 writes with the arguments. */
export function constantOf(value: unknown): { value: unknown } | undefined {
  const { class_name: className, config } = (value ?? {}) as {
    class_name?: unknown;
    config?: { value: unknown };
  };
  return className === "__tensor__" || className === "__numpy__" ? config : undefined;
}

/** Replace each tensor of Keras 3's arguments by its place among the inputs. */
function collect(value: unknown, inputs: Reference[], nested: ReadonlySet<unknown>): unknown {
  if (isKerasTensor(value)) return { input: inputs.push(reference(value.config.keras_history, nested)) - 1 };
  if (Array.isArray(value)) return value.map((item) => collect(item, inputs, nested));
  const constant = constantOf(value);
  if (constant) return { constant: constant.value };
  return isDictionary(value) ? mapSorted(value, (item) => collect(item, inputs, nested)) : value;
}

/** Tensors by name, as a nested model may take them. */
export function isDictionary(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !("class_name" in value) &&
    Object.values(value).some(isKerasTensor);
}

/** Values by name one after the other as Keras counts them, in the order of their names. */
export function mapSorted(value: Json, convert: (item: unknown) => unknown): Json {
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, convert(value[name])]));
}

/** A use as Keras 3 writes it. */
function readNode3(
  { args = [], kwargs = {} }: { args?: unknown[]; kwargs?: Json },
  nested: ReadonlySet<unknown>,
) {
  const inputs: Reference[] = [];
  const operands = args.map((arg) => collect(arg, inputs, nested));
  const named = Object.fromEntries(
    Object.entries(kwargs).map(([key, value]) => [key, collect(value, inputs, nested)]),
  );
  return { inputs, template: { operands, named } };
}

/** Whether a value of Keras 2's arguments is a tensor: `["layer", 0, 0]`. */
export function isHistory(value: unknown): value is [string, number, number] {
  return Array.isArray(value) && value.length === 3 && typeof value[0] === "string" &&
    typeof value[1] === "number" && typeof value[2] === "number";
}

/** Replace each tensor of Keras 2's named arguments by its place among the inputs. */
function collect2(value: unknown, inputs: Reference[]): unknown {
  if (isHistory(value)) return { input: inputs.push([...value, {}]) - 1 };
  return Array.isArray(value) ? value.map((item) => collect2(item, inputs)) : value;
}

/** A use as Keras 2 writes it: `[layer, use, output, arguments]` for each input. */
function readNode2(node: readonly unknown[]) {
  const inputs: Reference[] = [];
  const operands: unknown[] = [];
  let named: Json = {};
  const items = typeof node[0] === "string" ? [node] : node; // operations leave out the list around a single input
  for (const item of items as [string, number, unknown, Json?][]) {
    const [layer, use, output, kwargs = {}] = item;
    if (layer === "_CONSTANT_VALUE") operands.push(Array.isArray(output) ? { constant: output } : output);
    else operands.push({ input: inputs.push([layer, use, Number(output), {}]) - 1 });
    if (item === items[0]) { // the same arguments are repeated with every input
      named = Object.fromEntries(
        Object.entries(kwargs).map(([key, value]) => [key, collect2(value, inputs)]),
      );
    }
  }
  return { inputs, template: { operands: items.length > 1 ? [operands] : operands, named } }; // several are a list
}

/** What a layer takes, in TensorFlow.js's form. */
export function translateInbound(layer: Json, nested: ReadonlySet<unknown>): Inbound {
  const nodes = (layer.inbound_nodes ?? []) as unknown[];
  const read = nodes.map((node) =>
    Array.isArray(node) ? readNode2(node) : readNode3(node as { args?: unknown[]; kwargs?: Json }, nested)
  );
  return { nodes: read.map(({ inputs }) => inputs), template: read[0]?.template ?? noCall };
}

/** Whether Keras 3 wrote a model's layers: it notes uses as objects. */
export function isWrittenByKeras3(layers: readonly Json[]): boolean {
  return layers.some(({ inbound_nodes: nodes }) =>
    Array.isArray(nodes) && nodes.some((node) => !Array.isArray(node))
  );
}

/**
 * The inputs or outputs of a model, which are written as a list, a single one, or by name.
 *
 * @param nested The nested models whose uses are counted from 0.
 * @param sorted Whether those by name come in the order of their names, as Keras counts them where the model is used,
 * and not in that of the file.
 */
export function translateReference(
  value: unknown,
  nested: ReadonlySet<unknown>,
  sorted: boolean,
): unknown[] {
  const isSingle = Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
  const named = sorted && !Array.isArray(value) ? mapSorted(value as Json, (item) => item) : value;
  const list = isSingle ? [value] : Object.values(named as Json | unknown[]);
  return list.map((history) => reference(history as unknown[], nested).slice(0, 3));
}
