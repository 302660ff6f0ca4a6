import * as tf from "../../../../base/tfjs.ts";
import { quote } from "../../../../base/quote.ts";
import { type Operation, operation, type Operations } from "./operation.ts";
import { type Axes, type Operand, toAxes, toNumber, toNumbers, toTensor } from "./values.ts";

const same = operation("x|value|images|image, dtype", (x: Operand) => toTensor(x).clone());

/** The shape that is meant, one size of which may follow from the others. */
function reshape(x: tf.Tensor, shape: unknown): tf.Tensor {
  const sizes = (shape instanceof tf.Tensor ? toNumbers(shape) : shape) as readonly unknown[];
  const unknown = sizes.filter((size) => size === null || size instanceof tf.Tensor || Number(size) < 0);
  // A size that was computed follows from the others, where it is the only one: nothing need be read back.
  const resolve = (size: unknown) => size === null || unknown.length === 1 ? -1 : toNumber(size);
  return x.reshape(sizes.map((size) => typeof size === "number" ? size : resolve(size)));
}

function transpose(x: tf.Tensor, axes: unknown): tf.Tensor {
  return axes === undefined ? tf.transpose(x) : tf.transpose(x, toAxes(toNumbers(axes), x.rank));
}

/** Axes moved to other places, the rest in their order. */
function moveAxis(x: tf.Tensor, source: Axes, destination: Axes): tf.Tensor {
  const from = toAxes(source, x.rank), to = toAxes(destination, x.rank);
  const rest = Array.from({ length: x.rank }, (_, axis) => axis).filter((axis) => !from.includes(axis));
  const order = Array.from({ length: x.rank }, (_, place) => {
    const moved = to.indexOf(place);
    return moved < 0 ? rest.shift()! : from[moved]!;
  });
  return tf.transpose(x, order);
}

function swapAxes(x: tf.Tensor, first: number, second: number): tf.Tensor {
  return moveAxis(x, [first, second], [second, first]);
}

function expandDims(x: tf.Tensor, axis: Axes): tf.Tensor {
  const given = [axis ?? 0].flat() as number[];
  const rank = x.rank + given.length;
  const places = toAxes(given, rank);
  const rest = [...x.shape];
  return x.reshape(Array.from({ length: rank }, (_, place) => places.includes(place) ? 1 : rest.shift()!));
}

function squeeze(x: tf.Tensor, axis: Axes): tf.Tensor {
  return axis === undefined ? tf.squeeze(x) : tf.squeeze(x, toAxes(axis, x.rank));
}

function concatenate(tensors: readonly Operand[], axis = -1): tf.Tensor {
  return tf.concat(tensors.map(toTensor), axis);
}

function stack(tensors: readonly Operand[], axis = 0): tf.Tensor {
  const list = tensors.map(toTensor);
  return tf.stack(list, (axis + list[0]!.rank + 1) % (list[0]!.rank + 1));
}

function unstack(x: tf.Tensor, _count: unknown, axis = 0): tf.Tensor[] {
  return tf.unstack(x, (axis + x.rank) % x.rank);
}

/** In so many equal parts; Keras 3 gives places to cut at, TensorFlow sizes. */
function split(x: tf.Tensor, where: number | readonly number[], axis = -1, isPlaces: boolean): tf.Tensor[] {
  const along = (axis + x.rank) % x.rank;
  if (typeof where === "number") return tf.split(x, where, along);
  const ends = [...where, x.shape[along]!];
  return tf.split(x, isPlaces ? ends.map((end, index) => end - (ends[index - 1] ?? 0)) : [...where], along);
}

function tile(x: tf.Tensor, repeats: unknown): tf.Tensor {
  const times = toNumbers([repeats].flat());
  const padded = [...Array<number>(Math.max(0, x.rank - times.length)).fill(1), ...times];
  return tf.tile(x.reshape([...Array<number>(padded.length - x.rank).fill(1), ...x.shape]), padded);
}

/** Each element several times in a row. */
function repeat(x: tf.Tensor, times: number, axis: number): tf.Tensor {
  const along = (axis + x.rank) % x.rank;
  const shape = x.shape.map((size, index) => index === along ? size * times : size);
  const copies = tf.zeros([times, ...x.shape.slice(along + 1).map(() => 1)]); // a tiling of five axes is not taped
  return x.expandDims(along + 1).add(copies).reshape(shape);
}

/** Elements moved along axes; what falls off one end comes in at the other. */
function roll(x: tf.Tensor, shift: Axes, axis: Axes): tf.Tensor {
  const shifts = [shift].flat() as number[];
  return toAxes(axis, x.rank).reduce((rolled: tf.Tensor, along, index) => {
    const size = x.shape[along]!;
    const at = ((-shifts[index]! % size) + size) % size;
    return at === 0 ? rolled : tf.concat(tf.split(rolled, [at, size - at], along).toReversed(), along);
  }, x);
}

