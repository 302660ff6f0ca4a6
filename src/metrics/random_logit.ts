import { meanOf, rankCorrelationOf } from "./correlation.ts";
import type { NamedMetric } from "./metric.ts";

/** As many other classes, chosen at random. */
function otherClasses(count: number, classes: number, own: number, random: () => number): number[] {
  const others = Array.from({ length: classes }, (_, at) => at).filter((at) => at !== own);
  for (let at = 0; at < Math.min(count, others.length); at++) {
    const other = at + Math.floor(random() * (others.length - at));
    [others[at], others[other]] = [others[other]!, others[at]!];
  }
  return others.slice(0, count);
}

/**
 * The random-logit test: the mean rank correlation of the map with those of other classes, chosen at random. A map that is the same
 * whatever is asked for does not explain the class.
 *
 * Sixt et al., "When Explanations Lie: Why Many Modified BP Attributions Fail", ICML 2020, https://arxiv.org/abs/1912.09818
 *
 * The paper and Quantus compare by structural similarity, which is of maps as pictures.
 */
export const randomLogitMetric: NamedMetric<"randomlogit"> = {
  name: "randomlogit",
  title: "Random-logit test",
  description: "How alike the map is to those of other classes: the rank correlation",
  kind: "sanity",
  better: "lower",
  range: [-1, 1],
  needs: "maps",
  settings: { samples: 5, seed: 0 },
  cost: ({ settings: { samples = 5 } }) => ({ maps: samples }),
  async measure(subject) {
    const { samples = 5 } = subject.settings;
    const classes = await subject.classes();
    if (classes < 2) return { value: undefined, why: "The model has one class alone" };
    const found: number[] = [];
    for (const other of otherClasses(samples, classes, subject.classIndex, subject.random("randomlogit"))) {
      const { data } = await subject.mapOfClass(other);
      const likeness = rankCorrelationOf(subject.pixels.data, data);
      if (likeness !== undefined) found.push(likeness);
      await subject.pause();
    }
    if (found.length > 0) return { value: meanOf(found) };
    return { value: undefined, why: "The maps of all other classes are flat" };
  },
};
