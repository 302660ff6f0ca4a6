import type { CliIo } from "./io.ts";
import type { OptionSpec } from "./option.ts";
import type { Values } from "./values.ts";

/** What a command takes besides options. */
export interface Operands {
  /** How they are called in the help, such as `"PHOTO..."`. */
  readonly usage: string;
  /** How many there must be. */
  readonly min: number;
  /** How many there can be. */
  readonly max: number;
  /** What to say when there are too few: what is missing, and what to write. */
  readonly missing: string;
}

/** A line of the help that shows a use. */
export interface CommandExample {
  /** What it is for. */
  readonly what: string;
  /** The command line, without `gradcam`. */
  readonly line: string;
}

/** Names and what they mean, for the help. */
export interface HelpTable {
  /** What stands above it. */
  readonly title: string;
  readonly rows: readonly (readonly [name: string, meaning: string])[];
}

/** A command of the tool. */
export interface Command {
  /** The word that calls it. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What it takes besides options; left out where it takes nothing. */
  readonly operands?: Operands;
  /** Its options, in the order of the help. */
  readonly options: readonly OptionSpec[];
  /** Uses that the help shows. */
  readonly examples: readonly CommandExample[];
  /** What its options can name; the help of the command ends with it. */
  readonly tables?: readonly HelpTable[];
  /** What else there is to know, a paragraph each. */
  readonly notes?: readonly string[];
  /** The whole command, options and all, of one that is not loaded until it is asked for. */
  readonly load?: () => Promise<Command>;
  /**
   * Do it.
   *
   * @param values What was asked for, checked.
   * @param io Where to read and write.
   * @returns The exit code.
   */
  run(values: Values, io: CliIo): Promise<number>;
}

/** A command with its options and all. */
export async function wholeOf(command: Command): Promise<Command> {
  return await command.load?.() ?? command;
}
