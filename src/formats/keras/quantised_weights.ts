/**
 * Weights as Keras's own quantisation keeps them, `model.quantize("int8")` and the like, made into those of the layer
 * that was quantised. Keras rounds what goes into such a layer too, each time anew, which is left out here: numbers
 * differ from its own by a little. Of two smaller kernels that were learned beside a kernel the product is added to it.
 *
 * @module
 */
import { countOf } from "../../base/tensor_info.ts";
import { numbersOf, stridesOf } from "./arrays.ts";
import { ModelError } from "../../base/errors.ts";
import { quantisedShape, unpack, unpackedAxis } from "./int4.ts";
import { groupKernels, type KeptKernel, partOf } from "./kept_kernels.ts";
import type { KerasArray } from "./keras_file.ts";
import type { LayerNode } from "./layer_tree.ts";
import { withoutEllipsis } from "./layers/einsum_dense.ts";
import type { Quantisation } from "./quantisation.ts";

/** A layer's configuration, as far as it is read. */
type Settings = Readonly<Record<string, unknown>>;

/** The axes of a kernel that have a scale for each place, in the order of the scale's own axes. */
function scaledAxes(
  className: string,
  settings: Settings,
  shape: readonly number[],
  count: number,
): number[] {
  if (className === "Embedding") return [0];
  if (className === "EinsumDense") {
    const [inputs = "", output = ""] = withoutEllipsis(String(settings.equation), [9, 0]).split("->");
    const letters = inputs.split(",")[1] ?? "";
    return [...output].filter((letter) => letters.includes(letter)).map((letter) => letters.indexOf(letter));
  }
  let first = shape.length;
  for (let size = 1; size < count && first > 0;) size *= shape[--first]!;
  return Array.from({ length: shape.length - first }, (_, index) => first + index);
}

/** Divide by the scale that belongs to each number's place along some axes. */
function divide(
  values: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
  scale: Float32Array,
) {
  const strides = stridesOf(shape);
  const steps = stridesOf(axes.map((axis) => shape[axis]!));
  values.forEach((value, index) => {
    const place = axes.reduce(
      (sum, axis, at) => sum + Math.floor(index / strides[axis]!) % shape[axis]! * steps[at]!,
      0,
    );
    values[index] = value / scale[place]!;
  });
}

/** Add the product of two smaller kernels. */
function addProduct(values: Float32Array, { down, up }: KeptKernel, factor: number): void {
  if (!down || !up) return; // which archives hold added already
  const [rank = 1, columns = 1] = up.shape;
  const left = numbersOf(down), right = numbersOf(up);
  values.forEach((value, index) => {
    const row = Math.floor(index / columns), column = index % columns;
    let sum = 0;
    for (let at = 0; at < rank; at++) sum += left[row * rank + at]! * right[at * columns + column]!;
    values[index] = value + factor * sum;
  });
}

/** The numbers of a kernel. */
function restore(
  kept: KeptKernel,
  shape: readonly number[],
  layer: QuantisedLayer,
): Float32Array {
  const { mode, lora } = layer.quantised;
  const isScaled = mode !== undefined && mode !== "float8" && kept.scale !== undefined;
  const values = isScaled ? rescale(kept, shape, layer) : numbersOf(kept.kernel);
  if (lora !== undefined) addProduct(values, kept, lora);
  return values;
}

