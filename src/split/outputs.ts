import { nearest } from "../nearest.ts";
import { shapeText } from "./inputs.ts";
import type { ExplainableModel, TensorInfo } from "./mod.ts";

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
    `Cannot find output "${wanted}": the outputs are ${nearest(wanted, names, names.length).join(", ")}`,
  );
}

/** Whether an output is a picture of scores, such as a segmentation's; `undefined` where its shape is not known. */
function isPicture({ shape }: TensorInfo): boolean | undefined {
  return shape.length === 0 ? undefined : shape.length === 4 && !(shape[1] === 1 && shape[2] === 1);
}

/**
 * Make sure that a region can be taken of an output, before anything is computed.
 *
 * @param outputs The model's outputs.
 * @param wanted Which, by index or name.
 * @throws {RangeError} If it is no picture, or there is no such output.
 */
export function checkIsPicture(outputs: readonly TensorInfo[], wanted: number | string): void {
  const output = outputs[findOutput(outputs, wanted)]!;
  if (isPicture(output) === false) {
    throw new RangeError(
      `Cannot take a region of output "${output.name}" [${
        shapeText(output.shape)
      }]: it is no picture of scores`,
    );
  }
}

/**
 * What to know of a map where the output is a picture: the last layer, which is taken when none is named, is most
 * often that picture itself.
 *
 * @param model The model.
 * @param asked What was asked for.
 * @param layer The layer that was taken.
 */
export function pictureWarnings(
  { outputs, layers }: ExplainableModel,
  asked: { readonly layer?: string | undefined; readonly output?: number | string | undefined },
  layer: string,
): string[] {
  const output = outputs[findOutput(outputs, asked.output ?? 0)]!;
  if (asked.layer !== undefined || !isPicture(output)) return [];
  const shape = layers.find(({ path }) => path === layer)!.outputShape.slice(1);
  if (!shape.every((size, axis) => size === null || (output.shape[axis + 1] ?? size) === size)) return [];
  return [`Layer "${layer}" is the picture of scores itself, and so is its map: name an earlier layer`];
}
