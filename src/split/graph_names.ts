import { quote } from "../base/quote.ts";
import { type GraphNode, nodeName } from "./graph_nodes.ts";
import { isSpatial, type LayerChoice } from "./layer_choice.ts";
import type { LayerInfo } from "./model.ts";

/** What Keras models name the layers after a convolution, which the converter fuses into it. */
const followers = /_?(relu6?|swish|act(ivation)?|bn|batch_?norm(alization)?)(_\d+)?$/i;

/** What is used of a node to find it by the name of its layer. */
export interface NamedNode extends Pick<GraphNode, "name" | "op" | "inputNames"> {
  readonly attrParams?: GraphNode["attrParams"];
}

/** A node as a layer, and the names of the weights that it takes. */
interface Candidate extends LayerInfo {
  readonly weights: readonly string[];
  /** The nodes that it takes values from. */
  readonly inputs: readonly string[];
  /** The activation that was fused into a node which is not named after it: its layer's own, or a layer of its own. */
  readonly activation: string | undefined;
}

/** What stands before a name in a path whose segments hold those of the name, in this order and nothing between. */
function before(path: string, name: string): string | undefined {
  const start = `/${path}/`.indexOf(`/${name}/`);
  return start < 0 ? undefined : `/${path}`.slice(0, start);
}

/** Likewise, the name with the number that Keras 3 appends when exporting. */
function beforeNumbered(path: string, name: string): string | undefined {
  const start = `/${path}/`.indexOf(`/${name}_`);
  return start >= 0 && /^\d+\//.test(`/${path}/`.slice(start + name.length + 2))
    ? `/${path}`.slice(0, start)
    : undefined;
}

/** Likewise of a layer that put the path in its scope: a layer's nodes lie under its name, as in `conv/Relu`. */
function beforeScope(path: string, name: string): string | undefined {
  return path.endsWith(`/${name}`) || path === name ? undefined : before(path, name);
}

/** Nodes that a constant of another layer may be moved to. */
const arithmetic = new Set(["Add", "AddV2", "Div", "Mul", "RealDiv", "Sub"]);

/** Ways to tell that a node or weight is of a layer, the surest first. */
const matchers = [beforeScope, before, beforeNumbered];

/** A node of a layer that bears a name, and what stands before the name. */
interface Match {
  readonly candidate: Candidate;
  readonly prefix: string;
}

/** The nodes of the outermost layer that bears a name; none where several do. */
function outermost(matches: readonly Match[]): readonly Candidate[] {
  const depth = (prefix: string) => prefix.split("/").length;
  const least = Math.min(...matches.map(({ prefix }) => depth(prefix)));
  const found = matches.filter(({ prefix }) => depth(prefix) === least);
  const prefixes = new Set(found.map(({ prefix }) => prefix));
  return prefixes.size > 1 ? [] : found.map(({ candidate }) => candidate);
}

/** The numbers that TensorFlow gives the parts of a path, 0 where there is none, as in `conv/Relu_1`. */
function numbersOf(path: string): number[] {
  return path.split("/").map((part) => Number(/_(\d+)$/.exec(part)?.[1] ?? 0));
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at]! - (b[at] ?? 0);
}

/** Which call a node is of: TensorFlow numbers the nodes of all but the first, as in `conv/Relu_1`. */
function callOf(path: string): number {
  return numbersOf(path).at(-1)!;
}

/** Nodes in groups, each of which hangs together: a layer's in one call. */
function connected(nodes: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = [];
  for (const node of nodes) {
    const joined = groups.filter((group) => group.some(({ path }) => node.inputs.includes(path)));
    const rest = groups.filter((group) => !joined.includes(group));
    groups.splice(0, groups.length, ...rest, [...joined.flat(), node]);
  }
  return groups;
}

/** Of the nodes of a layer those of one call, in the order in which they are numbered. */
function ofCall(found: readonly Candidate[], call: number): readonly Candidate[] {
  const groups = connected(found);
  if (groups.length > 1) {
    const sorted = groups.map((group) => ({ group, numbers: numbersOf(group.at(-1)!.path) }))
      .sort((a, b) => compareNumbers(a.numbers, b.numbers));
    return sorted[call]?.group ?? [];
  }
  const calls = found.filter(({ kind }) => /conv/i.test(kind)).map(({ path }) => callOf(path));
  const isShared = new Set(calls).size > 1; // one call takes what the other gave
  if (isShared) return found.filter(({ path }) => callOf(path) === call);
  return call === 0 ? found : [];
}

