import type { Curve } from "../metrics/metric.ts";
import type { EvaluatedMap, EvaluatedPhoto } from "./evaluated.ts";

/** A method (or control) at a layer of a model. */
export interface Place {
  readonly model: string;
  readonly method: string;
  readonly layer: string;
}

/** A photo's value by a metric: the mean over its objects. */
export interface PhotoValue {
  readonly index: number;
  readonly value: number;
}

/** What a place came to by a metric. */
export interface PlaceValues {
  readonly values: readonly PhotoValue[];
  /** How many maps have no value. */
  readonly missing: number;
  /** The mean chance of maps with a value, where there is one. */
  readonly chance: number | undefined;
  /** The mean time of a map, where times were kept. */
  readonly ms: number | undefined;
}

/** A text that tells places apart. */
export function keyOf({ model, method, layer }: Place): string {
  return JSON.stringify([model, method, layer]);
}

/** All places, in the order in which they come. */
export function placesOf(photos: readonly EvaluatedPhoto[]): Place[] {
  const places = new Map<string, Place>();
  for (const { maps } of photos) {
    for (const { model, method, layer } of maps) {
      places.set(keyOf({ model, method, layer }), { model, method, layer });
    }
  }
  return [...places.values()];
}

/** The names of all metrics, in the order in which they come. */
export function metricNamesOf(photos: readonly EvaluatedPhoto[]): string[] {
  const names = photos.flatMap(({ maps }) =>
    maps.flatMap((map) => map.measurements.map(({ metric }) => metric))
  );
  return [...new Set(names)];
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
}

/** What maps came to by place and metric, of each photo. */
export class PhotoValues {
  readonly #maps = new Map<string, { readonly index: number; readonly maps: EvaluatedMap[] }[]>();

  /** @param photos The photos, in their order. */
  constructor(photos: readonly EvaluatedPhoto[]) {
    for (const { index, maps } of photos) {
      for (const [key, own] of Map.groupBy(maps, keyOf)) {
        const list = this.#maps.get(key) ?? [];
        list.push({ index, maps: own });
        this.#maps.set(key, list);
      }
    }
  }

  /** The maps of a place, photo by photo. */
  mapsOf(place: Place): readonly { readonly index: number; readonly maps: readonly EvaluatedMap[] }[] {
    return this.#maps.get(keyOf(place)) ?? [];
  }

  /** What a place came to by a metric. */
  of(place: Place, metric: string): PlaceValues {
    let missing = 0;
    const [values, chances, times]: [PhotoValue[], number[], number[]] = [[], [], []];
    for (const { index, maps } of this.mapsOf(place)) {
      const found: number[] = [];
      for (const { chance, measurements } of maps) {
        const number = measurements.find((one) => one.metric === metric);
        if (number?.ms !== undefined) times.push(number.ms);
        const value = number?.measurement.value;
        if (value === undefined) {
          missing++;
          continue;
        }
        found.push(value);
        if (chance !== undefined) chances.push(chance);
      }
      const value = meanOf(found);
      if (value !== undefined) values.push({ index, value });
    }
    return { values, missing, chance: meanOf(chances), ms: meanOf(times) };
  }

  /** The curves of a place by a metric: by name, of each photo the first map's. */
  curvesOf(place: Place, metric: string): Map<string, Curve[]> {
    const curves = this.mapsOf(place).flatMap(({ maps }) =>
      maps.slice(0, 1).flatMap(({ measurements }) =>
        measurements.find((one) => one.metric === metric)?.measurement.curves ?? []
      )
    );
    return Map.groupBy(curves, ({ name }) => name);
  }
}
