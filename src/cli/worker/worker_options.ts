import { explainOptions } from "../explain_options.ts";
import { listRule, numberRule, type OptionSpec } from "../option.ts";
import { resultFields, usualFields } from "./fields.ts";
import { shardRule } from "./shard.ts";

/** Options of `explain` that are about many photos in one picture, or what is printed. */
const ofExplainAlone: readonly string[] = ["columns", "json", "skip-existing"];

/** The longest line where nothing is said, in megabytes. */
export const usualLine = 128;

/** What the worker takes besides what `explain` takes. */
const ownOptions: readonly OptionSpec[] = [
  {
    name: "fields",
    value: "NAMES",
    group: "Result",
    description: `What a result holds, separated by commas (default: ${usualFields.join()})`,
    rule: listRule(resultFields.map(({ name }) => name)),
  },
  {
    name: "results",
    value: "FILE",
    group: "Result",
    description:
      "Write the results to a file instead of standard output: .ndjson or .jsonl, .gz behind it packs it; several shards have a file each",
  },
  {
    name: "parquet",
    value: "FILE",
    group: "Result",
    description: "Write the results as Parquet, besides --results or instead of standard output",
  },
  {
    name: "shard",
    value: "I/N",
    group: "Result",
    description:
      "Of the photos given work on every Nth, from number I on, counted from 0; /N where the environment says which (default: as the environment says, else all)",
    rule: shardRule,
  },
  {
    name: "resume",
    group: "Result",
    description: "Go on with what was not finished: pass over records whose results are there",
  },
  {
    name: "strict",
    group: "Result",
    description: "Exit with 1 if a record failed",
  },
  {
    name: "max-line",
    value: "MB",
    group: "Machine",
    description: `The longest line that is read, in megabytes (default: ${usualLine})`,
    rule: numberRule({ min: 1, max: 1024 }),
  },
];

/** All options of the worker. */
export const workerOptions: readonly OptionSpec[] = [
  ...explainOptions.filter(({ name }) => !ofExplainAlone.includes(name)),
  ...ownOptions,
];
