import type { EvaluatedPhoto } from "./evaluated.ts";
import type { PhotoValues, Place } from "./photo_values.ts";
import type { EvaluationAbout, PhotoExample } from "./summary.ts";

/** How many of the best and of the worst a method has, and where there are many methods. */
const most = 3;
const mostOfMany = 1;
const manyPlaces = 12;

/** A metric, and which of two values is better: below 0 if the first is. */
interface Order {
  readonly metric: string;
  readonly sign: 1 | -1;
}

function examplesAt(
  place: Place,
  values: PhotoValues,
  orders: readonly Order[],
  photos: ReadonlyMap<number, EvaluatedPhoto>,
): PhotoExample[] {
  const maps = values.mapsOf(place).flatMap(({ index, maps }) =>
    maps.map(({ classIndex, label, measurements }) => {
      const numbers = orders.map(({ metric }) =>
        measurements.find((one) => one.metric === metric)?.measurement.value
      );
      return { index, classIndex, label, numbers };
    })
  ).filter(({ numbers }) => numbers[0] !== undefined);
  maps.sort((a, b) => {
    for (const [at, { sign }] of orders.entries()) {
      const difference = sign * ((b.numbers[at] ?? 0) - (a.numbers[at] ?? 0));
      if (difference !== 0) return difference;
    }
    return a.index - b.index || a.classIndex - b.classIndex;
  });
  return maps.map(({ index, classIndex, label, numbers }) => ({
    ...place,
    metric: orders[0]!.metric,
    index,
    photo: photos.get(index)!.photo,
    classIndex,
    label,
    value: numbers[0]!,
  }));
}

/** The best and the worst maps of each method by the first metric; the next ones tell of those that are equal by it. */
export function findExamples(
  places: readonly Place[],
  values: PhotoValues,
  { about, photos }: { readonly about: EvaluationAbout; readonly photos: readonly EvaluatedPhoto[] },
): { readonly best: PhotoExample[]; readonly worst: PhotoExample[] } {
  const orders = about.metrics.map(({ name, better }): Order => ({
    metric: name,
    sign: better === "higher" ? 1 : -1,
  }));
  const isControl = new Set(about.methods.filter(({ control }) => control).map(({ name }) => name));
  const own = places.filter(({ method }) => !isControl.has(method));
  if (orders.length === 0) return { best: [], worst: [] };
  const byIndex = new Map(photos.map((photo) => [photo.index, photo]));
  const all = own.map((place) => examplesAt(place, values, orders, byIndex));
  const count = own.length > manyPlaces ? mostOfMany : most;
  return {
    best: all.flatMap((examples) => examples.slice(0, Math.min(count, Math.ceil(examples.length / 2)))),
    worst: all.flatMap((examples) =>
      examples.slice(Math.max(examples.length - count, Math.ceil(examples.length / 2))).reverse()
    ),
  };
}
