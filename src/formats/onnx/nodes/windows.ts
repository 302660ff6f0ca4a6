import { countOf } from "../../../base/tensor_info.ts";
import type { NodeContext } from "../translator.ts";

/** The most numbers that a window or a padded channel has. */
const largest = 2 ** 24;

/** Where the windows of a convolution or a pool lie, along height and width or whatever axes there are. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after each axis, of which windows may reach beyond with `ceil_mode`. */
  readonly pads: readonly (readonly [before: number, after: number])[];
  /** How far the last window reaches beyond the padding. */
  readonly beyond: readonly number[];
  /** How many windows there are along each axis. */
  readonly sizes: readonly number[];
}

/** Padding such that each stride has its window, more of it after the value or before it. */
function samePads(size: number, reach: number, stride: number, isUpper: boolean): [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
  const less = Math.floor(total / 2);
  return isUpper ? [less, total - less] : [total - less, less];
}

/**
 * Where a node's windows lie.
 *
 * @param sizes Height and width of what it takes.
 * @param kernel Height and width of a window.
 */
export function windowsOf(node: NodeContext, sizes: readonly number[], kernel: readonly number[]): Windows {
  const { attributes } = node;
  const ones = sizes.map(() => 1);
  const strides = attributes.ints("strides") ?? ones, dilations = attributes.ints("dilations") ?? ones;
  const given = attributes.ints("pads") ?? [];
  const auto = attributes.text("auto_pad", "NOTSET");
  if (kernel.length !== sizes.length || strides.length < sizes.length || dilations.length < sizes.length) {
    node.fail("has windows of another number of axes than what it takes");
  }
  if ([...kernel, ...strides, ...dilations].some((value) => !(value > 0))) {
    node.fail("has windows of no size");
  }
  const reach = kernel.map((size, at) => (size - 1) * dilations[at]! + 1);
  const pads = sizes.map((size, at): [number, number] => {
    if (auto === "VALID") return [0, 0];
    if (auto.startsWith("SAME")) return samePads(size, reach[at]!, strides[at]!, auto === "SAME_UPPER");
    return [given[at] ?? 0, given[at + sizes.length] ?? 0];
  });
  if (pads.flat().some((pad) => pad < 0)) node.fail("has a padding below 0, which is not known");
  const padded = sizes.map((size, at) => size + pads[at]![0] + pads[at]![1]);
  if (!(countOf(padded) <= largest && countOf(reach) <= largest)) {
    node.fail("has windows or a padding that are too large");
  }
  const isCeil = attributes.int("ceil_mode", 0) === 1;
  const counts = sizes.map((size, at) => {
    const [before, after] = pads[at]!, stride = strides[at]!;
    const steps = (size + before + after - reach[at]!) / stride;
    const count = (isCeil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    return isCeil && (count - 1) * stride >= size + before ? count - 1 : count; // none begins beyond the value
  });
  if (counts.some((count) => count < 1)) node.fail("has windows larger than what it takes");
  const beyond = sizes.map((size, at) => {
    const [before, after] = pads[at]!;
    return Math.max(0, (counts[at]! - 1) * strides[at]! + reach[at]! - (size + before + after));
  });
  return { kernel, strides, dilations, pads, beyond, sizes: counts };
}
