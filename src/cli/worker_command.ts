import type { Command } from "./command.ts";
import { workerHeading } from "./worker_heading.ts";

async function load(): Promise<Command> {
  return (await import("./worker.ts")).wholeWorkerCommand;
}

/** `gradcam worker`: explain photos for an engine that deals them out: a line of JSON in, one out. */
export const workerCommand: Command = {
  ...workerHeading,
  options: [],
  examples: [],
  load, // which other commands need not wait for
  run: async (values, io) => await (await load()).run(values, io),
};
