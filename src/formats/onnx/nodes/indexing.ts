import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { axisOf, forEachPlace, type NumberArray, stepsOf } from "../arrays/array.ts";
import { elementPlaces, indexedPlaces } from "../arrays/places.ts";
import { inOrder } from "../layout.ts";
import { own as known } from "../own.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { constantOf, type Live, type Value } from "../value.ts";

/** Indices, which have to be known when the model is opened. */
function indicesOf(node: NodeContext): NumberArray {
  const indices = node.constant(1) ?? node.fail("has no indices");
  return { type: indices.type, shape: indices.shape, numbers: indices.read() };
}

/** Numbers of a value at places that are known. */
function takeAt(node: NodeContext, places: Int32Array, shape: readonly number[]): Value {
  const given = node.live(0), x = node.stored(given, inOrder(given.shape.length));
  const own = constantOf("int32", [places.length], places);
  return node.compute(
    [x, own],
    (x, places) => tf.gather(x!.flatten(), places as tf.Tensor1D).reshape([...shape]),
    { shape },
  );
}

/** Numbers of a value at places along an axis that are computed, such as those of the best boxes. */
function takeAlong(node: NodeContext, axis: number): Value {
  const [x, indices] = [node.live(0), node.live(1)].map((value) =>
    node.stored(value, inOrder(value.shape.length))
  ) as [Live, Live];
  const { shape } = indices, steps = stepsOf(x.shape), size = x.shape[axis]!;
  if (shape.length !== x.shape.length) node.fail("has indices that do not fit");
  node.mixesPictures();
  const others = new Int32Array(countOf(shape));
  forEachPlace(shape, steps.with(axis, 0), (place, at) => others[at] = place);
  const run = (x: tf.Tensor, indices: tf.Tensor, others: tf.Tensor) => {
    const given = indices.cast("int32"),
      own = given.add(given.less(0).cast("int32").mul(tf.scalar(size, "int32")));
    const places = own.mul(tf.scalar(steps[axis]!, "int32")).add(others);
    return tf.gather(x.flatten(), places.flatten() as tf.Tensor1D).reshape([...shape]);
  };
  return node.compute(
    [x, indices, constantOf("int32", shape, others)],
    (x, indices, others) => run(x!, indices!, others!),
    { shape },
  );
}

/** How numbers that are written to one place become one. */
const joins: Readonly<
  Record<string, { readonly neutral: number; join(a: tf.Tensor, b: tf.Tensor): tf.Tensor }>
> = {
  add: { neutral: 0, join: (a, b) => tf.add(a, b) },
  max: { neutral: -3.4e38, join: (a, b) => tf.maximum(a, b) },
  min: { neutral: 3.4e38, join: (a, b) => tf.minimum(a, b) },
  mul: { neutral: 1, join: (a, b) => tf.mul(a, b) },
};

/** Rounds in which no place is written twice: for each place of the value which update is written, counted from 1. */
function roundsOf(places: Int32Array, size: number, isReplacing: boolean): Int32Array[] {
  const rounds: Int32Array[] = [];
  const written = new Int32Array(size);
  places.forEach((place, update) => {
    const round = isReplacing ? 0 : written[place]!++;
    rounds[round] ??= new Int32Array(size);
    rounds[round]![place] = update + 1;
  });
  return rounds;
}

/** Updates written to places of a value that are known. */
function writeAt(node: NodeContext, places: Int32Array): Value {
  const given = node.live(0), update = node.live(2), mode = node.attributes.text("reduction", "none");
  const x = node.stored(given, inOrder(given.shape.length)),
    updates = node.stored(update, inOrder(update.shape.length));
  const way = known(joins, mode);
  if (!way && mode !== "none") node.fail(`joins by ${JSON.stringify(mode)}, which is not known`);
  if (countOf(update.shape) !== places.length) node.fail("has updates that do not fit");
  const size = countOf(x.shape), rounds = roundsOf(places, size, !way);
  const own = rounds.map((round) =>
    constantOf("int32", [size], way ? round : replacing(round, places.length))
  );
  const run = (x: tf.Tensor, updates: tf.Tensor, ...rounds: tf.Tensor[]) => {
    const flat = x.flatten();
    if (!way) {
      return tf.gather(tf.concat([updates.flatten(), flat]), rounds[0] as tf.Tensor1D).reshape(x.shape);
    }
    const list = tf.concat([tf.tensor1d([way.neutral], updates.dtype as "float32"), updates.flatten()]);
    return rounds.reduce((sum, round) => way.join(sum, tf.gather(list, round as tf.Tensor1D)), flat).reshape(
      x.shape,
    );
  };
  if (rounds.length === 0) return x;
  return node.compute([x, updates, ...own], (x, updates, ...rounds) => run(x!, updates!, ...rounds), {
    shape: x.shape,
  });
}

/** Where in updates, followed by the value, each number of the result stands. */
function replacing(round: Int32Array, updates: number): Int32Array {
  return round.map((update, place) => update > 0 ? update - 1 : updates + place);
}

const gatherND: NodeTranslator = (node) => {
  const { shape } = node.input(0),
    batchAxes = node.attributes.int("batch_dims", 0),
    indices = indicesOf(node);
  const rest = shape.slice(batchAxes + indices.shape.at(-1)!);
  return takeAt(node, indexedPlaces(shape, indices, batchAxes), [...indices.shape.slice(0, -1), ...rest]);
};

/** Single numbers by their places. */
export const indexingNodes: NodeTranslators = {
  GatherElements(node) {
    const { shape } = node.input(0), axis = axisOf(node.attributes.int("axis", 0), shape.length);
    if (node.input(1).kind === "live") return takeAlong(node, axis);
    const indices = indicesOf(node);
    return takeAt(node, elementPlaces(shape, indices, axis), indices.shape);
  },
  GatherND: gatherND,
  ScatterElements(node) {
    const { shape } = node.input(0);
    return writeAt(
      node,
      elementPlaces(shape, indicesOf(node), axisOf(node.attributes.int("axis", 0), shape.length)),
    );
  },
  ScatterND: (node) => writeAt(node, indexedPlaces(node.input(0).shape, indicesOf(node))),
};
