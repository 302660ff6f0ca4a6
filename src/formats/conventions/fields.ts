import { isNestedTooDeep } from "../../base/nesting.ts";
import { shown } from "../../base/options.ts";

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value that is an object, and neither a list nor nothing. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
}

/** The fields that say something: `null` stands for what is left to the reader. */
export function saidOf(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/**
 * The object that a text of JSON is.
 *
 * @returns `undefined` where it is JSON of another kind.
 * @throws {SyntaxError} If it is no JSON.
 * @throws {TypeError} If it is nested too deep.
 */
export function parseFields(text: string): Fields | undefined {
  const json: unknown = JSON.parse(text);
  if (isNestedTooDeep(json)) throw new TypeError("its JSON is nested too deep");
  return asFields(json);
}

/**
 * A number that a field holds; `undefined` where it is left out.
 *
 * @throws {TypeError} If it is something else.
 */
export function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
  throw new TypeError(`${name} ${shown(value)} is no number`);
}

/**
 * Numbers that a field holds, or one; `undefined` where it is left out.
 *
 * @throws {TypeError} If it is something else.
 */
export function numbersIn(fields: Fields, name: string): number[] | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const values: unknown[] = [value].flat();
  if (values.length > 0 && values.every((one) => typeof one === "number" && Number.isFinite(one))) {
    return values as number[];
  }
  throw new TypeError(`${name} ${shown(value)} are no numbers`);
}

/** Whether a field says yes; as is usual where it is left out. */
export function flagIn(fields: Fields, name: string, usual: boolean): boolean {
  const value = fields[name];
  return typeof value === "boolean" ? value : usual;
}

/** A text that a field holds. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" ? value : undefined;
}
