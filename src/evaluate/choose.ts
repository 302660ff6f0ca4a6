import type { PhotoValues, Place } from "./photo_values.ts";
import { rounded } from "./rounded.ts";
import type { Draws } from "./statistics/draws.ts";
import type { Choice, EvaluationAbout, MetricAbout, RankedChoice } from "./summary.ts";

/** What kinds of metrics tell how far a map is to be trusted: a simpler map is none the truer. */
const tellingKinds = ["faithfulness", "robustness", "sanity"];

/** The ranks of some values, 1 the best; equal ones share theirs, and what has none comes last. */
function ranksOf(values: readonly (number | undefined)[], better: "higher" | "lower"): number[] {
  const sign = better === "higher" ? -1 : 1;
  const keys = values.map((value) => value === undefined ? Infinity : sign * value);
  return keys.map((key) => {
    const before = keys.filter((other) => other < key).length;
    const equal = keys.filter((other) => other === key).length;
    return before + (equal + 1) / 2;
  });
}

/** The mean ranks of places on each photo, over metrics: photo by photo. */
function ranksByPhoto(
  places: readonly Place[],
  values: PhotoValues,
  metrics: readonly MetricAbout[],
): number[][] {
  const byMetric = metrics.map(({ name, better }) => {
    const found = places.map((place) =>
      new Map(values.of(place, name).values.map(({ index, value }) => [index, value]))
    );
    return { better, found, indices: new Set(found.flatMap((one) => [...one.keys()])) };
  });
  const indices = [...new Set(byMetric.flatMap(({ indices }) => [...indices]))].sort((a, b) => a - b);
  return indices.map((index) => {
    const ranks = byMetric.filter(({ indices }) => indices.has(index)).map(({ better, found }) =>
      ranksOf(found.map((one) => one.get(index)), better)
    );
    return places.map((_, at) => ranks.reduce((sum, one) => sum + one[at]!, 0) / ranks.length);
  });
}

/** The means of ranks over some photos. */
function meanRanks(byPhoto: readonly (readonly number[])[], drawn: ArrayLike<number>): Float64Array {
  const means = new Float64Array(byPhoto[0]!.length);
  for (let at = 0; at < drawn.length; at++) {
    const ranks = byPhoto[drawn[at]!]!;
    for (let place = 0; place < means.length; place++) means[place]! += ranks[place]! / drawn.length;
  }
  return means;
}

/** How often each place has the best mean rank when photos are drawn anew; of equal ones each a part. */
function firstShares(byPhoto: readonly (readonly number[])[], draws: Draws): number[] {
  const count = byPhoto.length;
  const drawn = draws.of(count);
  const shares = new Array<number>(byPhoto[0]!.length).fill(0);
  for (let resample = 0; resample < draws.resamples; resample++) {
    const means = meanRanks(byPhoto, drawn.subarray(resample * count, (resample + 1) * count));
    const least = Math.min(...means) + 1e-9;
    const firsts = [...means.keys()].filter((place) => means[place]! <= least);
    for (const place of firsts) shares[place]! += 1 / firsts.length / draws.resamples;
  }
  return shares;
}

function rankPlaces(
  places: readonly Place[],
  values: PhotoValues,
  metrics: readonly MetricAbout[],
  draws: Draws,
): RankedChoice[] {
  const byPhoto = ranksByPhoto(places, values, metrics);
  if (byPhoto.length === 0) return [];
  const means = meanRanks(byPhoto, [...byPhoto.keys()]);
  const shares = firstShares(byPhoto, draws);
  const ranks = places.map((place, at) => ({
    ...place,
    rank: rounded(means[at]!),
    first: rounded(shares[at]!),
  }));
  return ranks.sort((a, b) => a.rank - b.rank || b.first - a.first);
}

/**
 * Rank methods and layers, and the controls beside them, by the metrics that need no truth: on each photo by each metric, of
 * which the mean is taken. How often each comes first when the photos are drawn anew says how sure that is. Each model has
 * ranks of its own.
 *
 * @returns `undefined` where there is no such metric.
 */
export function chooseMethod(
  places: readonly Place[],
  values: PhotoValues,
  { about, draws }: { readonly about: EvaluationAbout; readonly draws: Draws },
): Choice | undefined {
  const metrics = about.metrics.filter(({ kind, needsTruth }) => !needsTruth && tellingKinds.includes(kind));
  if (metrics.length === 0) return undefined;
  const models = [...Map.groupBy(places, ({ model }) => model).values()];
  const ranks = models.flatMap((own) => rankPlaces(own, values, metrics, draws));
  return ranks.length === 0 ? undefined : { metrics: metrics.map(({ name }) => name), ranks };
}
