import type { ImageInput } from "../input/image_input.ts";
import { measure } from "../metrics/measure.ts";
import type { MeasureOptions } from "../metrics/measure_options.ts";
import type { PhotoTruth } from "../metrics/truth.ts";
import type { ExplainableModel } from "../split/model.ts";
import { type EvaluatedMap, reduceMap } from "./evaluated.ts";

/** A model and what results call it. */
export interface NamedModel {
  readonly name: string;
  readonly model: ExplainableModel;
}

/** What is known of a photo besides its pixels. */
export interface PhotoTask {
  readonly index: number;
  /** For each model. */
  readonly truths: readonly (PhotoTruth | undefined)[];
}

/** A seed of a photo's own, so that no two have the same noise: the mixing of MurmurHash3. */
export function photoSeed(seed: number, index: number): number {
  let mixed = (seed ^ Math.imul(index + 1, 0x9e3779b9)) >>> 0;
  mixed = Math.imul(mixed ^ mixed >>> 16, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35);
  return (mixed ^ mixed >>> 16) >>> 0;
}

/**
 * Every method and control at every layer of every model, by every metric.
 *
 * @throws What `measure()` does.
 */
export async function measurePhoto(
  models: readonly NamedModel[],
  image: ImageInput,
  { index, truths }: PhotoTask,
  options: MeasureOptions,
): Promise<EvaluatedMap[]> {
  const maps: EvaluatedMap[] = [];
  for (const [at, { name, model }] of models.entries()) {
    const truth = truths[at];
    const seed = photoSeed(options.seed ?? 0, index);
    const measured = await measure(model, image, { ...options, seed, ...truth && { truth } });
    maps.push(...measured.map((map) => reduceMap(name, map)));
  }
  return maps;
}
