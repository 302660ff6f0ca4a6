import { quote } from "../../base/quote.ts";
import { findKerasLayer, type NamedNode } from "../../split/graph_names.ts";
import type { LayerChoice } from "../../split/layer_choice.ts";
import type { LayerInfo } from "../../split/model.ts";
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

/**
 * The layer that a name of Keras means in a file that was converted from TensorFlow, whose nodes are named after layers.
 *
 * @returns `undefined` if no node bears the name or takes weights that do.
 */
export function findKerasName(
  name: string,
  { layers, values, aliases, nodes }: LayerList,
): LayerChoice | undefined {
  const computed = layers.filter(({ path }) => nodes.has(path));
  const pathOf = (value: string) => aliases.get(value) ?? value;
  const taken = computed.map(({ path }) =>
    nodes.get(path)!.inputs.filter((input) => input !== "").map((input) => withoutIndex(pathOf(input)))
  );
  const paths = computed.map(({ path }) => withoutIndex(path));
  const unnumbered = areNumbered(paths) ? new Unnumbered([...paths, ...taken.flat()]) : undefined;
  const asKeras = (own: string) => unnumbered?.of(own) ?? own;
  const renamed = computed.map((layer, at): LayerInfo => ({ ...layer, path: asKeras(paths[at]!) }));
  const named = renamed.map(({ path }, at): NamedNode => ({
    name: path,
    op: computed[at]!.kind,
    inputNames: taken[at]!.map(asKeras),
  }));
  const found = findKerasLayer(name, renamed, named);
  if (!found) return undefined;
  const { path } = computed[renamed.findIndex((layer) => layer.path === found.path)]!;
  if (!values.has(path)) return undefined;
  return { path, warnings: found.warnings.map((text) => text.replaceAll(quote(found.path), quote(path))) };
}
