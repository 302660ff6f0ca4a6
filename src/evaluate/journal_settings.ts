import * as tf from "../base/tfjs.ts";
import type { MeasureOptions } from "../metrics/measure_options.ts";
import type { EvaluateOptions, EvaluationPlan } from "./evaluate_options.ts";
import type { JournalSettings } from "./journal.ts";

/** What does not change results. */
const indifferent = ["signal", "threads", "onProgress", "backend"] as const;

/** A value as JSON can hold it. */
function plain(name: string, value: unknown): unknown {
  if (typeof value === "function" || value instanceof tf.Tensor) {
    const kind = typeof value === "function" ? "a function" : "a tensor";
    throw new TypeError(
      `Cannot keep results that depend on ${kind}: leave out journal, or give ${name} otherwise`,
    );
  }
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  return value;
}

/**
 * What the results of an evaluation depend on, in an order of its own: whoever asks for the same has the same.
 *
 * @throws {TypeError} If they depend on what cannot be kept, such as a function.
 */
export function settingsOf(
  { models, truth, seed, versions }: EvaluationPlan,
  asked: MeasureOptions,
  { identity, classes, times = false }: EvaluateOptions,
): JournalSettings {
  const options = Object.entries(asked).filter(([name, value]) =>
    value !== undefined && !(indifferent as readonly string[]).includes(name)
  ).sort(([a], [b]) => a < b ? -1 : 1);
  const settings = {
    models,
    ...truth && { truth: { name: truth.name, kind: truth.kind, hash: truth.hash } },
    ...identity && { identity },
    ...classes && { classes },
    ...times && { times },
    ...Object.fromEntries(options),
    seed,
    versions,
  };
  return JSON.parse(JSON.stringify(settings, plain));
}
