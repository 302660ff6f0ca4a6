import type { BackendName } from "../../../backends/mod.ts";
import { choiceRule, numberRule, type OptionSpec } from "../option.ts";

const backendNames: readonly ("auto" | BackendName)[] = ["auto", "webgpu", "wasm", "cpu"];

/** Threads for WebAssembly. */
export const threadsOption: OptionSpec = {
  name: "threads",
  value: "N",
  group: "Machine",
  description: "Threads for WebAssembly (default: one for each core)",
  rule: numberRule({ min: 1, max: 256, whole: true }),
};

/** Options about where to compute. */
export const backendOptions: readonly OptionSpec[] = [
  {
    name: "backend",
    value: "NAME",
    group: "Machine",
    description: "Where to compute (default: auto)",
    rule: choiceRule(backendNames),
  },
  threadsOption,
];

/** How many photos at once. */
export const jobsOption: OptionSpec = {
  name: "jobs",
  value: "N",
  group: "Machine",
  description:
    "Photos explained at once, each on one thread (default: 1 on all threads; one for each core where photos are many)",
  rule: numberRule({ min: 1, max: 64, whole: true }),
};
