import { shown } from "../base/options.ts";
import { findInterpolation } from "./image/interpolations/mod.ts";
import { checkFit, cropRoundings, type Fitting } from "./image/window.ts";

/** What a record says of how photos are brought to a model's size. */
export interface FittingRecord extends Partial<Fitting> {
  /** Height and width in pixels. */
  readonly size?: readonly [height: number, width: number];
}

/** The largest crop fraction: a photo in a border that is twice as wide. */
const mostFraction = 2;

/** The longest side that photos are brought to, in pixels. */
const longestSide = 4096;

function isSize(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 &&
    value.every((side) => Number.isInteger(side) && side >= 1 && side <= longestSide);
}

function isBorder(values: readonly unknown[]): values is number[] {
  return [1, 3].includes(values.length) &&
    values.every((value) => typeof value === "number" && value >= 0 && value <= 255);
}

/** What is made of the value of each key. */
const readers: { readonly [Name in keyof FittingRecord]-?: (value: unknown) => FittingRecord[Name] } = {
  fit(value) {
    const fit = String(value);
    checkFit(fit);
    return fit;
  },
  interpolation: (value) => findInterpolation(String(value)).name,
  cropFraction(value) {
    if (typeof value === "number" && value > 0 && value <= mostFraction) return value;
    throw new RangeError(
      `Cannot use crop fraction ${shown(value)}: use a number above 0, ${mostFraction} at most`,
    );
  },
  cropRounding(value) {
    const found = cropRoundings.find((name) => name === value);
    if (found) return found;
    throw new RangeError(`Unknown crop rounding ${shown(value)}: use one of ${cropRoundings.join(", ")}`);
  },
  border(value) {
    const values: readonly unknown[] = [value].flat();
    if (isBorder(values)) return values;
    throw new RangeError(`Cannot use border ${shown(value)}: use one number, or three, from 0 to 255`);
  },
  size(value) {
    if (isSize(value)) return value;
    throw new RangeError(
      `Cannot use size ${shown(value)}: use [height, width], whole pixels, ${longestSide} at most`,
    );
  },
};

/**
 * Check what a record says of how photos are brought to a model's size. Other keys are ignored.
 *
 * @throws {RangeError} If a value is out of range.
 */
export function parseFitting(record: Readonly<Record<string, unknown>>): FittingRecord {
  const said = Object.entries(readers).filter(([name]) =>
    record[name] !== undefined && record[name] !== null
  );
  return Object.fromEntries(said.map(([name, read]) => [name, read(record[name])])) as FittingRecord;
}
