import { quote } from "../../base/quote.ts";
import { findKerasLayer, type NamedNode } from "../../split/graph_names.ts";
import type { LayerChoice } from "../../split/layer_choice.ts";
import type { LayerInfo } from "../../split/model.ts";
import type { GraphNode } from "./graph_node.ts";
import type { LayerList } from "./layer_list.ts";

/** What a converter puts around the whole model. */
const wrapper = /^((Stateful)?PartitionedCall\/)+/;

/** A value's name as TensorFlow has it, without the index of a node's output. */
function withoutIndex(name: string): string {
  return name.replace(/:\d+$/, "").replace(wrapper, "");
}

/** Whether Keras 3 numbered all scopes when it exported the model, as in `net_1/conv_1/Relu`. */
function areNumbered(paths: readonly string[]): boolean {
  const scopes = paths.map((path) => path.split("/")).filter(({ length }) => length > 2);
  return scopes.length > 0 && scopes.every((parts) => parts.slice(0, 2).every((part) => /_\d+$/.test(part)));
}

/**
 * Gives names as they were before Keras 3 numbered their scopes: which call of a layer one is of stands at its end then, as
 * TensorFlow has it: `net_1/conv_3/Relu`, beside `net_1/conv_1/Relu`, is `net/conv/Relu_1`.
 */
class Unnumbered {
  /** The numbers that each scope bears, by what it is called. */
  readonly #numbers = new Map<string, Set<number>>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      for (const { scope, number } of this.#scopesOf(name)) {
        this.#numbers.set(scope, (this.#numbers.get(scope) ?? new Set()).add(number));
      }
    }
  }

  of(name: string): string {
    const scopes = this.#scopesOf(name);
    const [leaf = ""] = name.split("/").slice(-1);
    if (scopes.length === 0) return name;
    const calls = scopes.map(({ scope, number }) =>
      [...this.#numbers.get(scope) ?? []].filter((other) => other < number).length
    );
    const call = Math.max(...calls);
    const own = leaf.replace(/_(\d+)$/, "$1"); // which operation of its kind in the layer
    return `${scopes.at(-1)!.scope}/${own}${call === 0 ? "" : `_${call}`}`;
  }

  /** The scopes of a name, each with those before it. */
  #scopesOf(name: string): { scope: string; number: number }[] {
    const scopes: { scope: string; number: number }[] = [];
    for (const part of name.split("/").slice(0, -1)) {
      const [, own = part, number = "0"] = /^(.+)_(\d+)$/.exec(part) ?? [];
      const before = scopes.at(-1)?.scope;
      scopes.push({ scope: before === undefined ? own : `${before}/${own}`, number: Number(number) });
    }
    return scopes;
  }
}

/** What tf2onnx calls a node that it made of several, such as a convolution with a batch norm: of a layer speak its weights alone. */
const ownName = /^([A-Za-z]+)__(\d+)$/;

/** The names of constants that a node takes, which two nodes share where they are two calls of one layer. */
function constantsOf({ inputs }: GraphNode, { aliases }: LayerList): string[] {
  return inputs.slice(1).filter((input) => input !== "" && !aliases.has(input));
}

/** Whether another of the converter's own nodes takes the same weights: which call of a layer each is, nothing says. */
function isShared(path: string, list: LayerList): boolean {
  const own = constantsOf(list.nodes.get(path)!, list);
  return [...list.nodes].some(([other, node]) =>
    other !== path && ownName.test(other) && constantsOf(node, list).some((name) => own.includes(name))
  );
}

/**
 * The layer that a name of Keras means in a file that was converted from TensorFlow, whose nodes are named after layers.
 *
 * @returns `undefined` if no node bears the name or takes weights that do.
 */
export function findKerasName(name: string, list: LayerList): LayerChoice | undefined {
  const { layers, aliases, nodes } = list;
  const computed = layers.filter(({ path }) => nodes.has(path));
  const taken = computed.map(({ path }) =>
    nodes.get(path)!.inputs.flatMap((input) => {
      const before = aliases.get(input) ?? (ownName.test(path) ? input : "");
      return before === "" ? [] : [withoutIndex(before)];
    })
  );
  const paths = computed.map(({ path }) => withoutIndex(path));
  const unnumbered = areNumbered(paths) ? new Unnumbered([...paths, ...taken.flat()]) : undefined;
  // The number of a node of the converter's own is that of no call.
  const asKeras = (own: string) => (unnumbered?.of(own) ?? own).replace(ownName, "$1#$2");
  const renamed = computed.map((layer, at): LayerInfo => ({ ...layer, path: asKeras(paths[at]!) }));
  const named = renamed.map(({ path }, at): NamedNode => ({
    name: path,
    op: computed[at]!.kind,
    inputNames: taken[at]!.map(asKeras),
  }));
  const found = findKerasLayer(name, renamed, named);
  if (!found) return undefined;
  const { path } = computed[renamed.findIndex((layer) => layer.path === found.path)]!;
  if (ownName.test(path) && isShared(path, list)) return undefined;
  return { path, warnings: found.warnings.map((text) => text.replaceAll(quote(found.path), quote(path))) };
}
