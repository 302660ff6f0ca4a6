import { Convolution, type Geometry } from "../../../operations/convolution.ts";
import { Padding } from "../../../operations/padding.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { forEachPlace, stepsOf } from "../arrays/array.ts";
import { channelsLast } from "../layout.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { type Constant, constantOf, type Live } from "../value.ts";
import { type Windows, windowsOf } from "./windows.ts";

/** Whether padding is what TensorFlow.js calls the same. */
export function isSame({ kernel, strides, dilations, pads }: Windows, sizes: readonly number[]): boolean {
  return sizes.every((size, at) => {
    const reach = (kernel[at]! - 1) * dilations[at]! + 1, stride = strides[at]!;
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
    const before = Math.floor(total / 2);
    return pads[at]![0] === before && pads[at]![1] === total - before;
  });
}

/** A picture with zeros around it, where TensorFlow.js has no name for the padding. */
function padded(node: NodeContext, x: Live, windows: Windows): { input: string; pad: "same" | "valid" } {
  const [down, across] = windows.pads as [readonly [number, number], readonly [number, number]];
  if ([...down, ...across].every((pad) => pad === 0)) return { input: x.id, pad: "valid" };
  if (isSame(windows, x.shape.slice(2))) return { input: x.id, pad: "same" };
  const output = node.id("padded");
  node.emit(new Padding(x.id, output, down, across), { ...x });
  return { input: output, pad: "valid" };
}

/** A picture of one row for a value of one axis. */
function asPicture(node: NodeContext, x: Live): Live {
  const [pictures, channels, length] = x.shape as [number, number, number];
  return node.reshaped(x, [pictures, channels, 1, length], "row");
}

/** The kernel of a convolution, `[k, c, kh, kw]`, as TensorFlow.js has it. */
function kernelOf(node: NodeContext, weight: Constant, depthwise: boolean, channels: number) {
  const [filters, depth, ...window] = weight.shape as [number, number, ...number[]];
  const [height, width] = window.length === 1 ? [1, window[0]!] : window as [number, number];
  const spatial = window.map((_, at) => at + 2);
  return depthwise
    ? node.weight(weight, { order: [...spatial, 0, 1], shape: [height, width, channels, filters / channels] })
    : node.weight(weight, { order: [...spatial, 1, 0], shape: [height, width, depth, filters] });
}

/** Whether windows both leave numbers out and are moved by more than one, which TensorFlow.js does not know. */
function isSparse({ strides, dilations }: Windows): boolean {
  return strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1);
}

/** A kernel with zeros between its numbers, in the place of dilations. */
function dilated(weight: Constant, { kernel, dilations }: Windows): Constant {
  const reach = kernel.map((size, at) => (size - 1) * dilations[at]! + 1);
  const shape = [...weight.shape.slice(0, 2), ...reach];
  const steps = stepsOf(shape).map((step, axis) => step * (dilations[axis - 2] ?? 1));
  const numbers = new Float32Array(countOf(shape)), given = weight.read();
  forEachPlace(weight.shape, steps, (place, at) => numbers[place] = given[at]!);
  return constantOf("float32", shape, numbers);
}

const convolution: NodeTranslator = (node) => {
  const value = node.live(0),
    given = node.constant(1) ?? node.fail("has no weights"),
    bias = node.constant(2);
  const [filters, depth, ...window] = given.shape as [number, number, ...number[]];
  const rank = value.shape.length;
  if (rank !== given.shape.length) node.fail("has weights that do not fit");
  if (rank !== 3 && rank !== 4) node.fail(`is of ${rank - 2} axes: maps are taken of pictures`);
  const channels = value.shape[1]!, groups = node.attributes.int("group", 1);
  if (depth * groups !== channels || filters % groups !== 0) node.fail("has weights that do not fit");
  if (bias && countOf(bias.shape) !== filters) node.fail("has a bias that does not fit");
  const asked = windowsOf(node, value.shape.slice(2), window);
  const weight = isSparse(asked) ? dilated(given, asked) : given;
  const windows = isSparse(asked)
    ? { ...asked, kernel: weight.shape.slice(2), dilations: window.map(() => 1) }
    : asked;
  const picture = rank === 3 ? asPicture(node, value) : value;
  const x = node.stored(picture, channelsLast(4));
  const full = rank === 4 ? windows : inRow(windows);
  const depthwise = groups === channels && depth === 1 && groups > 1;
  const geometry: Geometry = {
    strides: full.strides.slice(0, 2) as [number, number],
    dilations: full.dilations.slice(0, 2) as [number, number],
    depthwise,
    pad: "valid",
  };
  const { input, pad } = padded(node, x, full);
  const output = rank === 4 ? node.id() : node.id("row_of");
  const operation = new Convolution({ ...geometry, pad }, {
    input,
    output,
    kernel: kernelOf(node, weight, depthwise, channels),
    bias: bias && node.weight(bias),
  });
  const result = node.emit(operation, {
    shape: [value.shape[0]!, filters, ...full.sizes],
    axes: channelsLast(4),
  });
  return rank === 4 ? result : node.reshaped(result, [value.shape[0]!, filters, ...windows.sizes]);
};

/** The windows of one axis as those of a picture of one row. */
function inRow({ kernel, strides, dilations, pads, beyond, sizes }: Windows): Windows {
  return {
    kernel: [1, ...kernel],
    strides: [1, ...strides],
    dilations: [1, ...dilations],
    pads: [[0, 0], ...pads],
    beyond: [0, ...beyond],
    sizes: [1, ...sizes],
  };
}

/** Convolutions. */
export const convolutionNodes: NodeTranslators = {
  Conv: convolution,
};
