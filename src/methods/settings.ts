/**
 * The settings of methods: what each is called everywhere, what it can be and what it means. The library's option
 * `settings`, the command line tool's options and the server's parameters are read from this list; a method names those
 * that it takes, with its defaults.
 *
 * @module
 */
import { quote } from "../base/quote.ts";

/** What methods can be told; each method takes some of them. */
export interface MethodSettings {
  /** Where random numbers begin: the same seed gives the same map. */
  readonly seed?: number | undefined;
  /** How many channels, photos or masks are tried. */
  readonly samples?: number | undefined;
  /** How many steps a path has. */
  readonly steps?: number | undefined;
}

/** A setting, for everybody who asks for it. */
export interface SettingSpec {
  /** Its name. */
  readonly name: keyof MethodSettings;
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
function count(
  name: keyof MethodSettings,
  description: string,
  range: readonly [number, number],
): SettingSpec {
  const [least, most] = range;
  return { name, description, allowed: `a whole number from ${least} to ${most}`, range, whole: true };
}

/** All settings. */
export const settingSpecs: readonly SettingSpec[] = Object.freeze([
  count("seed", "Where random numbers begin: the same seed gives the same map", [0, 2 ** 32 - 1]),
  count("samples", "How many changed photos, masks or channels are tried", [1, 100_000]),
  count("steps", "How many steps the path from the baseline to the photo has", [1, 10_000]),
]);

function fits({ choices, range, whole }: SettingSpec, value: unknown): boolean {
  if (choices) return choices.includes(value as string);
  if (typeof value !== "number" || !range) return false;
  return value >= range[0] && value <= range[1] && (!whole || Number.isInteger(value));
}

/**
 * Make sure that settings are what methods can be told.
 *
 * @throws {RangeError} If there is no such setting, or it is out of range.
 */
export function checkSettings(settings: MethodSettings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const spec = settingSpecs.find((candidate) => candidate.name === name);
    if (!spec) {
      const names = settingSpecs.map((candidate) => candidate.name);
      throw new RangeError(`Unknown setting ${quote(name)}: use one of ${names.join(", ")}`);
    }
    if (!fits(spec, value)) throw new RangeError(`Cannot use ${name} ${quote(value)}: use ${spec.allowed}`);
  }
}
