/**
 * What a model must offer to be explained: a list of its layers, and a cut at any of them.
 *
 * @module
 */
import {
  anyRule,
  callbackRule,
  flagRule,
  numberRule,
  objectRule,
  type OptionRules,
  rule,
  textRule,
} from "../base/options.ts";
import type { Shape, TensorInfo } from "../base/tensor_info.ts";
import type { Tensor, Tensor2D, Tensor4D } from "../base/tensors.ts";
import { gridAllowed, type GridSize, readGrid, type TokenGrid } from "../base/token_grid.ts";
import type { Operation, RectifierMemory, RectifierRule } from "../operations/operation.ts";
import type { BackOptions, WalkOptions } from "../operations/walk.ts";
import type { PixelEvidence } from "../input/evidence.ts";
import type { Preprocessing } from "../input/preprocess.ts";

export type { Shape, TensorInfo };

/** A layer, or a node of a converted graph. */
export interface LayerInfo {
  /** The name to ask for it by; inside a nested model `outer/inner`; a second use of one layer `name:1`. */
  readonly path: string;
  /** The layer's class, or the graph node's operation. */
  readonly kind: string;
  /** The shape of its output, batch first. */
  readonly outputShape: Shape;
  /** The model that holds it, `""` for the outermost; in a graph also the layer that a node is the inside of. */
  readonly parent: string;
  /** How many numbers its weights hold; unknown for the nodes of a converted graph. */
  readonly parameters: number | undefined;
  /**
   * How many rows and columns of the picture one row and one column of its output stand for; unknown where it has
   * neither, or does not come of the picture in whole steps.
   */
  readonly stride: readonly [down: number, across: number] | undefined;
  /** How its tokens lie on the picture, where its output is tokens, `[1, t, k]`, and it was found. */
  readonly tokens?: TokenGrid | undefined;
}

/** Which score of the model a class's gradient is taken of. */
export type ScoreKind = "output" | "logit";

/** The activation that turns logits into scores at the end of a classifier. */
export type FinalActivation = "softmax" | "sigmoid";

/**
 * What an output of one unit says: the probability `"sigmoid"` or the `"logit"` of one of two classes, of which it is the
 * first, or a number such as a regression's.
 */
export type UnitReading = "sigmoid" | "logit" | "regression";

/** How much each pixel of a spatial output counts: `height` × `width` weights whose sum is 1. */
export type RegionWeights = (height: number, width: number) => Float32Array;

/** Options of {@linkcode ExplainableModel.split}. */
export interface SplitOptions {
  /**
   * The model's output that holds the class scores, by index or name.
   * @default {0}
   */
  readonly output?: number | string;
  /**
   * The output itself, or what stands before its softmax or sigmoid.
   * @default {"output"}
   */
  readonly score?: ScoreKind;
  /**
   * The input that takes the image, by index or name.
   * @default {the only one with height, width and channels that is given no values}
   */
  readonly input?: number | string | undefined;
  /** The values of the model's other inputs by name, batch first; they stay the caller's. */
  readonly inputs?: Readonly<Record<string, Tensor>> | undefined;
  /**
   * The pixels of a spatial output, `[1, h, w, classes]`, whose mean is the score.
   * @default {all of them}
   */
  readonly region?: RegionWeights | undefined;
  /**
   * The row of an output `[1, rows, values]`, such as a detector's box, whose values are the scores.
   * @default {the mean of all rows}
   */
  readonly row?: number | undefined;
  /**
   * Whether all numbers of the output are scores, row by row, whatever its shape.
   * @default {false}
   */
  readonly flat?: boolean | undefined;
  /**
   * Whether one unit without an activation is read as the logit of two classes, as where there are names of two.
   * @default {false}
   */
  readonly twoClasses?: boolean | undefined;
  /**
   * How many rows and columns of tokens there are, at a layer whose output is tokens.
   * @default {those of the patches that the tokens were made of}
   */
  readonly grid?: GridSize | undefined;
  /**
   * How many tokens come before those of the grid; what is left over comes after it.
   * @default {as the model puts them there}
   */
  readonly tokens?: number | undefined;
  /**
   * What is computed in the place of the model's operations, between the same values: such as others with weights that were
   * drawn anew.
   * @default {the model's own}
   */
  readonly exchange?: ((operations: readonly Operation[]) => readonly Operation[]) | undefined;
}

/** What each of them can be. */
export const splitRules: OptionRules<SplitOptions> = {
  output: anyRule(numberRule("the index of an output"), textRule("its name")),
  score: textRule('"output" or "logit"'),
  input: anyRule(numberRule("the index of an input"), textRule("its name")),
  inputs: objectRule("tensors by the names of inputs"),
  region: callbackRule("a function that gives weights"),
  row: numberRule("the number of a row"),
  flat: flagRule,
  twoClasses: flagRule,
  grid: rule(gridAllowed, (value) => readGrid(value) !== undefined),
  tokens: numberRule("how many tokens"),
  exchange: callbackRule("a function of operations"),
};

