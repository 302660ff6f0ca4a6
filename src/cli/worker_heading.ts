import type { Command } from "./command.ts";

/** What the help of the tool says of it. */
export const workerHeading = {
  name: "worker",
  summary: "Explain photos for Spark, a queue or an array job: a line of JSON in, one out",
  operands: {
    usage: "[LIST|FOLDER|PHOTO...]",
    min: 0,
    max: Infinity,
    missing: "",
  },
} as const satisfies Partial<Command>;

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
