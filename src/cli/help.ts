import { likely } from "../base/nearest.ts";
import { quote } from "../base/quote.ts";
import { type Command, wholeOf } from "./command.ts";
import { commandHelp, helpWidth, toolHelp } from "./help_text.ts";
import { UsageError } from "./usage_error.ts";

/**
 * `gradcam help`: the help of the tool or of one command.
 *
 * @param commands All commands, the default first; looked at when the command runs.
 */
export function createHelpCommand(commands: () => readonly Command[]): Command {
  return {
    name: "help",
    summary: "Print the help of a command",
    operands: { usage: "[COMMAND]", min: 0, max: 1, missing: "" },
    options: [],
    examples: [{ what: "All about one command", line: "help layers" }],
    async run(values, io) {
      const width = helpWidth(io.stdout.columns);
      const [name] = values.operands;
      const command = commands().find((candidate) => candidate.name === name);
      if (name !== undefined && !command) {
        const names = commands().map((candidate) => candidate.name);
        const meant = likely(name, names);
        const advice = meant === undefined
          ? `the commands are ${names.join(", ")}`
          : `did you mean ${meant}?`;
        throw new UsageError(`Unknown command ${quote(name)}: ${advice}`);
      }
      await io.stdout.write(
        command ? commandHelp(await wholeOf(command), width) : toolHelp(commands(), width),
      );
      return 0;
    },
  };
}
