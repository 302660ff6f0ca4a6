import type { Keep } from "../../backends/kept_weights.ts";
import type { Tensor } from "../base/tensors.ts";
import { quote } from "../base/quote.ts";
import type { DrawWeight } from "./weight.ts";

/**
 * From the gradients of several scores with respect to an operation's output to those with respect to its only input.
 *
 * @param gradient `[scores, …]`, the rest as the output's.
 * @param input The value it took, `[1, …]`.
 * @param output The value it gave, `[1, …]`.
 * @returns `[scores, …]`, the rest as the input's.
 */
export type Backward = (gradient: Tensor, input: Tensor, output: Tensor) => Tensor;

/**
 * From the gradient of the score with respect to an operation's output to those with respect to its inputs, in their order.
 * One may be the gradient itself; all else is new. What is made of weights may be kept for the next way back.
 */
export type Retrace = (gradient: Tensor, keep: Keep) => readonly Tensor[];

/**
 * How operations are joined: `"fast"`, batch norms folded into weights; `"exact"`, rounded as the model's own
 * operations, where what follows has kinks and a rounding may fall on either side of one; `"taped"`, for the tape.
 */
export type JoinMode = "fast" | "exact" | "taped";

/**
 * How the way back passes a rectifier: `"gradient"`, where its input was positive; `"deconvolution"`, where the gradient is;
 * `"guided"`, where both are.
 */
export type RectifierRule = "gradient" | "deconvolution" | "guided";

/** An activation that is smooth but for a kink, such as a rectifier. */
export interface Rectifier {
  /** Compute it. */
  apply(x: Tensor): Tensor;
  /** Compute it as it goes on from another input, as if there were no kink. */
  goOn(x: Tensor, from: Tensor): Tensor;
}

/** Rectifiers that are run as they were in another run, or noted for that. */
export interface RectifierMemory {
  /** What a rectifier gives; they are run in the same order each time. */
  rectify(x: Tensor, rectifier: Rectifier): Tensor;
}
/**
 * What an operation is to the way back that exchanges the rule of rectifiers: one whose rule is `"exchanged"`, or one
 * whose own derivative is `"kept"`, such as a leaky one, which cuts nothing off.
 */
export type RectifierKind = "exchanged" | "kept";

/** One computation inside a model, from values to values, in inference mode. */
export interface Operation {
  /** Ids of the values it takes; constants and weights are its own. */
  readonly inputs: readonly string[];
  /** Ids of the values it gives. */
  readonly outputs: readonly string[];
  /**
   * Compute the outputs as fast as TensorFlow.js can. What is made on the way is tidied by the caller.
   *
   * @returns New tensors, also where an input is handed through.
   */
  run(inputs: readonly Tensor[]): Tensor[];
  /**
   * Likewise so that the tape leads to the inputs alone, not to the weights.
   *
   * @param rule How the way back passes a rectifier, or how it is run.
   * @default {run}
   */
  runTaped?(inputs: readonly Tensor[], rule?: RectifierRule | RectifierMemory): Tensor[];
  /** The value that it only hands on, in another shape maybe. */
  readonly passesOn?: string | undefined;
  /** Whether it mixes what it takes by weights that were trained. */
  readonly isWeighted?: boolean | undefined;
  /** Whether it computes each vector along the last axis on its own, as all axes but the last stay. */
  readonly isOfVectors?: boolean | undefined;
  /** Whether it makes each number another along a curve, as activations do. */
  readonly bends?: boolean | undefined;
  /** Set for rectifiers, and what does their work otherwise. */
  readonly rectifier?: RectifierKind | undefined;
  /**
   * What it adds to each channel whatever it takes, `[k]`: a bias, the shift of a batch norm. What is made for it is tidied
   * by the caller. Where an activation is joined to it, it is added before that.
   */
  shift?(): Tensor | undefined;
  /** The way back without a tape, where it is known. */
  readonly backward?: Backward | undefined;
  /**
   * The way back over it where it has been run, for any way through a network: without a tape, and as fast as can be.
   *
   * @param inputs What it took.
   * @param output What it gave.
   */
  retrace?(inputs: readonly Tensor[], output: Tensor): Retrace;
  /**
   * Whether {@linkcode Operation.retrace} knows the way back for some inputs, which is asked before it is run; else it is run
   * under a tape.
   *
   * @default {whether there is such a method}
   */
  canRetrace?(inputs: readonly Tensor[]): boolean;
  /**
   * The same operation as before training, its weights drawn anew; its own stay as they are.
   *
   * @returns `undefined` where it has none that training changes.
   */
  redraw?(draw: DrawWeight): Operation | undefined;
  /**
   * One operation that does this one's work and then that of the only one which takes its output.
   *
   * @param next The operation that follows.
   * @param mode What the result is for.
   * @param at Which of that one's inputs is this one's output.
   * @default {0}
   * @returns `undefined` where they remain two.
   */
  join?(next: Operation, mode: JoinMode, at?: number): Operation | undefined;
}

/** What an operation is called in errors: the value that it gives, without what tells parts of one node apart. */
export function operationName(operation: Operation): string {
  const known = names.get(operation) ?? quote(operation.outputs.at(-1)!.replace(/@\w+$/, ""));
  names.set(operation, known);
  return known;
}

/** What was called so far: each is run time and again. */
const names = new WeakMap<Operation, string>();

/** The only value that an operation gives. */
export function outputOf({ outputs }: Operation): string {
  return outputs[0]!;
}
