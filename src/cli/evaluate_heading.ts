import type { Command } from "./command.ts";

/** What is known of the command before it is loaded. */
export const evaluateHeading = {
  name: "evaluate",
  summary: "Measure how good maps are, by several methods, on photos of your own",
  operands: {
    usage: "PHOTO...",
    min: 1,
    max: Infinity,
    missing: "No photo given: try gradcam evaluate photos/, or gradcam evaluate --help",
  },
} as const satisfies Partial<Command>;

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
