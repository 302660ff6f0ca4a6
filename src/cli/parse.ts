import { parseArgs } from "@std/cli/parse-args";
import { nearest } from "../nearest.ts";
import type { Command } from "./command.ts";
import { checkValue, needsValue, type OptionSpec } from "./option.ts";
import { UsageError } from "./usage_error.ts";
import { Values } from "./values.ts";

/** Options that every command has. */
export const commonOptions: readonly OptionSpec[] = [
  { name: "debug", group: "General", description: "Print the stack of an error" },
  { name: "help", short: "h", group: "General", description: "Print this help" },
  { name: "version", short: "V", group: "General", description: "Print the version" },
];

/** All options of a command, those of every command last. */
export function optionsOf(command: Command): readonly OptionSpec[] {
  return [...command.options, ...commonOptions];
}

/** `--out -` and `--alpha -1` with an equals sign: the parser takes no value that begins with a dash. */
function joinDashedValues(args: readonly string[], options: readonly OptionSpec[]): string[] {
  const takesValue = new Set(
    options.filter(({ value }) => value !== undefined)
      .flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]),
  );
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return [...joined, ...args.slice(i)];
    const option = options.find(({ name, short }) => arg === `--${name}` || arg === `-${short}`);
    const dashed = /^-$|^-[\d.]/.test(args[i + 1] ?? "");
    joined.push(option && takesValue.has(arg) && dashed ? `--${option.name}=${args[++i]}` : arg);
  }
  return joined;
}

/** What to say of an option that is not there. */
function unknownOption(arg: string, key: string, options: readonly OptionSpec[]): UsageError {
  const bare = key.replace(/=$/, "");
  const known = options.find(({ name }) => name === bare);
  if (known && arg === `--${bare}=`) return needsValue(known);
  const name = arg.replace(/=.*$/s, "");
  const candidates = options.map((option) => option.name);
  const suggestion = nearest(name.replace(/^-+/, ""), candidates, 1)[0];
  return new UsageError(`Unknown option "${name}": did you mean --${suggestion}?`);
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { min, max, missing } = command.operands ?? { min: 0, max: 0, missing: "" };
  if (operands.length < min) throw new UsageError(missing);
  if (operands.length > max) {
    const allowed = max === 0 ? "no arguments" : `at most ${max}`;
    throw new UsageError(`Cannot use argument "${operands[max]}": ${command.name} takes ${allowed}`);
  }
}

/**
 * Sort a command's arguments into operands and options.
 *
 * @param args What stands after the command's name.
 * @param command The command.
 * @throws {UsageError} If an option is unknown or its value not allowed, or operands are missing or too many.
 */
export function parseCommandLine(args: readonly string[], command: Command): Values {
  const options = optionsOf(command);
  const withValue = options.filter(({ value }) => value !== undefined);
  let unknown: UsageError | undefined;
  const parsed = parseArgs(joinDashedValues(args, options), {
    string: ["_", ...withValue.map(({ name }) => name)],
    boolean: options.filter(({ value }) => value === undefined).map(({ name }) => name),
    collect: withValue.filter(({ repeat }) => repeat).map(({ name }) => name),
    alias: Object.fromEntries(options.flatMap(({ name, short }) => short ? [[name, short]] : [])),
    unknown: (arg, key) => {
      if (key === undefined) return true; // a positional argument
      unknown ??= unknownOption(arg, key, options);
      return false;
    },
  });
  const operands = parsed._.map(String);
  const values = new Values(operands, parsed);
  if (values.flag("help") || values.flag("version")) return values;
  if (unknown) throw unknown;
  for (const option of withValue) {
    const given = option.repeat ? values.texts(option.name) : [values.text(option.name)];
    for (const text of given) if (text !== undefined) checkValue(option, text);
  }
  checkOperands(command, operands);
  return values;
}
