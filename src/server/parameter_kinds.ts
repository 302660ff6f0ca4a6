/**
 * The kinds of values that parameters have.
 *
 * @module
 */
import { cut, quote } from "../base/quote.ts";
import type { JsonSchema, ParameterContext, ValueKind } from "./parameter.ts";
import { Problem } from "./problem.ts";

/** The longest name of a class, a layer or anything else that is looked for, in characters. */
export const longestName = 1000;

/** The names of what is in a registry. */
export function namesOf<Name extends string>(registry: readonly { readonly name: Name }[]): Name[] {
  return registry.map(({ name }) => name);
}

/** A number as texts have it, in an expression; larger ones are read too, as long as they are finite. */
const numberPattern = "-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?";

const wholeNumber = /^-?\d{1,15}$/;
const anyNumber = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/** What to say of a value that cannot be used. */
export function unusable(name: string, text: string, wanted: string): Problem {
  return new Problem(400, `Cannot use ${cut(name)} ${quote(text)}: ${wanted}`, {}, "bad-parameter");
}

function outOfRange(name: string, value: number, wanted: string): Problem {
  return new Problem(400, `Cannot use ${cut(name)} ${value}: ${wanted}`, {}, "bad-parameter");
}

/** @throws {RangeError} If a number is written rightly, but too large to be one: no schema can say so. */
function checkFinite(values: readonly number[], text: string, name: string): void {
  if (values.every(Number.isFinite)) return;
  throw new RangeError(`Cannot use ${cut(name)} ${quote(text)}: give a number that is not so large`);
}

function readNumber(text: string, name: string): number {
  if (!anyNumber.test(text)) throw unusable(name, text, "give a number");
  const value = Number(text);
  checkFinite([value], text, name);
  return value;
}

/** A schema that does not depend on anything, in a URL and in JSON. */
function always(schema: JsonSchema) {
  return { text: () => schema, json: () => schema };
}

/** Whole numbers from the least to the most. */
export function whole(least: number, most: (context: ParameterContext) => number): ValueKind<number> {
  const schema = (context: ParameterContext) => ({ type: "integer", minimum: least, maximum: most(context) });
  return {
    accepts: ["number"],
    text: schema,
    json: schema,
    read(text, name, context) {
      const value = readNumber(text, name);
      const largest = most(context);
      if (!Number.isInteger(value)) throw unusable(name, text, "give a whole number");
      if (value > largest) throw outOfRange(name, value, `use ${largest} at most`);
      if (value < least) throw outOfRange(name, value, `use ${least} or more`);
      return value;
    },
  };
}

/** Numbers from the least to the most. */
export function between(minimum: number, maximum: number): ValueKind<number> {
  return {
    accepts: ["number"],
    ...always({ type: "number", minimum, maximum }),
    read(text, name) {
      const value = readNumber(text, name);
      if (value >= minimum && value <= maximum) return value;
      throw outOfRange(name, value, `it is from ${minimum} to ${maximum}`);
    },
  };
}

const on = ["true", "1", "on"], off = ["false", "0", "off"];

/** Switches. */
export const flag: ValueKind<boolean> = {
  accepts: ["boolean"],
  text: () => ({ type: "string", enum: [...on, ...off] }),
  json: () => ({ type: "boolean" }),
  read(text, name) {
    if (on.includes(text) || text === "") return true;
    if (off.includes(text)) return false;
    throw unusable(name, text, "give true or false");
  },
};

/** @throws {Problem} 400 if a name is too long to be looked for. */
function checkName(text: string, name: string): void {
  if (text.length <= longestName) return;
  const { length } = [...text.slice(0, 2 * longestName + 1)];
  if (text.length > 2 * longestName || length > longestName) {
    throw unusable(name, text, `it has more than ${longestName} characters`);
  }
}

/** Texts that are looked for, or read further. */
export function text<Value = string>(
  read: (text: string) => Value,
  more: JsonSchema = {},
): ValueKind<Value> {
  return {
    accepts: ["text"],
    ...always({ type: "string", minLength: 1, maxLength: longestName, ...more }),
    read(text, name) {
      checkName(text, name);
      return read(text);
    },
  };
}

/** One of some names. */
export function choice<Value>(
  names: readonly string[],
  read: (text: string) => Value,
): ValueKind<Value> {
  return { ...text(read), ...always({ type: "string", enum: names }) };
}

/** An index, or else a name. */
export const nameOrIndex: ValueKind<number | string> = {
  accepts: ["number", "text"],
  text: () => ({ type: "string", minLength: 1, maxLength: longestName }),
  json: () => ({ type: ["integer", "string"], minLength: 1, maxLength: longestName }),
  read(text, name) {
    checkName(text, name);
    return wholeNumber.test(text) ? Number(text) : text;
  },
};

/** Options of {@linkcode numbers}. */
export interface NumbersOptions {
  /** What to give instead, after "give". */
  readonly wanted: string;
  /** How many there are; any number of them if left out. */
  readonly count?: number;
}

/** Numbers separated by commas; in JSON also an array. */
export function numbers({ wanted, count }: NumbersOptions): ValueKind<number[]> {
  const list = count === undefined
    ? `^ *${numberPattern} *(, *${numberPattern} *)*$`
    : `^ *${numberPattern} *(, *${numberPattern} *){${count - 1}}$`;
  const schema = { type: "string", pattern: list };
  const items = { type: "number" };
  return {
    accepts: ["number", "text", "numbers"],
    text: () => schema,
    json: () => ({
      anyOf: [
        schema,
        { type: "array", items, minItems: count ?? 1, ...count !== undefined && { maxItems: count } },
        ...count === undefined ? [items] : [],
      ],
    }),
    read(text, name) {
      const parts = text.split(",");
      const isWhole = count === undefined || parts.length === count;
      if (!isWhole || !parts.every((part) => anyNumber.test(part.trim()))) {
        throw unusable(name, text, `give ${wanted}`);
      }
      const found = parts.map(Number);
      checkFinite(found, text, name);
      return found;
    },
  };
}

/** One of some names. */
export function oneOf<Name extends string>(what: string, names: readonly Name[]): ValueKind<Name> {
  return choice(names, (text) => {
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    throw new Problem(
      400,
      `Unknown ${what} ${quote(text)}: use one of ${names.join(", ")}`,
      {},
      "bad-parameter",
    );
  });
}
