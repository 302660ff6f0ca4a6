import type { Json } from "../inbound.ts";

/** How a value of a channels-first model lies in the channels-last model that is made of it. */
export interface Order {
  /** How many axes it has, with that of the pictures; `undefined` where that is not known. */
  readonly rank: number | undefined;
  /** Whether its second axis, that of the channels, lies last. */
  readonly isTurned: boolean;
}

/** A value as the model describes it. */
export function asIs(rank: number | undefined): Order {
  return { rank, isTurned: false };
}

/** A value whose channels were put last. */
export function turnedTo(rank: number): Order {
  return { rank, isTurned: true };
}

/** Where an axis of a value lies when the channels are last. */
export function turnedAxis(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (counted === 0) return 0;
  return counted === 1 ? rank - 1 : counted - 1;
}

/** Likewise, the last as -1, which is what most models say. */
export function turnedAxisFromEnd(axis: number, rank: number): number {
  const turned = turnedAxis(axis, rank);
  return turned === rank - 1 ? -1 : turned;
}

/** What a Permute takes to put the channels last, counted without the axis of the pictures. */
export function toLast(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1];
}

/** What it takes to put them first again. */
export function toFirst(rank: number): number[] {
  return [rank - 1, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 1)];
}

/** A shape with its channels last. */
export function turnedShape([batch, channels, ...sizes]: readonly unknown[]): unknown[] {
  return [batch, ...sizes, channels];
}

const shapeKeys = ["batch_shape", "batch_input_shape"];

/** The shape of its input that a layer notes, with that of the pictures. */
export function notedShape(config: Json): readonly unknown[] | undefined {
  return shapeKeys.map((key) => config[key]).find(Array.isArray);
}

/** A layer that takes the model's input, with the channels of its shape last. */
export function withTurnedShape(layer: Json): Json {
  const config = layer.config as Json;
  const shapes = shapeKeys.filter((key) => Array.isArray(config[key]));
  const turned = shapes.map((key) => [key, turnedShape(config[key] as unknown[])]);
  return { ...layer, config: { ...config, ...Object.fromEntries(turned) } };
}
