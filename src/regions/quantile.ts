import type { NamedThreshold } from "./threshold.ts";

/**
 * A quantile of the map's values: with 0.9 the upper tenth of the pixels, and those equal to the least of them. Between two
 * pixels it is the upper one, so that the value is one that the map has.
 */
export const quantileThreshold: NamedThreshold<"quantile"> = {
  name: "quantile",
  title: "Quantile",
  description: "A quantile of the map's values: with 0.9 the upper tenth of its pixels",
  level: 0.9,
  valueOf({ data }, level) {
    const sorted = Float32Array.from(data).sort();
    return sorted[Math.min(Math.ceil(level * sorted.length), sorted.length - 1)]!;
  },
};
