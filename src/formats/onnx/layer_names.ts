import { quote } from "../../base/quote.ts";
import type { LayerChoice } from "../../split/layer_choice.ts";
import { findKerasName } from "./keras_names.ts";
import type { LayerList } from "./layer_list.ts";

/** The number of a module's last child in a list. */
function lastChild(module: string, paths: readonly string[]): number {
  const numbers = paths.filter((path) => path.startsWith(`${module}.`)).map((path) =>
    Number(/^\d+(?=\.|$)/.exec(path.slice(module.length + 1))?.[0] ?? -1)
  );
  return numbers.reduce((last, number) => Math.max(last, number), -1);
}

/** A path with the indices of lists as Python has them: `layer4[-1]` for the last of `layer4`. */
function withoutIndices(name: string, paths: readonly string[]): string {
  return name.replace(/\[(-?\d+)\]/g, (_, index: string, at: number) => {
    const number = Number(index);
    return `.${
      number < 0 ? lastChild(withoutIndices(name.slice(0, at), paths), paths) + 1 + number : number
    }`;
  });
}

/** What a name may be of a path as Python's authors write it: `model.layer4[-1]`. */
function fromPython(name: string, paths: readonly string[]): string[] {
  return [name, name.replace(/^\w+\./, "")].map((one) => withoutIndices(one, paths));
}

/**
 * The layer that holds what is no longer there, by its name: a batch norm was folded into the convolution before it, which
 * bears the name of either.
 */
function besideNorm(name: string, list: LayerList): string | undefined {
  const candidates = [
    name.replace(/conv(_?\d*)$/i, "bn$1"),
    name.replace(/conv(_?\d*)$/i, "norm$1"),
    name.replace(/(\d+)$/, (number) => String(Number(number) + 1)),
    name.replace(/(batch_?norm|norm|bn)(_?\d*)$/i, "conv$2"),
    name.replace(/(\d+)$/, (number) => String(Number(number) - 1)),
  ];
  return candidates.find((path) =>
    path !== name && list.layers.some((layer) => layer.path === path && layer.kind === "Conv")
  );
}

/** The layer of a name that is none of the paths: of a node, of a value, or of what was fused into another. */
export function findOtherName(name: string, list: LayerList): LayerChoice | undefined {
  const paths = list.layers.map(({ path }) => path);
  const names = fromPython(name, paths);
  const known = list.aliases.get(name) ?? names.find((path) => paths.includes(path));
  if (known !== undefined) return { path: known, warnings: [] };
  const ofKeras = list.hasModules ? undefined : findKerasName(name, list);
  if (ofKeras) return ofKeras;
  const into = names.map((one) => besideNorm(one, list)).find((path) => path !== undefined);
  const layer = list.layers.find(({ path }) => path === into);
  if (!layer || layer.kind !== "Conv") return undefined;
  return {
    path: layer.path,
    warnings: [`Layer ${quote(name)} was fused into ${quote(layer.path)}, whose map is taken`],
  };
}
