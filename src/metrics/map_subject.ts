import * as tf from "../base/tfjs.ts";
import { type Heatmap, resizeHeatmap } from "../base/heatmap.ts";
import { type MapScale, scaleMap } from "../base/scaling.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { cutOff } from "../explain/map_scale.ts";
import type { Question } from "../explain/question.ts";
import { randomNumbers } from "../explain/random.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { asInput, seenImage } from "../input/seen_image.ts";
import type { BatchMaker } from "../methods/probe.ts";
import { evidenceOf } from "../regions/evidence.ts";
import type { Baseline } from "../methods/settings.ts";
import type { Looking, Mapper } from "./mapper.ts";
import type { MetricSettings } from "./settings.ts";
import type { RandomisedMap, Subject } from "./subject.ts";
import type { Truth } from "./truth.ts";

/** What a map was made of and with. */
export interface MapParts {
  readonly looking: Looking;
  /** What is explained. */
  readonly question: Question;
  readonly classIndex: number;
  readonly mapper: Mapper;
  /** The map as it was made. */
  readonly raw: Heatmap;
  /** Whether values below zero are cut off. */
  readonly relu: boolean;
  readonly scale: MapScale;
  readonly truth: Truth | undefined;
  /** The model's own output for all classes. */
  readonly scores: Float32Array;
}

/** A map of a photo as its metrics see it: what one has had computed, the others find. */
export class MapSubject {
  readonly #parts: MapParts;
  readonly #pixels: Heatmap;
  readonly #heatmap: Heatmap;
  readonly #evidence: Heatmap;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(parts: MapParts) {
    const { raw, scale, looking: { request } } = parts;
    this.#parts = parts;
    this.#pixels = this.#asPixels(raw);
    const data = parts.relu ? cutOff(raw.data) : raw.data;
    this.#heatmap = { ...raw, data: scaleMap(data, scale, request.eps) };
    this.#evidence = evidenceOf(this.#pixels, request.eps);
  }

  /** The map, 0 to 1. */
  get heatmap(): Heatmap {
    return this.#heatmap;
  }

  /** The map as large as the model's input. */
  get pixels(): Heatmap {
    return this.#pixels;
  }

  /**
   * What a metric can ask.
   *
   * @param settings What it is told.
   */
  toldOf(settings: MetricSettings): Subject {
    const { looking, question, classIndex, mapper, truth, scores, raw } = this.#parts;
    const { x, subject, turns } = looking;
    const picture = () => question.probe("metrics", {}).picture;
    return {
      tf,
      raw,
      heatmap: this.#heatmap,
      pixels: this.#pixels,
      evidence: this.#evidence,
      classIndex,
      truth,
      settings,
      topClass: () => Promise.resolve(scores.indexOf(scores.reduce((a, b) => Math.max(a, b), -Infinity))),
      classes: () => Promise.resolve(scores.length),
      picture: () => Promise.resolve(x),
      baseline: (kind: Baseline) => Promise.resolve(subject.baseline(kind)),
      image: () => this.#image(),
      fromImage: (image) => Promise.resolve(this.#fromImage(image)),
      value: () => question.value(),
      values: (count: number, make: BatchMaker) => picture().values(count, make),
      mapOf: async (picture) => this.#asPixels(await mapper.mapOf(picture)),
      mapOfClass: async (classIndex) => this.#asPixels(await mapper.mapOfClass(classIndex)),
      randomised: (count) => this.#randomised(count),
      random: (name) => randomNumbers(settings.seed ?? 0, `metric ${name}`),
      once: <Result>(name: string, make: () => Promise<Result>) => this.#once(name, make),
      pause: () => turns.next(),
    };
  }

  #once<Result>(name: string, make: () => Promise<Result>): Promise<Result> {
    const known = this.#known.get(name) ?? make();
    this.#known.set(name, known);
    return known as Promise<Result>;
  }

  #asPixels(raw: Heatmap): Heatmap {
    const [, height, width] = this.#parts.looking.x.shape;
    return resizeHeatmap({ ...raw, data: this.#parts.relu ? cutOff(raw.data) : raw.data }, { height, width });
  }

  async #image(): Promise<RgbaImage | undefined> {
    const { x, pixels } = this.#parts.looking;
    return pixels && seenImage(await x.data(), x.shape, pixels.preprocessing);
  }

  #fromImage(image: RgbaImage): Tensor4D {
    const { x, pixels } = this.#parts.looking;
    return tf.tensor4d(asInput(image, x.shape[3], pixels!.preprocessing), x.shape, x.dtype as "float32");
  }

  async #randomised(count: number): Promise<RandomisedMap[]> {
    const found: RandomisedMap[] = [];
    for (let stage = 1; stage <= count; stage++) {
      const made = await this.#parts.mapper.mapOfRandomised(stage / count);
      if (!made) continue; // at this stage all weights are kept
      found.push({ layer: made.layer, kept: made.kept, map: this.#asPixels(made.raw) });
      await this.#parts.looking.turns.next();
    }
    return found;
  }
}
