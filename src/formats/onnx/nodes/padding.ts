import * as tf from "../../../base/tfjs.ts";
import { Padding } from "../../../operations/padding.ts";
import { axisOf } from "../arrays/array.ts";
import { channelsLast, sameAxes } from "../layout.ts";
import { own } from "../own.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { constantOf, type Live } from "../value.ts";
import { given, partOf } from "./shaping.ts";

/** How much is put before and after each axis. */
type Amounts = readonly (readonly [before: number, after: number])[];

function amountsOf(node: NodeContext, rank: number): Amounts {
  const pads = given(node, "pads", 1) ?? node.fail("has no pads");
  const axes = node.numbers(3)?.map((axis) => axisOf(axis, rank)) ?? pads.slice(rank).map((_, axis) => axis);
  if (pads.length !== 2 * axes.length) node.fail("has pads that do not fit");
  const amounts = Array.from({ length: rank }, (): [number, number] => [0, 0]);
  axes.forEach((axis, at) => amounts[axis] = [pads[at]!, pads[at + axes.length]!]);
  return amounts;
}

/** A value without what pads below 0 take away. */
function cropped(node: NodeContext, x: Live, amounts: Amounts): Live {
  if (amounts.flat().every((amount) => amount >= 0)) return x;
  const starts = amounts.map(([before]) => Math.max(0, -before));
  const shape = x.shape.map((size, axis) => size - starts[axis]! - Math.max(0, -amounts[axis]![1]));
  return partOf(node, x, { starts, steps: shape.map(() => 1), shape }, "cropped");
}

/** Which of the numbers along an axis stand where it is padded with its own. */
const sources: Readonly<Record<string, (index: number, size: number) => number>> = {
  edge: (index, size) => Math.min(Math.max(index, 0), size - 1),
  reflect(index, size) {
    if (size === 1) return 0;
    const period = 2 * (size - 1), at = ((index % period) + period) % period;
    return at < size ? at : period - at;
  },
  wrap: (index, size) => ((index % size) + size) % size,
};

/** A value padded with its own numbers, axis by axis. */
function padWithOwn(node: NodeContext, x: Live, amounts: Amounts, mode: string): Live {
  const source = own(sources, mode) ?? node.fail(`pads as ${JSON.stringify(mode)}, which is not known`);
  const shape = x.shape.map((size, axis) => size + amounts[axis]![0] + amounts[axis]![1]);
  const indices = amounts.map(([before], axis) =>
    Int32Array.from({ length: shape[axis]! }, (_, at) => source(at - before, x.shape[axis]!))
  );
  const padded = x.axes.flatMap((axis, place) =>
    amounts[axis]!.some((amount) => amount > 0) ? [{ axis, place }] : []
  );
  const weights = padded.map(({ axis }) => constantOf("int32", [shape[axis]!], indices[axis]!));
  return node.compute(
    [x, ...weights],
    (x, ...at) =>
      at.reduce((value, indices, one) => tf.gather(value, indices.as1D(), padded[one]!.place), x!),
    {
      shape,
      axes: x.axes,
    },
  );
}

const pad: NodeTranslator = (node) => {
  const whole = node.live(0), all = amountsOf(node, whole.shape.length);
  const x = cropped(node, whole, all);
  const amounts = all.map(([before, after]): [number, number] => [Math.max(before, 0), Math.max(after, 0)]);
  const mode = node.attributes.text("mode", "constant");
  if (mode !== "constant") return padWithOwn(node, x, amounts, mode);
  const value = node.numbers(2)?.[0] ?? node.attributes.float("value", 0);
  const shape = x.shape.map((size, axis) => size + amounts[axis]![0] + amounts[axis]![1]);
  const stored = x.axes.map((axis) => amounts[axis]!);
  const isAround = x.shape.length === 4 && sameAxes(x.axes, channelsLast(4)) && value === 0 &&
    [...stored[0]!, ...stored[3]!].every((amount) => amount === 0);
  const operation = isAround && new Padding(x.id, node.id(), stored[1]!, stored[2]!);
  if (operation) return node.emit(operation, { shape, axes: x.axes });
  return node.compute([x], (x) => tf.pad(x!, stored, value), { shape, axes: x.axes });
};

/** Padding of all kinds. */
export const paddingNodes: NodeTranslators = { Pad: pad };