/** Borders that repeat the picture as in a mirror, with or without its outermost elements. */
function mirror(
  x: tf.Tensor,
  paddings: readonly (readonly [number, number])[],
  withEdge: boolean,
): tf.Tensor {
  return paddings.reduce((padded: tf.Tensor, [before, after], axis) => {
    if (before === 0 && after === 0) return padded;
    const size = x.shape[axis]!;
    const period = withEdge ? 2 * size : 2 * size - 2;
    const places = Array.from({ length: size + before + after }, (_, index) => {
      const place = (((index - before) % period) + period) % period;
      return place < size ? place : period - place - (withEdge ? 1 : 0);
    });
    return tf.gather(padded, tf.tensor1d(places, "int32"), axis);
  }, x);
}

function pad(x: tf.Tensor, width: unknown, mode = "constant", value: unknown = 0): tf.Tensor {
  const paddings = (width as unknown[]).map((side) => toNumbers([side].flat()))
    .map(([before, after = before]): [number, number] => [before!, after!]);
  const all = paddings.length === 1 ? x.shape.map(() => paddings[0]!) : paddings;
  const kind = mode.toLowerCase();
  if (kind === "constant") return tf.pad(x, all, toNumber(value));
  if (kind === "reflect" || kind === "symmetric") return mirror(x, all, kind === "symmetric");
  throw new Error(`Padding by ${quote(mode)} is not computed`);
}

function cast(x: Operand, dtype: unknown): tf.Tensor {
  const tensor = toTensor(x);
  const name = String((dtype as { config?: unknown } | undefined)?.config ?? dtype ?? "float32");
  if (/^(u?int|long)/.test(name)) return tensor.cast("int32");
  return name.startsWith("bool") ? tensor.cast("bool") : tensor.cast("float32");
}

function flip(x: tf.Tensor, axis: Axes): tf.Tensor {
  return tf.reverse(x, toAxes(axis, x.rank));
}

function broadcast(x: tf.Tensor, shape: unknown): tf.Tensor {
  return tf.broadcastTo(x, toNumbers(shape));
}

const like = (compute: (x: tf.Tensor) => tf.Tensor): Operation => operation("x|input, dtype", compute);

/** Operations that give elements another place. */
export const shapes: Operations = {
  broadcast_to: operation("x|input, shape", broadcast),
  cast: operation("x, dtype", cast),
  concat: operation("values|tensors, axis", concatenate),
  concatenate: operation("xs|tensors|arrays, axis", concatenate),
  convert_image_dtype: same,
  convert_to_tensor: same,
  expand_dims: operation("x|input, axis", expandDims),
  flip: operation("x, axis", flip),
  flip_left_right: operation("image", (x: tf.Tensor) => flip(x, -2)),
  flip_up_down: operation("image", (x: tf.Tensor) => flip(x, -3)),
  full_like: operation(
    "x, fill_value|value",
    (x: tf.Tensor, value: Operand) => tf.onesLike(x).mul(toTensor(value)),
  ),
  hstack: operation(
    "xs|tensors",
    (tensors: tf.Tensor[]) => concatenate(tensors, tensors[0]!.rank === 1 ? 0 : 1),
  ),
  moveaxis: operation("x, source, destination", moveAxis),
  one_hot: operation(
    "x|indices, num_classes|depth",
    (x: tf.Tensor, size: number) => tf.oneHot(x.cast("int32"), size).cast("float32"),
  ),
  ones_like: like((x) => tf.onesLike(x)),
  pad: operation("x|tensor, pad_width|paddings, mode, constant_values", pad),
  permute_dimensions: operation("x, pattern", transpose),
  ravel: operation("x", (x: tf.Tensor) => x.reshape([-1])),
  repeat: operation("x|input, repeats, axis", repeat),
  reshape: operation("x|tensor, newshape|shape", reshape),
  reverse: operation("tensor, axis", flip),
  roll: operation("x|input, shift, axis", roll),
  shape: operation("x|input", (x: tf.Tensor) => tf.tensor1d(x.shape, "int32")),
  split: operation(
    "x|value, indices_or_sections, axis, num_or_size_splits",
    (x: tf.Tensor, places: number | number[], axis: number, sizes: number | number[]) =>
      split(x, sizes ?? places, axis ?? (sizes === undefined ? -1 : 0), sizes === undefined),
  ),
  squeeze: operation("x|input, axis", squeeze),
  stack: operation("x|values|arrays, axis", stack),
  swapaxes: operation("x, axis1, axis2", swapAxes),
  tile: operation("x|input, repeats|multiples", tile),
  transpose: operation("x|a, axes|perm", transpose),
  unstack: operation("x|value, num, axis", unstack),
  zeros_like: like((x) => tf.zerosLike(x)),
};
