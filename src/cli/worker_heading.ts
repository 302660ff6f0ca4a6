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
