import type { Tensor, Tensor1D, Tensor2D } from "../base/tensors.ts";

/** What is explained: a number made of a model's scores. */
export interface Target {
  /** The class whose name and score stand for it. */
  readonly classIndex: number;
  /** In words, such as `"cat rather than dog"`, where it is more than that class's score. */
  readonly title?: string | undefined;
  /**
   * The number for each picture, so that a tape can follow it.
   *
   * @param scores `[n, classes]`
   * @returns `[n]`; owned by the caller's tidy.
   */
  value(scores: Tensor2D): Tensor1D;
}

/**
 * A number that the user makes of an output.
 *
 * @param output For one picture, `[1, …]`, as the model gives it.
 * @returns A scalar; it must be made of the output by operations that have a gradient.
 */
export type TargetFunction = (output: Tensor) => Tensor;

/** What targets are made of. */
export interface TargetWish {
  /** The classes asked for, or those with the highest scores. */
  readonly classes: readonly number[];
  /** The scores of all classes, as they are differentiated. */
  readonly scores: Float32Array;
  /** The class that others are compared with. */
  readonly versus?: number | undefined;
  /** How many of the nearest classes others are compared with. */
  readonly nearest: number;
  /** How much what they are compared with counts. */
  readonly contrast: number;
  /** What the model makes of the photo, or whatever else, that the photo is compared with. */
  readonly like?: Float32Array | undefined;
  /** What that is called. */
  readonly likeName?: string | undefined;
  /** The function that the user gave. */
  readonly given?: TargetFunction | undefined;
  /** The shape of the output, batch first. */
  readonly outputShape: readonly (number | null)[];
  /** A class's name, for people. */
  nameOf(classIndex: number): string;
}

/** A kind of target. */
export interface NamedTarget<Name extends string> {
  /** The name in options, such as `"difference"`. */
  readonly name: Name;
  /** One line for the help text. */
  readonly description: string;
  /** The score that it is made of where the user does not say. */
  readonly score: "output" | "logit";
  /** Whether it is made of all numbers of the output rather than of class scores. */
  readonly flat?: true | undefined;
  /** Whether it is about classes. */
  readonly ofClasses: boolean;
  /**
   * The targets, each of which gets a map.
   *
   * @throws {RangeError} If something is missing that it needs.
   */
  make(wish: TargetWish): readonly Target[];
}
