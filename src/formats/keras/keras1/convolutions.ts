import { reshaped, transposed } from "../arrays.ts";
import type { Json } from "../inbound.ts";
import type { KerasArray } from "../keras_file.ts";
import type { OldLayer } from "./old_layer.ts";

/** Whether a layer has its channels first: its kernels are then `[filters, channels, rows, columns]`. */
export function isChannelsFirst({ dim_ordering: order }: Json): boolean {
  return order === "th";
}

function kernelSize({ nb_row: rows, nb_col: columns }: Json): Json {
  return { kernel_size: [rows, columns] };
}

function kernelLength({ filter_length: length }: Json): Json {
  return { kernel_size: [length] };
}

/** Kernels in the layout of TensorFlow, `[rows, columns, channels, filters]`; what is no kernel stays. */
function inNewLayout(arrays: readonly KerasArray[], old: Json): readonly KerasArray[] {
  if (!isChannelsFirst(old)) return arrays;
  return arrays.map((array) => array.shape.length === 4 ? transposed(array, [2, 3, 1, 0]) : array);
}

/** Those of a transposed convolution, `[rows, columns, filters, channels]`. */
function inTransposedLayout([kernel, ...rest]: readonly KerasArray[], old: Json): readonly KerasArray[] {
  return [transposed(kernel!, isChannelsFirst(old) ? [2, 3, 0, 1] : [0, 1, 3, 2]), ...rest];
}

/** Kernels along one direction, which Keras 1 keeps as pictures that are one pixel wide. */
function inOneDirection([kernel, ...rest]: readonly KerasArray[], old: Json): readonly KerasArray[] {
  if (kernel!.shape.length !== 4) return [kernel!, ...rest];
  const [length, width, channels, filters] = kernel!.shape as [number, number, number, number];
  const isOldest = width !== 1 || length !== old.filter_length || filters !== old.nb_filter;
  const turned = isOldest ? transposed(kernel!, [2, 3, 1, 0]) : kernel!;
  const [steps, , depth, count] = isOldest ? turned.shape : [length, 1, channels, filters];
  return [reshaped(turned, [steps!, depth!, count!]), ...rest];
}

/** Whether a length comes of a transposed convolution: later versions of Keras take the shortest that can. */
function isShortest(length: unknown, kernel: number, stride: number, isSame: boolean): boolean {
  return typeof length !== "number" || (length - (isSame ? 0 : Math.max(kernel - stride, 0))) % stride === 0;
}

/** Why a transposed convolution of a noted size cannot be had. */
function refuseSize(old: Json): string | undefined {
  const { output_shape: shape, subsample = [1, 1], nb_row: rows, nb_col: columns, border_mode: mode } = old;
  if (!Array.isArray(shape)) return undefined;
  const [height, width] = isChannelsFirst(old) ? shape.slice(2) : shape.slice(1);
  const [down, across] = subsample as [number, number];
  const isSame = mode === "same";
  if (isShortest(height, Number(rows), down, isSame) && isShortest(width, Number(columns), across, isSame)) {
    return undefined;
  }
  return `gives ${height} × ${width} pixels, a size that later versions of Keras do not give with strides ${down} × ${across}`;
}

/** Convolutions, whose kernels were described and laid out otherwise. */
export const convolutions: readonly OldLayer[] = [
  ...["Convolution1D", "AtrousConvolution1D"].map((className): OldLayer => ({
    className,
    today: "Conv1D",
    settings: (_, old) => kernelLength(old),
    arrays: inOneDirection,
  })),
  ...["Convolution2D", "AtrousConvolution2D"].map((className): OldLayer => ({
    className,
    today: "Conv2D",
    settings: (_, old) => kernelSize(old),
    arrays: inNewLayout,
  })),
  {
    className: "Deconvolution2D",
    today: "Conv2DTranspose",
    settings: (_, old) => kernelSize(old),
    refuse: refuseSize,
    arrays: inTransposedLayout,
  },
  {
    className: "SeparableConvolution2D",
    today: "SeparableConv2D",
    settings: (_, old) => kernelSize(old),
    arrays: inNewLayout,
  },
];
