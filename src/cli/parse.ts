import { parseArgs } from "node:util";
import { likely } from "../base/nearest.ts";
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
  const candidates = options.map((option) => option.name);
  const suggestion = likely(name.replace(/^-+/, ""), candidates);
  const advice = suggestion === undefined ? "see --help" : `did you mean --${suggestion}?`;
  return new UsageError(`Unknown option "${name}": ${advice}`);
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
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(options.map(({ name, short, value }) => [name, {
      type: value === undefined ? "boolean" : "string",
      ...(short && { short }),
    }])),
    strict: false, // its messages are not ours
    tokens: true,
  });
  const operands: string[] = [];
  const parsed: Record<string, boolean | string | string[]> = {};
  const problems: UsageError[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const option = options.find(({ name }) => name === token.name);
    if (!option) problems.push(unknownOption(token.rawName, options));
    else if (option.value === undefined) {
      if (token.inlineValue) problems.push(needsValue(option));
      parsed[option.name] = true;
    } else if (!token.value || !(token.inlineValue || isValue(token.value))) {
      problems.push(needsValue(option));
    } else if (option.repeat) parsed[option.name] = [...(parsed[option.name] as string[] ?? []), token.value];
    else parsed[option.name] = token.value;
  }
  const values = new Values(operands, parsed);
  if (values.flag("help") || values.flag("version")) return values;
  if (problems[0]) throw problems[0];
  for (const option of options.filter(({ value }) => value !== undefined)) {
    const given = option.repeat ? values.texts(option.name) : [values.text(option.name)];
    for (const text of given) if (text !== undefined) checkValue(option, text);
  }
  checkOperands(command, operands);
  return values;
}
