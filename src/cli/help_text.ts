import { version } from "../base/version.ts";
import type { Command } from "./command.ts";
import type { OptionSpec } from "./option.ts";
import { optionsOf } from "./parse.ts";

/** The columns of help text where no terminal tells better. */
const defaultWidth = 90;

/** How wide help text is: as the terminal, but readable. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(Math.max(columns ?? defaultWidth, 60), 100);
}

/** Break text between words; all lines but the first are indented. */
export function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

/** Two columns, the second wrapped. */
function twoColumns(rows: readonly (readonly [string, string])[], width: number): string[] {
  const first = Math.min(Math.max(...rows.map(([left]) => left.length)), 26) + 4;
  return rows.map(([left, right]) => {
    const wrapped = wrap(right, width, first);
    const gap = first - left.length - 2;
    return gap >= 2 ? `  ${left}${" ".repeat(gap)}${wrapped}` : `  ${left}\n${" ".repeat(first)}${wrapped}`;
  });
}

function optionRow({ name, short, value, description, rule, repeat }: OptionSpec): readonly [string, string] {
  const left = `${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`;
  const choices = rule?.choices ? `: ${rule.choices.join(", ")}` : "";
  return [left, `${description}${choices}${repeat ? " (may be repeated)" : ""}`];
}

function optionSections(command: Command, width: number): string[] {
  const options = optionsOf(command);
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups.flatMap((group) => [
    "",
    `${group}:`,
    ...twoColumns(options.filter((option) => option.group === group).map(optionRow), width),
  ]);
}

function exampleSection({ examples }: Command): string[] {
  if (examples.length === 0) return [];
  return ["", "Examples:", ...examples.flatMap(({ what, line }) => [`  # ${what}`, `  gradcam ${line}`])];
}

/** Names that options take, with what they mean. */
function tableSections({ tables = [] }: Command, width: number): string[] {
  return tables.flatMap(({ title, rows }) => ["", `${title}:`, ...twoColumns(rows, width)]);
}

/** Where to find what the help of the tool leaves out. */
function tablesElsewhere({ name, tables = [] }: Command, width: number): string[] {
  if (tables.length === 0) return [];
  const titles = tables.map(({ title }) => title.toLowerCase()).join(" and ");
  return ["", wrap(`gradcam help ${name} lists ${titles} too.`, width, 0)];
}

/**
 * The help of one command.
 *
 * @param command The command.
 * @param width In characters.
 */
export function commandHelp(command: Command, width: number): string {
  return [
    wrap(`gradcam ${command.name}: ${command.summary}`, width, 2),
    "",
    `Usage: gradcam ${command.name}${command.operands ? ` ${command.operands.usage}` : ""} [options]`,
    ...optionSections(command, width),
    ...(command.notes ?? []).flatMap((note) => ["", wrap(note, width, 0)]),
    ...exampleSection(command),
    ...tableSections(command, width),
    "",
  ].join("\n");
}

/**
 * The help of the tool: its commands, and the options of the one that runs when none is named.
 *
 * @param commands All commands, the default first.
 * @param width In characters.
 */
export function toolHelp(commands: readonly Command[], width: number): string {
  const main = commands[0]!;
  return [
    `gradcam ${version}: where in this picture did the network look?`,
    "",
    `Usage: gradcam ${main.operands?.usage ?? ""} [options]`,
    "       gradcam COMMAND [options]",
    "",
    "Commands:",
    ...twoColumns(commands.map(({ name, summary }) => [name, summary] as const), width),
    ...optionSections(main, width),
    ...(main.notes ?? []).flatMap((note) => ["", wrap(note, width, 0)]),
    ...exampleSection(main),
    ...tablesElsewhere(main, width),
    "",
  ].join("\n");
}