/** What the head leaves for the tail. */
export interface HeadResult {
  /** The layer's output, `[1, h, w, k]`; of tokens those of the grid. */
  readonly activation: Tensor4D;
  /** What skips past the cut, in the model's own order. */
  readonly carried: Tensor[];
}

/** How the tail is run under the tape. */
export interface TapedTail {
  /**
   * How the way back passes a rectifier, or how it is run.
   * @default {"gradient"}
   */
  readonly rule?: RectifierRule | RectifierMemory | undefined;
  /** Shown each operation, and the values that it gave. */
  readonly observe?: ((operation: Operation, values: readonly Tensor[]) => void) | undefined;
}

/** The way from a layer to the scores, gone without a tape: each value on it is kept for the way back. */
export interface DirectPass {
  /** The scores, `[1, classes]`. */
  readonly scores: Tensor2D;
  /**
   * The way back.
   *
   * @param weights ∂ score / ∂ scores, `[n, classes]`: for one class a 1 in its place.
   * @returns ∂ score / ∂ activation, `[n, h, w, k]`; the caller disposes it.
   */
  gradient(weights: Tensor2D): Tensor4D;
  /** Free the values on the way, the scores among them. */
  dispose(): void;
}

/** The way from a layer to the scores, each of its operations gone so that it can be gone back. */
export interface WalkedPass {
  /** The scores, `[1, classes]`. */
  readonly scores: Tensor2D;
  /**
   * The way back.
   *
   * @param weights ∂ score / ∂ scores, `[1, classes]`.
   * @returns ∂ score / ∂ activation, `[1, h, w, k]`; the caller disposes it.
   */
  gradient(weights: Tensor2D, how: BackOptions): Promise<Tensor4D>;
  /** Free the values on the way, the scores among them. */
  dispose(): void;
}

/** A model cut in two at a layer. */
export interface SplitModel {
  /** The full path of the layer. */
  readonly layer: string;
  /** How its tokens lie, where its output is tokens, seen as a picture. */
  readonly tokens?: TokenGrid | undefined;
  /** What the user should know about this cut, such as a layer that was fused into another. */
  readonly warnings: readonly string[];
  /** Whether the scores depend on the layer at all. */
  readonly connected: boolean;
  /** Whether the layer depends on the image: where there are several inputs, it may depend on the others alone. */
  readonly seesImage: boolean;
  /** The softmax or sigmoid that ends the model, whichever score was asked for. */
  readonly finalActivation: FinalActivation | undefined;
  /** What the output says where it is one unit; `undefined` where it is several, or one with a softmax. */
  readonly unit: UnitReading | undefined;
  /**
   * Whether the output is one unit that stands for two classes: class 0 is its own score, class 1 the opposite, 1 − p
   * of a probability and −z of a logit.
   */
  readonly binary: boolean;
  /** From the input, `[1, H, W, C]`, to the layer. The caller disposes what it returns. */
  head(x: Tensor4D): HeadResult;
  /**
   * Likewise, letting others have a turn.
   *
   * @param pause Awaited after each operation; what it throws ends the run.
   */
  headInTurns(x: Tensor4D, pause: () => Promise<void>): Promise<HeadResult>;
  /** From the layer to the scores, `[1, classes]`, before the final activation where the logit is asked for. */
  tail(activation: Tensor4D, carried: Tensor[]): Tensor2D;
  /** Likewise, stopping after each operation; what is made on the way stays the caller's to dispose. */
  tailInSteps(activation: Tensor4D, carried: Tensor[], how?: TapedTail): Generator<void, Tensor2D>;
  /**
   * From several activations of the layer to their scores, without a tape and as fast as can be.
   *
   * @param activations `[n, h, w, k]`.
   * @param carried What the head left; it goes along with each of them.
   * @param pause Awaited after each operation; what it throws ends the run.
   * @returns `[n, classes]`, where the model takes several pictures at once; the caller disposes it.
   */
  rerun(activations: Tensor4D, carried: Tensor[], pause: () => Promise<void>): Promise<Tensor2D>;
  /**
   * The way from the layer to the scores such that it can be gone back: without a tape over all operations whose way back is
   * known.
   */
  walk(activation: Tensor4D, carried: Tensor[], how: WalkOptions): Promise<WalkedPass>;
  /**
   * The way from the layer to the scores without a tape, where every step on it can be gone back: pooling and dense
   * layers. It gives `undefined` where the scores are not `[1, classes]`.
   */
  direct?(activation: Tensor4D): DirectPass | undefined;
  /**
   * The model's own output for a tail's scores, `[1, classes]`: the final activation, if it was left out. Of an output
   * that is a picture it is that of the mean logits.
   */
  finish(scores: Tensor2D): Tensor2D;
}

