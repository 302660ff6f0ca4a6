import type { NamedThreshold } from "./threshold.ts";

/** In so many bins values are counted. */
const bins = 256;

/**
 * Otsu's threshold: the value that divides the pixels into two groups whose means differ most, t = argmax w₀·w₁·(μ₀ − μ₁)², with
 * w the groups' parts of the pixels and μ their means. Values are counted in 256 bins from the least to the most.
 *
 * Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on Systems, Man, and Cybernetics 9, 1979
 */
export const otsuThreshold: NamedThreshold<"otsu"> = {
  name: "otsu",
  title: "Otsu's threshold",
  description: "Otsu's threshold: what divides the pixels into two groups whose means differ most",
  valueOf({ data }) {
    const least = data.reduce((a, b) => Math.min(a, b), Infinity);
    const most = data.reduce((a, b) => Math.max(a, b), -Infinity);
    const counts = new Float64Array(bins);
    const width = (most - least) / bins;
    for (const value of data) counts[Math.min(Math.floor((value - least) / width), bins - 1)]!++;
    const total = counts.reduce((sum, count, bin) => sum + count * bin, 0);
    let [below, sum, best, found] = [0, 0, -1, 0];
    for (let bin = 0; bin < bins - 1; bin++) {
      below += counts[bin]!;
      sum += counts[bin]! * bin;
      const above = data.length - below;
      if (below === 0 || above === 0) continue;
      const spread = below * above * (sum / below - (total - sum) / above) ** 2;
      if (spread > best) [best, found] = [spread, bin];
    }
    return least + (found + 1) * width;
  },
};
