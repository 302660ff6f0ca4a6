import { likely } from "../base/nearest.ts";
import { version } from "../base/version.ts";
import { quote } from "../base/quote.ts";
import { type Command, wholeOf } from "./command.ts";
import { commands } from "./commands.ts";
import { commandHelp, helpWidth, toolHelp } from "./help_text.ts";
import { Interrupted, interruptedCode } from "./interrupted.ts";
import type { CliIo } from "./io.ts";
import { parseCommandLine } from "./parse.ts";
import { printError } from "./reporter.ts";
import { UsageError } from "./usage_error.ts";

/** How shells see that a program's reader went away. */
const brokenPipeCode = 141;

/** What is to be run. */
interface Call {
  readonly command: Command;
  /** What stands after the command's name. */
  readonly rest: readonly string[];
  /** Whether the command was named. */
  readonly named: boolean;
}

function findCall(args: readonly string[]): Call {
  const command = commands.find(({ name }) => name === args[0]);
  return {
    command: command ?? commands[0]!,
    rest: command ? args.slice(1) : args,
    named: command !== undefined,
  };
}

/**
 * A bare word that is neither a command nor a file was probably meant as a command.
 *
 * @throws {UsageError} If so.
 */
async function refuseMisspeltCommand(word: string | undefined): Promise<void> {
  if (word === undefined || !/^[a-z]+$/i.test(word)) return;
  try {
    await Deno.stat(word);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return; // not to be looked at: reading will tell
    const names = commands.map(({ name }) => name);
    const meant = likely(word, names);
    const advice = meant === undefined ? "see gradcam --help" : `did you mean the command ${meant}?`;
    throw new UsageError(`No such command or photo ${quote(word)}: ${advice}`);
  }
}

async function dispatch(args: readonly string[], io: CliIo): Promise<number> {
  const { command: called, rest, named } = findCall(args);
  const command = await wholeOf(called);
  const values = parseCommandLine(rest, command);
  if (values.flag("help")) {
    const width = helpWidth(io.stdout.columns);
    await io.stdout.write(named ? commandHelp(command, width) : toolHelp(commands, width));
    return 0;
  }
  if (values.flag("version")) {
    await io.stdout.write(`gradcam ${version}\n`);
    return 0;
  }
  if (!named) await refuseMisspeltCommand(args[0]);
  return await command.run(values, io);
}

/**
 * The command line tool.
 *
 * @param args The arguments, without the program's name.
 * @param io Where to read and write.
 * @returns The exit code: 0 if all went well, 1 if something failed, 2 if the command line is wrong, 130 if
 * interrupted.
 */
export async function main(args: readonly string[], io: CliIo): Promise<number> {
  const end = args.indexOf("--");
  const debug = args.slice(0, end < 0 ? args.length : end).includes("--debug");
  try {
    return await dispatch(args, io);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return brokenPipeCode;
    if (io.signal.aborted) {
      await printError(
        io.stderr,
        error instanceof Interrupted ? error : new Interrupted("Interrupted"),
        debug,
      );
      return interruptedCode;
    }
    await printError(io.stderr, error, debug);
    return error instanceof UsageError ? 2 : 1;
  }
}