/** The numbers of a kernel that was quantised. */
function rescale(
  kept: KeptKernel,
  shape: readonly number[],
  { node: { className, settings = {} }, quantised: { mode } }: QuantisedLayer,
): Float32Array {
  const { kernel, scale, zero, blocks } = kept;
  const stored = numbersOf(kernel);
  const values = mode === "int4"
    ? unpack(stored, quantisedShape(kernel.shape, shape), unpackedAxis(kernel.shape, shape)!)
    : stored;
  const scales = numbersOf(scale!);
  if (!zero || !blocks) {
    const columns = countOf(scale!.shape);
    const rows = [countOf(shape) / columns, columns];
    if (isFlat(kept, shape)) divide(values, rows, [1], scales);
    else divide(values, shape, scaledAxes(className, settings, shape, columns), scales);
    return values;
  }
  const zeros = numbersOf(zero), ofBlock = numbersOf(blocks);
  const isRowwise = className === "Embedding"; // a row's own blocks, not a column's
  const [blockCount, columns] = isRowwise ? scale!.shape.toReversed() : scale!.shape;
  const width = isRowwise ? shape[1]! : columns!;
  values.forEach((value, index) => {
    const row = Math.floor(index / width), column = index % width;
    const at = isRowwise ? row * blockCount! + ofBlock[column]! : ofBlock[row]! * columns! + column;
    values[index] = (value - zeros[at]!) * scales[at]!;
  });
  return values;
}

/** A layer whose weights are to be dequantised. */
export interface QuantisedLayer {
  /** How to begin an error. */
  readonly where: string;
  readonly node: LayerNode;
  readonly quantised: Quantisation;
  /** The shapes of the weights that it takes. */
  readonly shapes: readonly (readonly number[])[];
}

/**
 * The weights that a layer takes, of the arrays that it keeps when it is quantised.
 *
 * @param arrays As the file has them.
 * @param layer What is known of it.
 * @throws {ModelError} If they do not belong together.
 */
export function dequantise(arrays: readonly KerasArray[], layer: QuantisedLayer): KerasArray[] {
  const { where, shapes } = layer;
  const parts = new Set(arrays.map(partOf)).size;
  const hasBias = shapes.length === 2 * parts;
  if (!hasBias && shapes.length !== parts) return [...arrays]; // whose number is told to be wrong
  return groupKernels(arrays, hasBias).flatMap((kept, index): KerasArray[] => {
    const shape = shapes[hasBias ? index * 2 : index]!;
    const { kernel, bias, scale } = kept;
    if (!kernel || hasBias && !bias) throw new ModelError(`${where} lacks arrays of its quantised weights`);
    if (!fits(kept, shape, layer)) {
      throw new ModelError(
        `${where} takes weights [${shape.join(", ")}], which [${kernel.shape.join(", ")}]${
          scale ? ` with scales [${scale.shape.join(", ")}]` : ""
        } in the file are not`,
      );
    }
    const restored: KerasArray = {
      name: kernel.name,
      shape,
      readInto: (target) => target.set(restore(kept, shape, layer)),
    };
    return [restored, ...bias ? [bias] : []];
  });
}

/** Whether rows and columns were made of a kernel of more axes. */
function isFlat({ kernel }: KeptKernel, shape: readonly number[]): boolean {
  return kernel.shape.length === 2 && shape.length > 2;
}

/** Whether the arrays of a kernel belong to one of some shape. */
function fits(kept: KeptKernel, shape: readonly number[], layer: QuantisedLayer): boolean {
  const { kernel, scale, zero, blocks } = kept;
  const { className, settings = {} } = layer.node;
  if (
    kept.down && kept.up &&
    countOf(kept.down.shape) * kept.up.shape[1]! !== countOf(shape) * kept.up.shape[0]!
  ) {
    return false;
  }
  if (layer.quantised.mode === undefined || layer.quantised.mode === "float8" || !scale) {
    return String(kernel.shape) === String(shape);
  }
  const isKernel = layer.quantised.mode === "int4"
    ? unpackedAxis(kernel.shape, shape) !== undefined
    : countOf(kernel.shape) === countOf(shape);
  if (!isKernel) return false;
  const scales = countOf(scale!.shape), count = countOf(shape);
  if (!zero || !blocks) {
    if (isFlat(kept, shape)) return count === quantisedShape(kernel.shape, shape)[0]! * scales;
    const axes = scaledAxes(className, settings, shape, scales);
    return countOf(axes.map((axis) => shape[axis]!)) === scales;
  }
  const rows = className === "Embedding" ? shape[1]! : count / scale!.shape[1]!;
  return countOf(zero.shape) === scales && countOf(blocks.shape) === rows && scale!.shape.length === 2;
}
