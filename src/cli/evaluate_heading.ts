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
