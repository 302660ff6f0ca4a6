import { nearest } from "../nearest.ts";
import type { TensorInfo } from "./mod.ts";

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
