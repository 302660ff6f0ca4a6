import type { Command } from "./command.ts";
import { evaluateHeading } from "./evaluate_heading.ts";

async function load(): Promise<Command> {
  return (await import("./evaluate.ts")).wholeEvaluateCommand;
}

/** `gradcam evaluate PHOTO...`: how good are the maps of photos, and which method is the best. */
export const evaluateCommand: Command = {
  ...evaluateHeading,
  options: [],
  examples: [],
  load, // which other commands need not wait for: its options name all metrics
  run: async (values, io) => await (await load()).run(values, io),
};
