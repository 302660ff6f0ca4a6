import { countOf } from "../../../base/tensor_info.ts";
import { axisOf, broadcastShape } from "./array.ts";

/** The shape of a Reshape: 0 stands for the size that was there, −1 for what is left. */
export function reshapedShape(
  shape: readonly number[],
  target: readonly number[],
  allowZero = false,
): number[] {
  const sizes = target.map((size, at) => size === 0 && !allowZero ? shape[at] ?? 0 : size);
  const known = countOf(sizes.filter((size) => size !== -1));
  const total = countOf(shape);
  const full = sizes.map((size) => size === -1 ? (known === 0 ? 0 : total / known) : size);
  if (full.every((size) => Number.isInteger(size) && size >= 0) && countOf(full) === total) return full;
  throw new RangeError(`[${shape.join(", ")}] cannot be given the shape [${target.join(", ")}]`);
}

/** The shape without axes of one number: those given, or all. */
export function squeezedShape(shape: readonly number[], axes: readonly number[] | undefined): number[] {
  const own = axes?.map((axis) => axisOf(axis, shape.length));
  return shape.filter((size, axis) => own ? !own.includes(axis) : size !== 1);
}

/** The shape with axes of one number put in. */
export function unsqueezedShape(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const own = new Set(axes.map((axis) => axisOf(axis, rank)));
  const rest = shape.values();
  return Array.from({ length: rank }, (_, axis) => own.has(axis) ? 1 : rest.next().value ?? 1);
}

/** The shape that a value is spread to: a size of 1 leaves it as it is. */
export function expandedShape(shape: readonly number[], target: readonly number[]): number[] {
  return broadcastShape(shape, target.map((size) => Math.max(size, 0)));
}

/** What a Slice says. */
export interface SliceRequest {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes?: readonly number[] | undefined;
  readonly steps?: readonly number[] | undefined;
}

/** What is taken along each axis: from a start, in steps, so many. */
export interface SliceRanges {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly shape: readonly number[];
}

function within(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** What a Slice takes of a shape; bounds beyond the ends are brought within. */
export function sliceRanges(
  shape: readonly number[],
  { starts, ends, axes, steps }: SliceRequest,
): SliceRanges {
  const from = shape.map(() => 0), by = shape.map(() => 1), sizes = [...shape];
  starts.forEach((start, at) => {
    const axis = axisOf(axes?.[at] ?? at, shape.length), size = shape[axis]!, step = steps?.[at] ?? 1;
    if (step === 0) throw new RangeError("a slice has no step");
    const absolute = (value: number) => value < 0 ? value + size : value;
    const first = step > 0 ? within(absolute(start), 0, size) : within(absolute(start), 0, size - 1);
    const last = step > 0 ? within(absolute(ends[at]!), 0, size) : within(absolute(ends[at]!), -1, size - 1);
    from[axis] = first;
    by[axis] = step;
    sizes[axis] = Math.max(0, Math.ceil((last - first) / step));
  });
  return { starts: from, steps: by, shape: sizes };
}

/** The sizes of a Split: those given, or equal ones, the last of which may be smaller. */
export function splitSizes(length: number, outputs: number, given: readonly number[] | undefined): number[] {
  if (given && given.length > 0) {
    if (given.reduce((sum, size) => sum + size, 0) === length) return [...given];
    throw new RangeError(`${length} cannot be split into ${given.join(" + ")}`);
  }
  const size = Math.ceil(length / outputs);
  return Array.from({ length: outputs }, (_, at) => Math.max(0, Math.min(size, length - at * size)));
}
