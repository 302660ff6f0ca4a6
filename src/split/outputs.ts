import { nearest } from "../base/nearest.ts";
import { shapeText, type TensorInfo } from "../base/tensor_info.ts";
import { listed, quote } from "../base/quote.ts";
import type { LayerInfo } from "./model.ts";

/**
 * The index of the output that was asked for.
 *
 * @param outputs The model's outputs.
 * @param wanted An index from 0 or a name.
 * @throws {RangeError} If there is none.
 */
export function findOutput(outputs: readonly TensorInfo[], wanted: number | string): number {
  const index = typeof wanted === "number" ? wanted : outputs.findIndex(({ name }) => name === wanted);
  if (Number.isInteger(index) && index >= 0 && index < outputs.length) return index;
  if (typeof wanted === "number") {
    throw new RangeError(`Cannot find output ${wanted}: the model has outputs 0 to ${outputs.length - 1}`);
  }
  const names = outputs.map(({ name }) => name);
  throw new RangeError(
    `Cannot find output ${quote(wanted)}: the outputs are ${listed(nearest(wanted, names, names.length))}`,
  );
}

/** Whether an output is a picture of scores, such as a segmentation's; `undefined` where its shape is not known. */
function isPicture({ shape }: TensorInfo): boolean | undefined {
  return shape.length === 0 ? undefined : shape.length === 4 && !(shape[1] === 1 && shape[2] === 1);
}

/**
 * Make sure that a region can be taken of an output, before anything is computed.
 *
 * @throws {RangeError} If it is no picture.
 */
export function checkIsPicture(output: TensorInfo): void {
  if (isPicture(output) !== false) return;
  throw new RangeError(
    `Cannot take a region of output ${quote(output.name)} [${
      shapeText(output.shape)
    }]: it is no picture of scores`,
  );
}

/**
 * What to know of a map where the output is a picture: the last layer, which is taken when none is named, is most
 * often that picture itself.
 *
 * @param output The output.
 * @param layers All layers of the model.
 * @param layer The layer that was taken, and the one that was asked for, if one was.
 */
export function pictureWarnings(
  output: TensorInfo,
  layers: readonly LayerInfo[],
  { taken: layer, asked }: { readonly taken: string; readonly asked: string | undefined },
): string[] {
  if (asked !== undefined || !isPicture(output)) return [];
  const shape = layers.find(({ path }) => path === layer)!.outputShape.slice(1);
  if (!shape.every((size, axis) => size === null || (output.shape[axis + 1] ?? size) === size)) return [];
  return [`Layer ${quote(layer)} is the picture of scores itself, and so is its map: name an earlier layer`];
}
