import * as tf from "../base/tfjs.ts";
import type { Tensor, Tensor3D } from "../base/tensors.ts";
import { countTokens, type TokenGrid } from "../base/token_grid.ts";
import type { AttentionProbe, BlockAttention } from "../methods/probe.ts";
import type { AttentionInfo, SplitModel } from "../split/model.ts";
import type { TargetPlace } from "./place.ts";

/** A model's attention, and how it is cut there. */
export interface AttentionCut extends AttentionInfo {
  /** Cut it at a block's weights, the block's own tokens in the place of the last one's from there on. */
  splitAtBlock(block: number): SplitModel;
}

/** One matrix for each head, `[heads, t, t]`; `undefined` where they are of something else than all tokens. */
function asMatrices(weights: Tensor, tokens: number): Tensor3D | undefined {
  const [rows, columns] = weights.shape.slice(-2);
  if (weights.rank < 3 || rows !== tokens || columns !== tokens) return undefined;
  return tf.reshape(weights as tf.Tensor, [-1, tokens, tokens]) as Tensor3D;
}

/** Where the attention of a transformer is seen, for one target: the target's place at the picture, and at each block. */
export interface AttentionPlaces {
  picture(): TargetPlace;
  block(at: number): TargetPlace;
}

/** A transformer's attention as methods see it, for one target. What was computed stays its own. */
export class TargetAttention implements AttentionProbe {
  readonly grid: TokenGrid;
  readonly blocks: number;
  readonly #info: AttentionInfo;
  readonly #places: AttentionPlaces;
  #all: Promise<readonly BlockAttention[]> | undefined;
  readonly #own = new Map<number, Promise<Tensor3D>>();

  constructor(info: AttentionInfo, places: AttentionPlaces) {
    this.grid = info.grid;
    this.blocks = info.weights.length;
    this.#info = info;
    this.#places = places;
  }

  weights(): Promise<readonly BlockAttention[]> {
    return this.#all ??= this.#see();
  }

  ownGradient(block: number): Promise<Tensor3D> {
    const known = this.#own.get(block) ?? this.#seeOwn(block);
    this.#own.set(block, known);
    return known;
  }

  /** Free what was computed. */
  async dispose(): Promise<void> {
    await this.#all?.then((all) => tf.dispose(all.flatMap((one) => [one.weights, one.gradient])), () => {});
    for (const own of this.#own.values()) await own.then((gradient) => gradient.dispose(), () => {});
  }

  async #see(): Promise<readonly BlockAttention[]> {
    const seen = await this.#places.picture().seen(this.#info.weights);
    const tokens = countTokens(this.grid);
    try {
      return seen.map(({ value, gradient }) => ({
        weights: this.#matrices(value, tokens),
        gradient: this.#matrices(gradient, tokens),
      }));
    } finally {
      tf.dispose(seen.flatMap(({ value, gradient }) => [value, gradient]));
    }
  }

  async #seeOwn(block: number): Promise<Tensor3D> {
    return this.#matrices(await this.#places.block(block).gradient(), countTokens(this.grid));
  }

  #matrices(weights: Tensor, tokens: number): Tensor3D {
    const matrices = asMatrices(weights, tokens);
    if (matrices) return matrices;
    const shape = weights.shape.join(", ");
    throw new RangeError(
      `Cannot read the model's attention: its weights [${shape}] are not from ${tokens} tokens to ${tokens}`,
    );
  }
}
