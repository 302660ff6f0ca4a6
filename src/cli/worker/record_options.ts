import { nearest } from "../../base/nearest.ts";
import { cut, quote } from "../../base/quote.ts";
import { explainOptions } from "../explain_options.ts";
import { checkValue, type OptionSpec } from "../option.ts";
import { UsageError } from "../usage_error.ts";
import type { Values } from "../values.ts";

/** Options of the whole run: no record can have its own. */
const ofTheRun: readonly string[] = [
  ...["model", "identity", "weights", "labels", "backend", "threads", "jobs"],
  ...["out", "columns", "json", "quiet", "recursive", "skip-existing"],
];

/** What a record can ask for: what the command `explain` can, by the same names. */
export const recordOptions: readonly OptionSpec[] = explainOptions.filter(({ name }) =>
  !ofTheRun.includes(name)
);

/** `minSide` as the command line has it, `min-side`. */
function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function findOption(name: string): OptionSpec {
  const found = recordOptions.find((option) => option.name === dashed(name));
  if (found) return found;
  if (ofTheRun.includes(dashed(name))) {
    throw new UsageError(`Cannot use ${quote(name)} in a record: it is given once, as --${dashed(name)}`);
  }
  const names = nearest(name, recordOptions.map((option) => option.name), 3);
  throw new UsageError(
    `Unknown option ${quote(name)} in a record: use id, photo, bytes, pass, ${names.join(", ")} …`,
  );
}

/** A value as the command line would have it. */
function textOf(value: unknown, { name, rule }: OptionSpec): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return `${value}`;
  const allowed = rule?.allowed ?? "a text";
  throw new UsageError(`Cannot use ${quote(name)} of ${cut(JSON.stringify(value))}: use ${allowed}`);
}

function readOption(value: unknown, option: OptionSpec): boolean | string | string[] {
  if (option.value === undefined) {
    if (typeof value === "boolean") return value;
    throw new UsageError(
      `Cannot use ${quote(option.name)} of ${cut(JSON.stringify(value))}: use true or false`,
    );
  }
  const texts = [value].flat().map((one) => textOf(one, option));
  if (option.repeat) {
    for (const text of texts) checkValue(option, text);
    return texts;
  }
  const text = texts.join(); // as in method, box and size
  checkValue(option, text);
  return text;
}

/**
 * The options of a record, in place of those of the command line.
 *
 * @param values The command line's.
 * @param given What the record holds besides what it is.
 * @throws {UsageError} If one is unknown, is given once for the whole run, or has a value that it cannot have.
 */
export function withRecordOptions(values: Values, given: Readonly<Record<string, unknown>>): Values {
  const own = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => {
      const option = findOption(name);
      return [option.name, readOption(value, option)] as const;
    });
  return values.with(Object.fromEntries(own));
}
