import * as tf from "../../../base/tfjs.ts";
import { axisOf } from "../arrays/array.ts";
import { inOrder, withLast } from "../layout.ts";
import type { NodeTranslator, NodeTranslators } from "../translator.ts";
import { reductionOf } from "./reductions.ts";

/** The index of the largest or smallest along an axis. */
function extreme(find: (x: tf.Tensor, place: number) => tf.Tensor): NodeTranslator {
  return (node) => {
    const rank = node.input(0).shape.length, axis = axisOf(node.attributes.int("axis", 0), rank);
    const { x, places: [place], keepsAxes, shape, axes } = reductionOf(node, [axis])!;
    const isLast = node.attributes.int("select_last_index", 0) === 1, size = x.shape[axis]!;
    const run = (x: tf.Tensor) => {
      const found = isLast ? tf.sub(size - 1, find(tf.reverse(x, place!), place!)) : find(x, place!);
      return (keepsAxes ? found.expandDims(place) : found).cast("int32");
    };
    return node.compute([x], (x) => run(x!), { shape, axes, type: "int64" });
  };
}

/** The largest or smallest numbers along an axis, and where they stand. */
const topK: NodeTranslator = (node) => {
  const given = node.live(0), axis = axisOf(node.attributes.int("axis", -1), given.shape.length);
  const k = node.numbers(1)?.[0] ?? node.attributes.int("k", 1);
  if (k > given.shape[axis]!) node.fail("takes more than there are");
  const isLargest = node.attributes.int("largest", 1) === 1;
  const x = node.stored(given, withLast(given.axes, axis));
  const made = { shape: x.shape.with(axis, k), axes: x.axes };
  const find = (x: tf.Tensor) => tf.topk(isLargest ? x : x.neg(), k);
  const values = node.compute([x], (x) => {
    const { values } = find(x!);
    return isLargest ? values : values.neg();
  }, { ...made, part: "values" });
  return [values, node.compute([x], (x) => find(x!).indices, { ...made, type: "int64", part: "indices" })];
};

/** Sums from the beginning on. */
const cumulativeSum: NodeTranslator = (node) => {
  const x = node.live(0), [axis = 0] = node.numbers(1) ?? [];
  const place = x.axes.indexOf(axisOf(axis, x.shape.length));
  const exclusive = node.attributes.int("exclusive", 0) === 1,
    reverse = node.attributes.int("reverse", 0) === 1;
  return node.compute([x], (x) => tf.cumsum(x!, place, exclusive, reverse), { ...x });
};

/** What is above or below a diagonal, the rest 0. */
const triangle: NodeTranslator = (node) => {
  const given = node.live(0), rank = given.shape.length, [offset = 0] = node.numbers(1) ?? [];
  const isUpper = node.attributes.int("upper", 1) === 1;
  const x = node.stored(given, inOrder(rank));
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const run = (x: tf.Tensor) => {
    const steps = tf.range(0, columns).reshape([1, columns]).sub(tf.range(0, rows).reshape([rows, 1])).sub(
      offset,
    );
    const isKept = isUpper ? tf.greaterEqual(steps, 0) : tf.lessEqual(steps, 0);
    return x.mul(isKept.cast(x.dtype === "bool" ? "int32" : x.dtype));
  };
  return node.compute([x], (x) => run(x!), { ...x });
};

/** What stands where, and how much of it there is. */
export const selectionNodes: NodeTranslators = {
  ArgMax: extreme((x, place) => tf.argMax(x, place)),
  ArgMin: extreme((x, place) => tf.argMin(x, place)),
  CumSum: cumulativeSum,
  TopK: topK,
  Trilu: triangle,
};