/** The attention of a transformer, as far as it looks from all tokens of one grid at all of them. */
export interface AttentionInfo {
  /** How the tokens lie, those of a picture of the usual size where the model takes several. */
  readonly grid: TokenGrid;
  /** How those of a picture lie, `[1, H, W, C]`, where the model takes pictures of several sizes. */
  gridFor?(x: Tensor4D): TokenGrid;
  /** The ids of each block's weights, what its softmax gives, in the model's order. */
  readonly weights: readonly string[];
  /** The paths of the layers that give what goes into the last block, and what its first norm makes of that. */
  readonly lastBlock?: { readonly input: string; readonly normed: string } | undefined;
}

/** A model that can be explained, whatever file it came from. */
export interface ExplainableModel {
  /** The name of its file or folder, without what leads there; `undefined` for bytes, and models that the caller holds. */
  readonly name?: string | undefined;
  /** The file format, such as `"tfjs-layers"`. */
  readonly format: string;
  /** Inputs, in the model's order. */
  readonly inputs: readonly TensorInfo[];
  /** Outputs, in the model's order. */
  readonly outputs: readonly TensorInfo[];
  /** All layers in the order of the model, nested ones before the model that holds them. */
  readonly layers: readonly LayerInfo[];
  /** The names of the classes, where the model's files say them. */
  readonly labels: readonly string[] | undefined;
  /** How the model was trained to see pixels, where its files say it or it was found out for sure. */
  readonly preprocessing: Preprocessing | undefined;
  /** What wrote the model's file, where it says so. */
  readonly writer: string | undefined;
  /** What was translated or left out when the model was opened. */
  readonly notes: readonly string[];
  /** Of these, what was taken to be meant where the file does not say it outright, such as a layer that does nothing. */
  readonly assumptions?: readonly string[] | undefined;
  /**
   * What tells how the model sees pixels. Of a model that was opened here it is known; of one that the caller holds it is
   * found out when first asked for, on the backend in use.
   */
  pixelEvidence(options?: EvidenceOptions): Promise<readonly PixelEvidence[]>;
  /**
   * Cut the model at a layer.
   *
   * @param layer A path, or its end where that is unique; if left out, the last layer with a 4-D output, or what goes into
   * the last block of a transformer, where that comes later.
   * @throws {LayerNotFoundError} If there is no such layer, or its output is neither 4-D nor tokens of a grid.
   * @throws {RangeError} If the model has no such output.
   * @throws {TypeError} If an option is unknown or of a wrong type.
   */
  split(layer?: string, options?: SplitOptions): SplitModel;
  /**
   * Cut the model at its input that takes the image, so that all of it is the tail.
   *
   * @throws As {@linkcode ExplainableModel.split}.
   */
  splitAtPicture(options?: SplitOptions): SplitModel;
  /** Its attention, where it is a transformer of tokens that lie on a grid. */
  attention?(options?: Pick<SplitOptions, "grid" | "tokens" | "input" | "inputs">): AttentionInfo | undefined;
  /**
   * Cut the model at the weights of a block's attention, `[1, heads, t, t]`, such that from there on the block's own tokens
   * stand in the place of those that the last block gives.
   *
   * @param block Which of {@linkcode AttentionInfo.weights}.
   */
  splitAtAttention?(block: number, options?: SplitOptions): SplitModel;
  /** The model's own output for an image, `[1, H, W, C]` → `[1, classes]`. The caller disposes it. */
  predict(x: Tensor4D, options?: Pick<SplitOptions, "output" | "input" | "inputs">): Tensor2D;
  /** Free the weights, unless the caller handed in a model of their own. A second time does nothing. */
  dispose(): void;
  /** Likewise, at the end of the block that holds the model: `using model = await loadModel()`. */
  [Symbol.dispose](): void;
}

/** Options of {@linkcode ExplainableModel.pixelEvidence}. */
export interface EvidenceOptions {
  /**
   * Whether everything is looked at, also what cannot change the choice any more.
   * @default {false}
   */
  readonly all?: boolean | undefined;
}

/** What is known of a model besides its layers and weights. */
export interface ModelRecord {
  /** The name of its file or folder, without what leads there. */
  readonly name?: string | undefined;
  /** The file format, such as `"tfjs-layers"`. */
  readonly format?: string;
  /** The names of the classes. */
  readonly labels?: readonly string[] | undefined;
  /** How the model was trained to see pixels. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Who says so, such as a file's name. */
  readonly preprocessingFrom?: string | undefined;
  /** What wrote the file. */
  readonly writer?: string | undefined;
  /** What was translated or left out. */
  readonly notes?: readonly string[];
  /** Of these, what was taken to be meant where the file does not say it outright. */
  readonly assumptions?: readonly string[];
  /** Classes of layers that leave their input as it is, which the caller knows. */
  readonly identity?: readonly string[] | undefined;
  /**
   * Whether `dispose()` frees the model, which is so when it was opened here.
   * @default {false}
   */
  readonly owned?: boolean;
}
