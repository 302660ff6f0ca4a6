import { cut, listed, quote } from "./quote.ts";
import { likely, nearest } from "./nearest.ts";

/** What an option can be. Whether a value of the right type is in range is told where it is used. */
export interface OptionRule {
  /** In words, to stand after "give", such as `"a number"`. */
  readonly allowed: string;
  /** Whether a value is of a type that can be used. */
  fits(value: unknown): boolean;
}

/** A rule for each option of an interface. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule };

/** The longest value that a message quotes whole, in characters. */
const longestValue = 60;

/** A value as messages show it, in few words. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quote(value, longestValue);
  if (Array.isArray(value)) {
    return value.length > 4 ? `[${value.length} values]` : `[${value.map(shown).join(", ")}]`;
  }
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return cut(String(value), longestValue);
  const name = value.constructor?.name;
  return name && value.constructor !== Object ? cut(name, longestValue) : "an object";
}

/** A rule that a test of the value makes. */
export function rule(allowed: string, fits: (value: unknown) => boolean): OptionRule {
  return { allowed, fits };
}

/** A text, called what it stands for. */
export function textRule(allowed: string): OptionRule {
  return rule(allowed, (value) => typeof value === "string");
}

/** A number, called what it stands for. */
export function numberRule(allowed: string): OptionRule {
  return rule(allowed, (value) => typeof value === "number");
}

/** A switch. */
export const flagRule: OptionRule = rule("true or false", (value) => typeof value === "boolean");

/** What an object with some properties is, called what it stands for. */
export function objectRule(allowed: string, ...names: readonly string[]): OptionRule {
  return rule(allowed, (value) => isObject(value) && names.every((name) => name in value));
}

/** A function, called what it does. */
export function callbackRule(allowed: string): OptionRule {
  return rule(allowed, (value) => typeof value === "function");
}

/** What any of several rules allows. */
export function anyRule(...rules: readonly OptionRule[]): OptionRule {
  return rule(
    rules.map(({ allowed }) => allowed).join(" or "),
    (value) => rules.some((one) => one.fits(value)),
  );
}

/** An array whose elements a rule allows. */
export function listRule(allowed: string, { fits }: OptionRule): OptionRule {
  return rule(allowed, (value) => Array.isArray(value) && value.every((element) => fits(element)));
}

/** A signal that stops what takes long. */
export const signalRule: OptionRule = objectRule("an AbortSignal", "aborted", "addEventListener");

/** The rules of an interface that leaves some options out. */
export function withoutRules<Options, Name extends keyof Options>(
  rules: OptionRules<Options>,
  ...names: readonly Name[]
): OptionRules<Omit<Options, Name>> {
  const left = Object.entries(rules).filter(([name]) => !names.includes(name as Name));
  return Object.fromEntries(left) as unknown as OptionRules<Omit<Options, Name>>;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What to say of an option that there is not. */
function unknownOption(of: string, name: string, names: readonly string[]): TypeError {
  const meant = likely(name, names);
  const advice = meant === undefined
    ? `the options are ${listed(nearest(name, names, names.length))}`
    : `did you mean ${meant}?`;
  return new TypeError(`Unknown option ${shown(name)} of ${of}: ${advice}`);
}

/**
 * Make sure that options are what a function takes: none that it does not know, none of another type.
 *
 * @param of The function, for the message, such as `"gradcam()"`.
 * @param options As the caller gave them; an option that is `undefined` counts as left out.
 * @param rules A rule for each option.
 * @throws {TypeError} If one is unknown or of a wrong type; the message says which, and what is allowed.
 */
export function checkOptionTypes<Options>(of: string, options: unknown, rules: OptionRules<Options>): void {
  if (!isObject(options) || Array.isArray(options)) {
    throw new TypeError(`Cannot use ${shown(options)} as the options of ${of}: give an object`);
  }
  const known = new Map<string, OptionRule>(Object.entries(rules));
  for (const [name, value] of Object.entries(options)) {
    const option = known.get(name);
    if (!option) throw unknownOption(of, name, [...known.keys()]);
    if (value === undefined || option.fits(value)) continue;
    throw new TypeError(`Cannot use ${name} ${shown(value)}: give ${option.allowed}`);
  }
}
