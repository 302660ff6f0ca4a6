import { quote } from "./quote.ts";

/** A setting of the members of a registry, for everybody who asks for it. */
export interface SettingSpecOf<Name extends string> {
  /** Its name. */
  readonly name: Name;
  /** One line for help texts. */
  readonly description: string;
  /** What it can be, to stand after "use". */
  readonly allowed: string;
  /** The names that it can be, where it is a choice. */
  readonly choices?: readonly string[] | undefined;
  /** The smallest and the largest, where it is a number. */
  readonly range?: readonly [number, number] | undefined;
  /** Whether it is a whole number. */
  readonly whole?: boolean | undefined;
}

/** A whole number. */
export function count<Name extends string>(
  name: Name,
  description: string,
  range: readonly [number, number],
): SettingSpecOf<Name> {
  const [least, most] = range;
  return { name, description, allowed: `a whole number from ${least} to ${most}`, range, whole: true };
}

/** A number between two. */
export function between<Name extends string>(
  name: Name,
  description: string,
  range: readonly [number, number],
): SettingSpecOf<Name> {
  const [least, most] = range;
  return { name, description, allowed: `a number from ${least} to ${most}`, range };
}

/** One of some names. */
export function choice<Name extends string>(
  name: Name,
  description: string,
  choices: readonly string[],
): SettingSpecOf<Name> {
  return { name, description, allowed: `one of ${choices.join(", ")}`, choices };
}

function fits({ choices, range, whole }: SettingSpecOf<string>, value: unknown): boolean {
  if (choices) return choices.includes(value as string);
  if (typeof value !== "number" || !range) return false;
  return value >= range[0] && value <= range[1] && (!whole || Number.isInteger(value));
}

/**
 * Make sure that settings are what a registry's members can be told.
 *
 * @param specs All settings that there are.
 * @param settings What they are told.
 * @param of Whose settings they are, for the message, such as `" of metrics"`.
 * @throws {RangeError} If there is no such setting, or it is out of range.
 */
export function checkSettingsBy(specs: readonly SettingSpecOf<string>[], settings: object, of = ""): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const spec = specs.find((candidate) => candidate.name === name);
    if (!spec) {
      const names = specs.map((candidate) => candidate.name);
      throw new RangeError(`Unknown setting ${quote(name)}${of}: use one of ${names.join(", ")}`);
    }
    if (!fits(spec, value)) throw new RangeError(`Cannot use ${name} ${quote(value)}: use ${spec.allowed}`);
  }
}