/** The last of a layer's nodes that leads to no other of them: what the layer gives. */
function lastOf(found: readonly Candidate[]): Candidate | undefined {
  const taken = new Set(found.flatMap(({ inputs }) => inputs));
  return found.findLast(({ path }) => !taken.has(path)) ?? found.at(-1);
}

/** The last node that holds a layer or its weights: it computes the layer, or more. */
function findHolder(
  candidates: readonly Candidate[],
  name: string,
  { call = 0, asked = name }: { readonly call?: number; readonly asked?: string } = {},
): LayerChoice | undefined {
  for (const matches of matchers) {
    const matched = candidates.flatMap((candidate): Match[] => {
      const prefixes = [candidate.path, ...candidate.weights].map((own) => matches(own, name));
      const prefix = prefixes.find((prefix) => prefix !== undefined);
      return prefix === undefined ? [] : [{ candidate, prefix }];
    });
    const found = ofCall(outermost(matched), call);
    const holder = lastOf(found.filter(isSpatial)) ?? found.at(-1);
    if (!holder) continue;
    const { path, kind, weights, activation } = holder;
    // A depthwise convolution keeps its name when a batch norm is folded into its weights. Others take the norm's, which
    // may begin as theirs: "conv/norm".
    const isMore = matches(path, name) === undefined ||
      weights.some((weight) => /^[^/]+_bn_offset$/.test(weight.split(`${name}/`).at(-1)!));
    if (isMore) return { path, warnings: [fusedWarning(asked, path)] };
    const isOwn = weights.length === 0 || weights.some((weight) => before(weight, name) !== undefined);
    if (arithmetic.has(kind) && !isOwn) return { path, warnings: [movedWarning(asked, path)] };
    return { path, warnings: activation === undefined ? [] : [activatedWarning(asked, activation, path)] };
  }
  return undefined;
}

function fusedWarning(name: string, path: string): string {
  return `The converter fused layer ${quote(name)} into ${quote(path)}: the map is taken there`;
}

/** Of constants that stand in a row, TensorFlow moves one to where it can be computed beforehand. */
function movedWarning(name: string, path: string): string {
  return `The converter fused layer ${quote(name)} and a constant of another into ${
    quote(path)
  }: the map is taken there`;
}

function activatedWarning(name: string, activation: string, path: string): string {
  return `The converter fused layer ${quote(name)} and a ${activation} into ${
    quote(path)
  }: the map is taken after both`;
}

/** The activation that was fused into a depthwise convolution: all other nodes are named after theirs. */
function hiddenActivation({ op, attrParams = {} }: NamedNode): string | undefined {
  if (op !== "FusedDepthwiseConv2dNative") return undefined;
  const last = (attrParams["fusedOps"]?.value as readonly string[] | undefined)?.at(-1)?.toLowerCase();
  return last === "biasadd" || last === "noop" ? undefined : last;
}

/**
 * The node of a converted graph that computes a layer of the model it was made from, or the one that the layer was
 * fused into, as a batch norm or an activation into the convolution before it.
 *
 * @param name The layer's name in Keras, `outer/inner` inside a nested model, `name:1` for a second call.
 * @param layers The graph's nodes as layers.
 * @param nodes The same nodes.
 * @returns `undefined` if no node bears the name or takes weights that do.
 */
export function findKerasLayer(
  name: string,
  layers: readonly LayerInfo[],
  nodes: readonly NamedNode[],
): LayerChoice | undefined {
  const computed = new Set(nodes.map((node) => node.name));
  const candidates = layers.map((layer, index): Candidate => ({
    ...layer,
    weights: nodes[index]!.inputNames.map(nodeName).filter((input) => !computed.has(input)),
    inputs: nodes[index]!.inputNames.map(nodeName),
    activation: hiddenActivation(nodes[index]!),
  }));
  const [, outer = name, call = 0, inner = ""] = /^(.+):(\d+)(\/.+)?$/.exec(name) ?? [];
  const holder = findHolder(candidates, outer + inner, { call: Number(call), asked: name });
  if (holder) return holder;
  const stem = name.replace(followers, "");
  if (stem === name || stem === "" || stem.endsWith("/")) return undefined;
  const convolutions = candidates.filter(({ kind }) => /conv/i.test(kind));
  for (const host of [`${stem}_conv`, `${stem}_dwconv`, stem]) {
    const found = findHolder(convolutions, host);
    if (found) return { path: found.path, warnings: [fusedWarning(name, found.path)] };
  }
  return undefined;
}
