/**
 * Thousands of damaged Keras files in one process: `deno task fuzz [COUNT] [FIRST_SEED]`. It prints what the process
 * takes in the end, the slowest file, and how long a sound one takes to open before all others and after them. It fails
 * where one is neither opened nor refused in one line, or hangs.
 *
 * @module
 */
import { fuzzInWorker, type FuzzResult } from "../src/formats/fuzzing/watch.ts";

/** How long one file may take until it counts as hanging, in ms. */
const limitMs = 60_000;

const [count = "20000", from = "0"] = Deno.args;
const sound = ["a sound Keras file", 21] as const;
const [before, damaged, after] = await fuzzInWorker(
  { from: Number(from), trials: 0, kinds: [sound, ["any Keras file", Number(count)], sound] },
  limitMs,
) as [FuzzResult, FuzzResult, FuzzResult];
const { refused, opened, slowest, slowestSeed, median, failures } = damaged;
const { rss } = Deno.memoryUsage();
console.log(
  `${refused + opened} damaged files: ${refused} refused, ${opened} opened; the slowest took ` +
    `${slowest.toFixed(0)} ms (seed ${slowestSeed}), half of them at most ${median.toFixed(1)} ms`,
);
console.log(
  `a sound file takes ${before.median.toFixed(1)} ms before them and ${after.median.toFixed(1)} ms after`,
);
console.log(`the process takes ${(rss / 1e6).toFixed(0)} MB`);
for (const failure of failures) console.error(failure);
Deno.exit(failures.length > 0 ? 1 : 0);
