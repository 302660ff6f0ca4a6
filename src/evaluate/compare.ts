import type { PhotoValues, Place } from "./photo_values.ts";
import { rounded, roundedPair } from "./rounded.ts";
import { intervalOf, meanOf } from "./statistics/bootstrap.ts";
import type { Draws } from "./statistics/draws.ts";
import { holm, signFlipTest } from "./statistics/sign_flips.ts";
import type { EvaluationAbout, EvaluationComparison } from "./summary.ts";

/** Of more methods than so many, the first is compared with each other one, and not all pairs. */
const mostPairs = 6;

/** What comparing needs to know. */
interface CompareOptions {
  readonly about: EvaluationAbout;
  readonly draws: Draws;
  readonly confidence: number;
}

/** Pairs of things: all, or the first with each other one where they are many. */
function pairsOf<Thing>(things: readonly Thing[]): [Thing, Thing][] {
  const firsts = things.length <= mostPairs ? things : things.slice(0, 1);
  return firsts.flatMap((first, at) => things.slice(at + 1).map((second): [Thing, Thing] => [first, second]));
}

/** Which places are compared: methods at the same layer, and every method with every control. */
function pairsAt(places: readonly Place[], { methods }: EvaluationAbout): [Place, Place][] {
  const isControl = new Set(methods.filter(({ control }) => control).map(({ name }) => name));
  const pairs: [Place, Place][] = [];
  for (const own of Map.groupBy(places, ({ model }) => model).values()) {
    const ofMethods = own.filter(({ method }) => !isControl.has(method));
    for (const atLayer of Map.groupBy(ofMethods, ({ layer }) => layer).values()) {
      pairs.push(...pairsOf(atLayer));
    }
    const ofControls = own.filter(({ method }) => isControl.has(method));
    pairs.push(...ofMethods.flatMap((first) => ofControls.map((second): [Place, Place] => [first, second])));
  }
  return pairs;
}

/** A photo's value by the first less that by the second, for photos that have both. */
function differencesOf(first: Place, second: Place, metric: string, values: PhotoValues): number[] {
  const others = new Map(values.of(second, metric).values.map(({ index, value }) => [index, value]));
  return values.of(first, metric).values.flatMap(({ index, value }) => {
    const other = others.get(index);
    return other === undefined ? [] : [value - other];
  });
}

function compareBy(
  metric: string,
  pairs: readonly [Place, Place][],
  values: PhotoValues,
  { draws, confidence }: CompareOptions,
): EvaluationComparison[] {
  const compared = pairs.flatMap(([first, second]) => {
    const differences = differencesOf(first, second, metric, values);
    return differences.length < 2 ? [] : [{ first, second, differences }];
  });
  const corrected = holm(compared.map(({ differences }) => signFlipTest(differences, draws)));
  return compared.map(({ first, second, differences }, at) => ({
    model: first.model,
    metric,
    first: first.method,
    second: second.method,
    layer: first.layer,
    difference: rounded(meanOf(differences)),
    interval: roundedPair(intervalOf(differences, draws, confidence))!,
    p: rounded(corrected[at]!),
    count: differences.length,
  }));
}

/** Compare methods at each layer with each other, and with controls, by each metric. */
export function compareMethods(
  places: readonly Place[],
  values: PhotoValues,
  options: CompareOptions,
): EvaluationComparison[] {
  const pairs = pairsAt(places, options.about);
  return options.about.metrics.flatMap(({ name }) => compareBy(name, pairs, values, options));
}
