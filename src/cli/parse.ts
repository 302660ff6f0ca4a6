import { parseArgs } from "jsr:@std/cli@^1.0.20/parse-args";
import { likely } from "../base/nearest.ts";
import { cut, quote } from "../base/quote.ts";
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

/** What to say of an option that is not there. */
function unknownOption(name: string, options: readonly OptionSpec[]): UsageError {
  if (/^-[^-]./.test(name)) {
    return new UsageError(
      `Unknown option ${quote(name)}: see --help, or give a file of that name as ./${cut(name)}`,
    );
  }
  const suggestion = likely(name.replace(/^-+/, ""), options.map((option) => option.name));
  const advice = suggestion === undefined ? "see --help" : `did you mean --${suggestion}?`;
  return new UsageError(`Unknown option ${quote(name)}: ${advice}`);
}

/** Whether what stands after an option is its value: a dash alone and numbers below 0 are, other options are not. */
function isValue(text: string | undefined): text is string {
  return text !== undefined && (!text.startsWith("-") || /^-$|^-[\d.]/.test(text));
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { min, max, missing } = command.operands ?? { min: 0, max: 0, missing: "" };
  if (operands.length < min) throw new UsageError(missing);
  if (operands.length > max) {
    const allowed = max === 0 ? "no arguments" : `at most ${max}`;
    throw new UsageError(`Cannot use argument ${quote(operands[max])}: ${command.name} takes ${allowed}`);
  }
}

/**
 * The long form of letters behind a dash: each is an option of its own, and one that takes a value takes what follows. Where
 * one letter is no option, none is: it may be a file's name.
 *
 * @returns `undefined` if so.
 */
function spellOut(letters: string, options: readonly OptionSpec[]): string[] | undefined {
  const option = options.find(({ short }) => short === letters[0]);
  if (!option) return undefined;
  const rest = letters.slice(1);
  if (option.value !== undefined) return [rest === "" ? `--${option.name}` : `--${option.name}=${rest}`];
  if (rest === "") return [`--${option.name}`];
  const others = spellOut(rest, options);
  return others && [`--${option.name}`, ...others];
}

/** Arguments in one form: options by their long names, and with `=` before their values. */
function normalize(
  args: readonly string[],
  options: readonly OptionSpec[],
  fail: (problem: UsageError) => void,
): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const normal: string[] = [];
  for (let at = 0; at < end; at++) {
    const words = /^-[^-]/.test(args[at]!) ? spellOut(args[at]!.slice(1), options) : [args[at]!];
    if (!words) {
      fail(unknownOption(args[at]!, options));
      continue;
    }
    const [, name, value] = /^--([^=]+)(=.*)?$/s.exec(words.at(-1)!) ?? [];
    const option = options.find((option) => option.name === name);
    if (option && option.value === undefined && value !== undefined) {
      fail(needsValue(option));
      continue;
    }
    const takesNext = option?.value !== undefined && value === undefined && at + 1 < end &&
      isValue(args[at + 1]);
    normal.push(...words.slice(0, -1), takesNext ? `${words.at(-1)}=${args[++at]}` : words.at(-1)!);
  }
  return [...normal, ...args.slice(end)];
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
  const names = (some: readonly OptionSpec[]) => some.map(({ name }) => name);
  const problems: UsageError[] = [];
  const fail = (problem: UsageError) => void problems.push(problem);
  const normal = normalize(args, options, fail);
  const { _: operands, ...parsed } = parseArgs(normal, {
    boolean: names(options.filter(({ value }) => value === undefined)),
    string: ["_", ...names(options.filter(({ value }) => value !== undefined))],
    collect: names(options.filter(({ repeat }) => repeat)),
    unknown(_arg, key) {
      if (key === undefined) return true; // an operand
      fail(unknownOption(`--${key}`, options));
      return false;
    },
  });
  const values = new Values(operands as string[], parsed);
  if (values.flag("help") || values.flag("version")) return values;
  if (problems[0]) throw problems[0];
  for (const option of options.filter(({ value }) => value !== undefined)) {
    const given = option.repeat ? values.texts(option.name) : [values.text(option.name)];
    for (const text of given) if (text !== undefined) checkValue(option, text);
  }
  checkOperands(command, operands as string[]);
  return values;
}
