/**
 * What the embedded model's JSON files hold, by their names.
 *
 * @module
 */
import labels from "./labels.json" with { type: "json" };
import model from "./model.json" with { type: "json" };
import preprocessing from "./preprocessing.json" with { type: "json" };

/** What JSON files hold, by their names. */
export const texts: Readonly<Record<string, unknown>> = {
  "model.json": model,
  "labels.json": labels,
  "preprocessing.json": preprocessing,
};
