import type { GraphNode } from "./graph_node.ts";
import type { JoinContext } from "./node_join.ts";
import { type NodeWays, partner } from "./node_ways.ts";

/** A value over the axes that moments are taken along. */
interface Along {
  readonly x: string;
  readonly axes: readonly number[];
}

/** What divides a value: the square root of a mean of squares, and of a number that is added to that. */
interface Deviation {
  /** Whose squares those are. */
  readonly of: Along;
  /** Whether its mean is taken away before. */
  readonly isCentred: boolean;
  readonly epsilon: number;
}

/** A deviation's inverse, and what that is multiplied by. */
interface Gain {
  readonly deviation: Deviation;
  readonly scale: string | undefined;
}

/** A value that is normalised. */
export interface Norm extends Along {
  readonly epsilon: number;
  readonly isCentred: boolean;
  /** Names of constants. */
  readonly scale?: string | undefined;
  readonly shift?: string | undefined;
}

/** Finds what a graph's nodes compute together: a value with mean and deviation taken out, in any way that is written. */
export class NormFinder {
  readonly #ways: NodeWays;
  readonly #context: JoinContext;

  constructor(ways: NodeWays, context: JoinContext) {
    this.#ways = ways;
    this.#context = context;
  }

  /** What a node gives, if it is a whole one. */
  find(node: GraphNode): Norm | undefined {
    if (node.domain !== "") return undefined;
    if (node.op === "Div") return this.#ofQuotient(node);
    if (node.op === "Mul") return this.#ofProduct(node);
    return node.op === "Add" ? this.#ofSum(node) : undefined;
  }

  /** d / σ. */
  #ofQuotient({ inputs: [given, root] }: GraphNode): Norm | undefined {
    const deviation = this.#deviation(root!);
    return deviation && this.#norm(given!, { deviation, scale: undefined });
  }

  /** d · (1 / σ), or d · (γ / σ). */
  #ofProduct({ inputs: [first, second] }: GraphNode): Norm | undefined {
    for (const [given, other] of [[first!, second!], [second!, first!]] as const) {
      const gain = this.#gain(other), norm = gain && this.#norm(given, gain);
      if (norm) return norm;
    }
    return undefined;
  }

  /** x · k + (β − μ · k), as TensorFlow has it, where k is γ / σ. */
  #ofSum({ inputs: [first, second] }: GraphNode): Norm | undefined {
    for (const [product, rest] of [[first!, second!], [second!, first!]] as const) {
      const whole = this.#ways.before(product, ["Mul"]);
      for (const k of whole?.inputs ?? []) {
        const gain = this.#gain(k), x = whole && partner(whole, k);
        if (!gain?.deviation.isCentred || gain.deviation.of.x !== x) continue;
        const taken = this.#takenMean(rest, k), { axes } = gain.deviation.of;
        if (!taken || !this.#isMean(taken.mean, { x, axes })) continue;
        return {
          x,
          axes,
          epsilon: gain.deviation.epsilon,
          isCentred: true,
          scale: gain.scale,
          shift: taken.shift,
        };
      }
    }
    return undefined;
  }

  /** A mean that is taken away, times a gain: β − μ · k, −μ · k + β or −μ · k. */
  #takenMean(rest: string, k: string): { mean: string; shift: string | undefined } | undefined {
    const negative = (name: string): string | undefined => {
      const product = this.#ways.before(name, ["Mul"]);
      if (!product?.inputs.includes(k)) return undefined;
      return this.#ways.before(partner(product, k), ["Neg"])?.inputs[0];
    };
    const alone = negative(rest);
    if (alone !== undefined) return { mean: alone, shift: undefined };
    const sum = this.#ways.before(rest, ["Add", "Sub"]), [first, second] = sum?.inputs ?? [];
    if (sum?.op === "Sub") {
      const product = this.#ways.before(second!, ["Mul"]);
      const isTaken = product?.inputs.includes(k) && this.#isConstant(first!);
      return isTaken ? { mean: partner(product!, k), shift: first } : undefined;
    }
    const shift = sum?.inputs.find((name) => this.#isConstant(name));
    const mean = shift === undefined ? undefined : negative(partner(sum!, shift));
    return mean === undefined ? undefined : { mean, shift };
  }

  /** A value that is divided by its deviation, its mean taken away from both or from neither. */
  #norm(given: string, { deviation, scale }: Gain): Norm | undefined {
    const { of: { x, axes }, isCentred, epsilon } = deviation;
    const own = isCentred ? this.#centred(given, axes) : given;
    return own === x ? { x, axes, epsilon, isCentred, scale } : undefined;
  }

  /** 1 / σ, or γ / σ. */
  #gain(name: string): Gain | undefined {
    const inverse = this.#inverse(name);
    if (inverse) return { deviation: inverse, scale: undefined };
    const product = this.#ways.before(name, ["Mul"]);
    const scale = product?.inputs.find((one) => this.#isConstant(one));
    const deviation = scale === undefined ? undefined : this.#inverse(partner(product!, scale));
    return deviation && { deviation, scale };
  }

  #inverse(name: string): Deviation | undefined {
    const node = this.#ways.before(name, ["Reciprocal", "Div", "Pow"]), [first, second] = node?.inputs ?? [];
    if (node?.op === "Reciprocal") return this.#deviation(first!);
    if (node?.op === "Div") {
      return this.#context.numberOf(first!) === 1 ? this.#deviation(second!) : undefined;
    }
    return node && this.#context.numberOf(second!) === -0.5 ? this.#variance(first!) : undefined;
  }

  #deviation(name: string): Deviation | undefined {
    const node = this.#ways.before(name, ["Sqrt", "Pow"]);
    const isRoot = node?.op === "Sqrt" || node && this.#context.numberOf(node.inputs[1]!) === 0.5;
    return isRoot ? this.#variance(node!.inputs[0]!) : undefined;
  }

  /** A mean of squares, and a number that is added. */
  #variance(name: string): Deviation | undefined {
    const sum = this.#ways.before(name, ["Add"]), added = sum && this.#ways.withNumber(sum);
    const mean = added && this.#mean(added.other);
    const square = mean && this.#ways.before(mean.x, ["Pow", "Mul"]), [base, other] = square?.inputs ?? [];
    const isSquare = square?.op === "Pow" ? this.#context.numberOf(other!) === 2 : base === other;
    if (!added || !mean || base === undefined || !isSquare || !(added.number > 0)) return undefined;
    const x = this.#centred(base, mean.axes);
    return {
      of: { x: x ?? base, axes: mean.axes },
      isCentred: x !== undefined,
      epsilon: added.number,
    };
  }

  /** The value whose mean along some axes is taken away. */
  #centred(name: string, axes: readonly number[]): string | undefined {
    const [x, mean] = this.#ways.before(name, ["Sub"])?.inputs ?? [];
    return x !== undefined && this.#isMean(mean!, { x, axes }) ? x : undefined;
  }

  #isMean(name: string, { x, axes }: Along): boolean {
    const mean = this.#mean(name);
    return mean?.x === x && mean.axes.join() === axes.join();
  }

  /** A mean whose axes stay, of one number each. */
  #mean(name: string): Along | undefined {
    const node = this.#ways.before(name, ["ReduceMean"]);
    if (!node || node.attributes.get("keepdims")?.int === 0) return undefined;
    const axes = node.attributes.get("axes")?.ints ?? this.#context.numbersOf(node.inputs[1] ?? "");
    return axes && axes.length > 0 ? { x: node.inputs[0]!, axes } : undefined;
  }

  #isConstant(name: string): boolean {
    return this.#context.isConstant(name);
  }
}
