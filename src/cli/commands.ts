/**
 * The registry of commands. Dispatch and help are derived from it; a new command is one file beside this one
 * and one line here.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { doctorCommand } from "./doctor.ts";
import { evaluateCommand } from "./evaluate_command.ts";
import { explainCommand } from "./explain.ts";
import { createHelpCommand } from "./help.ts";
import { inspectCommand } from "./inspect.ts";
import { layersCommand } from "./layers.ts";
import { serveCommand } from "./serve.ts";
import { workerCommand } from "./worker_command.ts";

/** All commands, the one that runs when none is named first. */
export const commands: readonly Command[] = Object.freeze([
  explainCommand,
  evaluateCommand,
  layersCommand,
  inspectCommand,
  doctorCommand,
  serveCommand,
  workerCommand,
  createHelpCommand(() => commands),
]);
