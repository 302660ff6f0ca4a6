/** What tests of metrics share: subjects of numbers that are given. */
import * as tf from "@tensorflow/tfjs";
import { type Heatmap, normalize } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import type { Metric } from "./mod.ts";
import type { Measurement, NamedMetric } from "./metric.ts";
import type { MetricSettings } from "./settings.ts";
import type { RandomisedMap, Subject } from "./subject.ts";
import type { Truth, TruthBox } from "./truth.ts";

/** What a subject gives. */
export interface GivenSubject {
  /** As large as the model's input. */
  readonly map: Heatmap;
  /** `[1, H, W, C]`. */
  readonly picture?: Tensor4D | undefined;
  /** The score of each of a batch, `[n, H, W, C]` → `[n]`. */
  readonly score?: ((batch: Tensor4D) => tf.Tensor) | undefined;
  /** The same for all kinds; black, the number 0, if left out. */
  readonly baseline?: Tensor4D | undefined;
  readonly truth?: Truth | undefined;
  readonly settings?: MetricSettings | undefined;
  readonly mapOf?: ((picture: Tensor4D) => Promise<Heatmap>) | undefined;
  readonly mapOfClass?: ((classIndex: number) => Heatmap) | undefined;
  readonly randomised?: readonly RandomisedMap[] | undefined;
  readonly classIndex?: number | undefined;
  readonly topClass?: number | undefined;
  readonly classes?: number | undefined;
  /** Random numbers, in their order; then from their beginning again. */
  readonly random?: readonly number[] | undefined;
}

function fail(what: string): never {
  throw new Error(`The metric asked for ${what}`);
}

/** Counts what a subject is asked for. */
export interface Asked {
  runs: number;
  maps: number;
  /** How many pictures were made at once at most. */
  largestBatch: number;
}

/** A map of rows. */
export function mapOf(...rows: readonly (readonly number[])[]): Heatmap {
  return { data: Float32Array.from(rows.flat()), height: rows.length, width: rows[0]!.length };
}

/** A truth of boxes on a photo of the map's size times a factor. */
export function truthOn(
  { height, width }: Pick<Heatmap, "height" | "width">,
  boxes: readonly TruthBox[],
  factor = 10,
): Truth {
  const photo = { height: height * factor, width: width * factor };
  return { boxes, photo, placement: { x: 0, y: 0, ...photo } };
}

/** A subject of given numbers. */
export function givenSubject(
  given: GivenSubject,
  asked: Asked = { runs: 0, maps: 0, largestBatch: 0 },
): Subject {
  const { map, picture, score, settings = {} } = given;
  const { height, width } = map;
  const known = new Map<string, Promise<unknown>>();
  const made: tf.Tensor[] = [];
  const x = picture ?? undefined;
  const values: Subject["values"] = async (count, make) => {
    const all = new Float32Array(count);
    for (let from = 0; from < count; from += 7) {
      const batch = await make(from, Math.min(from + 7, count));
      asked.runs += batch.shape[0];
      asked.largestBatch = Math.max(asked.largestBatch, batch.shape[0]);
      const some = tf.tidy(() => (score ?? fail("scores"))(batch));
      all.set(await some.data(), from);
      tf.dispose([batch, some]);
    }
    return all;
  };
  const positive = map.data.map((value) => Math.max(value, 0));
  return {
    tf,
    raw: map,
    heatmap: { ...map, data: normalize(map.data, 0) },
    pixels: map,
    evidence: { ...map, data: positive.some((value) => value > 0) ? normalize(positive, 1e-8) : positive },
    classIndex: given.classIndex ?? 0,
    topClass: () => Promise.resolve(given.topClass ?? 0),
    classes: () => Promise.resolve(given.classes ?? 2),
    picture: () => Promise.resolve(x ?? fail("the picture")),
    baseline: () => {
      if (given.baseline) return Promise.resolve(given.baseline);
      const zeros = tf.keep(tf.zeros([1, height, width, x?.shape[3] ?? 1])) as Tensor4D;
      made.push(zeros);
      leftovers.push(zeros);
      return Promise.resolve(zeros);
    },
    image: () => Promise.resolve(undefined),
    fromImage: () => fail("an image"),
    async value() {
      const one = tf.tidy(() => (score ?? fail("the score"))(x ?? fail("the picture")));
      const [value] = await one.data();
      one.dispose();
      return value!;
    },
    values,
    mapOf(picture) {
      asked.maps++;
      return (given.mapOf ?? (() => fail("a map")))(picture);
    },
    mapOfClass(classIndex) {
      asked.maps++;
      return Promise.resolve((given.mapOfClass ?? (() => fail("a map of a class")))(classIndex));
    },
    randomised: () => Promise.resolve(given.randomised ?? fail("a random model")),
    truth: given.truth,
    settings,
    random() {
      let at = 0;
      const { random } = given;
      if (random) return () => random[at++ % random.length]!;
      let state = 1;
      return () => (state = state * 16807 % 2147483647) / 2147483647;
    },
    once<Result>(name: string, make: () => Promise<Result>) {
      const one = known.get(name) ?? make();
      known.set(name, one);
      return one as Promise<Result>;
    },
    pause: () => Promise.resolve(),
  };
}

/** What subjects had made, to be disposed after a test. */
const leftovers: tf.Tensor[] = [];

/** Have a metric measure a subject, told its defaults and what is given. */
export async function measured(
  metric: Metric | NamedMetric<string>,
  given: GivenSubject,
  asked?: Asked,
): Promise<Measurement> {
  const settings = { ...metric.settings, ...given.settings };
  try {
    return await metric.measure(givenSubject({ ...given, settings }, asked));
  } finally {
    tf.dispose(leftovers.splice(0));
  }
}
