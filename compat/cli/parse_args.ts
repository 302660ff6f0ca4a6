/**
 * A stand-in for what is used of `@std/cli/parse-args` where JSR cannot be reached: long options, with `=` before their
 * value, and operands.
 *
 * @module
 */

/** As much of the options as is used. */
export interface ParseOptions {
  /** Options without a value. */
  readonly boolean?: readonly string[];
  /** Options whose value stays text; `"_"` for operands. */
  readonly string?: readonly string[];
  /** Options whose values are gathered. */
  readonly collect?: readonly string[];
  /** Told of options that are not listed; `false` leaves one out. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What was parsed: operands under `_`, options by name. */
export type Args = { [name: string]: unknown; _: string[] };

/** Sort arguments into operands and options. */
export function parseArgs(
  args: readonly string[],
  { boolean = [], string = [], collect = [], unknown = () => true }: ParseOptions = {},
): Args {
  const parsed: Args = { _: [] };
  for (const name of boolean) parsed[name] = false;
  for (const name of collect) parsed[name] = [];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  for (const arg of args.slice(0, end)) {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const isKnown = [...boolean, ...string, ...collect].includes(name ?? "_");
    if (name === undefined) {
      if (isKnown || unknown(arg) !== false) parsed._.push(arg);
    } else if (!isKnown && unknown(arg, name, value ?? true) === false) {
      continue;
    } else if (collect.includes(name)) {
      (parsed[name] as unknown[]).push(value ?? "");
    } else {
      parsed[name] = boolean.includes(name)
        ? value !== "false"
        : value ?? (string.includes(name) ? "" : true);
    }
  }
  parsed._.push(...args.slice(end + 1));
  return parsed;
}
