import * as tf from "../../../../base/tfjs.ts";
import { operation, type Operations } from "./operation.ts";
import { toNumber, toNumbers } from "./values.ts";

/** A part of one axis: from a place, up to another, in steps. */
interface Part {
  readonly start: unknown;
  readonly stop: unknown;
  readonly step: unknown;
}

/** What a key does to one axis: take part of it, take one element, or be a new axis. */
type Entry = Part | number | null;

function isEllipsis(entry: unknown): boolean {
  return entry === "..." || (entry as { class_name?: string } | null)?.class_name === "__ellipsis__";
}

/** An entry as either version of Keras writes it. */
function readEntry(entry: unknown): Entry {
  if (entry === null || entry === undefined) return null;
  if (typeof entry === "number" || entry instanceof tf.Tensor) return toNumber(entry);
  const { config, ...own } = entry as { class_name?: string; config?: Part } & Partial<Part>;
  const part = config ?? own;
  if (!("start" in part) && !("stop" in part)) {
    throw new Error(`The slice ${JSON.stringify(entry)} is not known`);
  }
  return { start: part.start ?? null, stop: part.stop ?? null, step: part.step ?? null };
}

const whole: Part = { start: null, stop: null, step: null };

/** Every axis's entry: an ellipsis stands for as many whole axes as are not named. */
function readKey(key: unknown, rank: number): Entry[] {
  const given = Array.isArray(key) ? key : [key];
  const named = given.filter((entry) => entry !== null && !isEllipsis(entry)).length;
  const rest = Array<Part>(rank - named).fill(whole);
  const at = given.findIndex(isEllipsis);
  if (at < 0) return [...given.map(readEntry), ...rest];
  return [...given.slice(0, at).map(readEntry), ...rest, ...given.slice(at + 1).map(readEntry)];
}

/** Where a part begins, how many elements it has and how far apart, as Python counts. */
function resolve({ start, stop, step }: Part, size: number): { begin: number; count: number; step: number } {
  const by = step === null ? 1 : toNumber(step);
  const bound = (value: unknown, otherwise: number) => {
    if (value === null) return otherwise;
    const place = toNumber(value) < 0 ? toNumber(value) + size : toNumber(value);
    return by > 0 ? Math.min(Math.max(place, 0), size) : Math.min(Math.max(place, -1), size - 1);
  };
  const begin = bound(start, by > 0 ? 0 : size - 1);
  const end = bound(stop, by > 0 ? size : -1);
  return { begin, count: Math.max(0, Math.ceil((end - begin) / by)), step: by };
}

function along(x: tf.Tensor, axis: number, begin: number, size: number): tf.Tensor {
  if (begin === 0 && size === x.shape[axis]) return x;
  const start = x.shape.map((_, index) => index === axis ? begin : 0);
  return x.slice(start, x.shape.map((full, index) => index === axis ? size : full));
}

/** Every n-th element of an axis: n rows of the axes after it are taken together, of which the first is kept. */
function everyNth(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  const before = x.shape.slice(0, axis), after = x.shape.slice(axis + 1);
  const row = after.reduce((product, size) => product * size, 1);
  const count = Math.ceil(x.shape[axis]! / step);
  const missing = count * step - x.shape[axis]!;
  const rows = x.reshape([-1, x.shape[axis]!, row]);
  const even = missing > 0 ? tf.pad(rows, [[0, 0], [0, missing], [0, 0]]) : rows;
  return along(even.reshape([-1, count, step * row]), 2, 0, row).reshape([...before, count, ...after]);
}

/** A part of one axis. TensorFlow.js cannot tape slices with steps. */
function takePart(x: tf.Tensor, axis: number, part: Part): tf.Tensor {
  const { begin, count, step } = resolve(part, x.shape[axis]!);
  if (count === 0) throw new Error("A slice of a recorded operation is empty");
  if (step > 0) {
    const reach = (count - 1) * step + 1;
    return step === 1 ? along(x, axis, begin, count) : everyNth(along(x, axis, begin, reach), axis, step);
  }
  const reach = (count - 1) * -step + 1;
  const turned = tf.reverse(along(x, axis, begin - reach + 1, reach), axis);
  return step === -1 ? turned : everyNth(turned, axis, -step);
}

/** Python's `x[key]`. */
function getItem(x: tf.Tensor, key: unknown): tf.Tensor {
  let result = x;
  let axis = 0;
  const shape: number[] = [];
  for (const entry of readKey(key, x.rank)) {
    if (entry === null) {
      shape.push(1);
      continue;
    }
    if (typeof entry === "number") {
      result = along(result, axis, entry < 0 ? entry + x.shape[axis]! : entry, 1);
    } else {
      result = takePart(result, axis, entry);
      shape.push(result.shape[axis]!);
    }
    axis++;
  }
  return result.reshape(shape);
}

/** A part of every axis; −1 is all that follows. */
function slice(x: tf.Tensor, begin: unknown, size: unknown): tf.Tensor {
  const start = toNumbers(begin);
  return x.slice(
    start,
    toNumbers(size).map((count, axis) => count < 0 ? x.shape[axis]! - start[axis]! : count),
  );
}

function stridedSlice(x: tf.Tensor, begin: unknown, end: unknown, strides: unknown): tf.Tensor {
  const starts = toNumbers(begin), stops = toNumbers(end);
  const steps = strides === undefined ? starts.map(() => 1) : toNumbers(strides);
  return getItem(x, starts.map((start, axis) => ({ start, stop: stops[axis]!, step: steps[axis]! })));
}

/** Some elements along an axis, by their places. */
function take(x: tf.Tensor, indices: unknown, axis = 0): tf.Tensor {
  const along = (axis + x.rank) % x.rank;
  const places = indices instanceof tf.Tensor ? indices : tf.tensor(indices as number);
  const fromEnd = tf.less(places, 0).cast("float32").mul(x.shape[along]!);
  return tf.gather(x, tf.add(places, fromEnd).cast("int32"), along);
}

/** Taking parts. */
export const slicing: Operations = {
  gather: operation(
    "params|x, indices, validate_indices, axis",
    (x: tf.Tensor, indices: unknown, _check: unknown, axis?: number) => take(x, indices, axis),
  ),
  get_item: operation("x, key", getItem),
  getitem: operation("tensor, slice_spec", getItem),
  slice: operation("inputs|input_, start_indices|begin, shape|size", slice),
  strided_slice: operation("input_, begin, end, strides", stridedSlice),
  take: operation("x, indices, axis", take),
};
