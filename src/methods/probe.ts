import type { Tensor, Tensor2D, Tensor3D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import type { TokenGrid } from "../base/token_grid.ts";
import type { RectifierRule } from "../operations/operation.ts";
import type { Baseline, MethodSettings } from "./settings.ts";

/** A gradient taken anew, and what was differentiated. */
export interface ValueGradient {
  /** The target's value. */
  readonly value: number;
  /** ∂ value / ∂ activation, `[1, h, w, k]`; the caller disposes it. */
  readonly gradient: Tensor4D;
  /** What rectifiers were on the way, where it was gone by another rule than theirs. */
  readonly rectifiers?: RectifierCount | undefined;
}

/** How many rectifiers a way back has passed. */
export interface RectifierCount {
  /** By the rule asked for. */
  readonly exchanged: number;
  /** By their own derivative: leaky ones, and those inside what TensorFlow.js executes whole. */
  readonly kept: number;
}

/** How a gradient is taken anew. */
export interface GradientOptions {
  /**
   * How the way back passes a rectifier; or `"same"`, to have rectifiers pass what they pass for the activation that lies
   * there, however far from it another is, so that the score has none of their kinks.
   * @default {"gradient"}
   */
  readonly rule?: RectifierRule | "same" | undefined;
}

/** How things are run from a place. */
export interface RunOptions {
  /**
   * Tells what is run from all else, the method and what it is told included: what was run under a name is not run again, for
   * another target either.
   * @default {not remembered}
   */
  readonly name?: string | undefined;
}

/**
 * Makes a piece of a batch. The pieces are asked for in their order, each once.
 *
 * @param from The first of them.
 * @param to The one after the last.
 * @returns `[to − from, h, w, k]`; it is disposed by whoever asked for it.
 */
export type BatchMaker = (from: number, to: number) => Tensor4D | Promise<Tensor4D>;

/**
 * A place in the network where something can be seen and changed: a layer's output, or the model's input. What is asked for
 * twice is computed once.
 */
export interface Place {
  /** The layer's path. */
  readonly path: string;
  /** What lies there, `[1, h, w, k]`; it stays the place's. */
  activation(): Promise<Tensor4D>;
  /** ∂ target / ∂ activation, `[1, h, w, k]`; it stays the place's. */
  gradient(): Promise<Tensor4D>;
  /**
   * The gradient where something else lies there, or with another rule.
   *
   * @param activation `[1, h, w, k]`; it stays the caller's.
   */
  gradientAt(activation: Tensor4D, options?: GradientOptions): Promise<ValueGradient>;
  /**
   * The gradient, and what each bias on the way to the target has part in it: the biases of products, the shifts of batch
   * norms.
   *
   * @param see Shown bias · ∂ value / ∂ what it is added to, `[1, …, k]`, which is disposed after it.
   */
  biasGradients(see: (part: Tensor) => void): Promise<ValueGradient>;
  /**
   * The target's value where other things lie there, in batches that fit into memory.
   *
   * @param count How many.
   * @param make Makes some of them.
   * @returns `count` values.
   */
  values(count: number, make: BatchMaker, options?: RunOptions): Promise<Float32Array>;
  /**
   * Likewise the scores of all classes, `count` × `classes`, one after the other.
   */
  scores(count: number, make: BatchMaker, options?: RunOptions): Promise<Float32Array>;
}

/** The attention of a block of a transformer, `[heads, t, t]` each: from each of t tokens to each of them. */
export interface BlockAttention {
  /** The weights; each row's sum is 1. */
  readonly weights: Tensor3D;
  /** ∂ target / ∂ weights. */
  readonly gradient: Tensor3D;
}

/** The attention of a transformer. What it gives stays its own. */
export interface AttentionProbe {
  /** How its tokens lie on the picture. */
  readonly grid: TokenGrid;
  /** How many blocks there are. */
  readonly blocks: number;
  /** The attention of each block, the first one's first. */
  weights(): Promise<readonly BlockAttention[]>;
  /**
   * ∂ (the target, were the block's own tokens those that the last block gives) / ∂ the block's weights, `[heads, t, t]`.
   *
   * @param block Which block, from 0.
   */
  ownGradient(block: number): Promise<Tensor3D>;
}

/**
 * What a method can ask of a model and a photo, for one target: nothing is computed that no method asks for, and what
 * several ask for is computed once. What it gives stays its own, unless it says otherwise.
 */
export interface Probe {
  /** TensorFlow.js: what lists methods is read before it is loaded, so that their modules do not import it. */
  readonly tf: TensorFlow;
  /** The layer that the map is asked of. */
  readonly layer: Place;
  /** The model's input, `[1, H, W, C]`. */
  readonly picture: Place;
  /**
   * The paths of the layer and, before it, of the last layer of each finer resolution that the score depends on, finest last;
   * at most four.
   */
  readonly stages: readonly string[];
  /**
   * Another layer.
   *
   * @param path Its full path.
   * @throws {LayerNotFoundError} If there is none, or its output is not 4-D.
   */
  at(path: string): Place;
  /**
   * The model's attention.
   *
   * @throws {RangeError} If it has none from all tokens of a grid to all of them.
   */
  readonly attention: AttentionProbe;
  /** The target's value for the photo as it is. */
  value(): Promise<number>;
  /** The model's scores for the photo as it is, `[1, classes]`. */
  scores(): Promise<Tensor2D>;
  /** What stands for nothing seen, `[1, H, W, C]`, as the model's input; it stays the probe's. */
  baseline(kind: Baseline): Promise<Tensor4D>;
  /** What the method was told, or its defaults. */
  readonly settings: MethodSettings;
  /**
   * A sequence of random numbers from 0 to below 1, the same for the same seed.
   *
   * @param name Tells sequences of one method apart.
   */
  random(name?: string): () => number;
  /**
   * To be awaited between pieces of long work of the method's own.
   *
   * @throws The signal's reason, once it is given.
   */
  pause(): Promise<void>;
}
