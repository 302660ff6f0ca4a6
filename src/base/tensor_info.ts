import type { DataType } from "./tensors.ts";

/** A shape with unknown dimensions as `null`. */
export type Shape = readonly (number | null)[];

/** An input or output of a model. */
export interface TensorInfo {
  /** The name, as the model's file has it. */
  readonly name: string;
  /** The shape, batch first. */
  readonly shape: Shape;
  /** The type of its numbers, where the model takes no other. */
  readonly dtype?: DataType;
}

/** A shape for people. */
export function shapeText(shape: Shape): string {
  return shape.map((size) => size ?? "?").join(", ");
}

/** Whether an input takes a photo: one picture `[N, H, W, C]` of any height and width. */
export function takesPhoto({ shape }: Pick<TensorInfo, "shape">): boolean {
  return shape.length === 4 && (shape[3] === null || isChannelCount(shape[3]));
}

/** Inputs as they are listed in JSON: with whether each is a picture. */
export function markPictures(inputs: readonly TensorInfo[]): (TensorInfo & { readonly picture: boolean })[] {
  return inputs.map((input) => ({ ...input, picture: takesPhoto(input) }));
}

/** Whether so many channels are a picture's: grey, colour, colour with opacity. */
export function isChannelCount(size: number | null | undefined): boolean {
  return size === 1 || size === 3 || size === 4;
}

/** How many numbers a tensor of a shape holds. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
