/** Holds the metrics to independent implementations: see tools/make_metric_goldens.py, which says how they are told. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { rankCorrelationOf } from "./correlation.ts";
import { hideParts } from "./hidden_parts.ts";
import { gapFiller } from "./imputation.ts";
import { infidelityOf } from "./infidelity.ts";
import { correlationOf } from "./correlation.ts";
import { findMetric, type MetricName } from "./mod.ts";
import { distanceFrom } from "./sensitivity_max.ts";
import { type GivenSubject, givenSubject, measured } from "./testing.ts";

const [height, width, channels] = [6, 8, 3] as const;
const pixels = height * width;

interface Goldens {
  readonly picture: number[];
  readonly weights: number[];
  readonly maps: Record<MapName, number[]>;
  readonly truth: number[];
  readonly masks: number[];
  readonly gaps: number[];
  readonly noise: number[];
  readonly score: number;
  readonly found: Record<MapName, Record<string, number>>;
  readonly filled: number[][];
  readonly "torch-cam": Record<MapName, Record<string, number>>;
  readonly "captum sensitivity_max": number;
  readonly xplique: Record<MapName, Record<string, number>>;
  readonly versions: Record<string, string>;
}

type MapName = "good" | "random" | "cut";

const goldens: Goldens = JSON.parse(
  await Deno.readTextFile(new URL("../../testdata/metrics/goldens.json", import.meta.url)),
);
const names: readonly MapName[] = ["good", "random", "cut"];
/** Those without equal values: of equal ones others take which they come upon first. */
const untied: readonly MapName[] = ["good", "random"];

function mapNamed(name: MapName): Heatmap {
  return { data: Float32Array.from(goldens.maps[name]), height, width };
}

/** Everything that the goldens were computed of. */
async function withGoldens(name: MapName, use: (given: GivenSubject) => Promise<void>): Promise<void> {
  const before = tf.memory().numTensors;
  const picture = tf.tensor4d(goldens.picture, [1, height, width, channels]);
  const weights = tf.tensor2d(goldens.weights, [pixels * channels, 1]);
  const score = (batch: Tensor4D) =>
    batch.reshape<tf.Tensor2D>([-1, pixels * channels]).matMul(weights).sigmoid().flatten();
  const baseline = tf.zerosLike(picture);
  const mask = { height, width, data: Uint8Array.from(goldens.truth) };
  const photo = { height, width };
  const truth = { boxes: [], mask, photo, placement: { x: 0, y: 0, ...photo } };
  try {
    await use({ map: mapNamed(name), picture, score, truth, baseline });
  } finally {
    tf.dispose([picture, weights, baseline]);
  }
  assertEquals(tf.memory().numTensors, before);
}

async function valueOf(metric: MetricName, given: GivenSubject): Promise<number | undefined> {
  return (await measured(findMetric(metric), given)).value;
}

function isClose(actual: number | undefined, expected: number, tolerance = 1e-5): void {
  assertAlmostEquals(actual ?? NaN, expected, tolerance);
}

Deno.test("relevance mass and relevance rank are Quantus's", async () => {
  for (const name of untied) {
    await withGoldens(name, async (given) => {
      // Quantus takes the map as it is; ours begins at its least value.
      const least = Math.min(...given.map.data);
      const map = { ...given.map, data: given.map.data.map((value) => value - least) };
      const inside = map.data.reduce((sum, value, at) => sum + value * goldens.truth[at]!, 0);
      isClose(await valueOf("relevancemass", { ...given, map }), inside / map.data.reduce((a, b) => a + b));
      isClose(await valueOf("relevancerank", given), goldens.found[name]["quantus RelevanceRankAccuracy"]!);
    });
  }
  // Its least value is 0, so that both are the same.
  await withGoldens("cut", async (given) => {
    isClose(await valueOf("relevancemass", given), goldens.found.cut["quantus RelevanceMassAccuracy"]!);
  });
});

Deno.test("the pointing game is Quantus's where there is one peak", async () => {
  for (const name of names) {
    await withGoldens(name, async (given) => {
      isClose(await valueOf("pointinggame", given), goldens.found[name]["quantus PointingGame"]!);
    });
  }
});

Deno.test("sparseness is Quantus's; entropy is its Complexity by the logarithm of the number of pixels", async () => {
  for (const name of names) {
    await withGoldens(name, async (given) => {
      isClose(await valueOf("sparseness", given), goldens.found[name]["quantus Sparseness"]!);
      const expected = goldens.found[name]["quantus Complexity"]! / Math.log(pixels);
      isClose(await valueOf("entropy", given), expected);
    });
  }
});

Deno.test("the curve of deletion is Quantus's PixelFlipping, where no pixels are equal", async () => {
  for (const name of untied) {
    await withGoldens(name, async (given) => {
      const settings = { steps: pixels };
      const { value, curves } = await measured(findMetric("deletion"), { ...given, settings });
      const flipped = goldens.found[name]["quantus PixelFlipping"] as unknown as number[];
      const [whole, ...rest] = curves![0]!.y;
      isClose(whole, goldens.score);
      rest.forEach((score, at) => isClose(score, flipped[at]!));
      const all = [goldens.score, ...flipped];
      const ends = (all[0]! + all.at(-1)!) / 2;
      isClose(value, (all.reduce((a, b) => a + b) - ends) / pixels); // as the authors of RISE sum it up
    });
  }
});

Deno.test("average drop and increase are torch-cam's, where black is the number 0, and gain is of the same scores", async () => {
  for (const name of names) {
    await withGoldens(name, async (given) => {
      const { avg_drop, conf_increase } = goldens["torch-cam"][name];
      isClose(await valueOf("averagedrop", given), avg_drop!);
      isClose(await valueOf("averageincrease", given), conf_increase!);
      const gain = Math.max(goldens.found[name]["seen through"]! - goldens.score, 0) / (1 - goldens.score);
      isClose(await valueOf("averagegain", given), gain);
    });
  }
});

Deno.test("deletion and insertion are xplique's, where no pixels are equal", async () => {
  for (const name of untied) {
    await withGoldens(name, async (given) => {
      const settings = { steps: pixels };
      const { Deletion, Insertion } = goldens.xplique[name];
      isClose(await valueOf("deletion", { ...given, settings }), Deletion!);
      isClose(await valueOf("insertion", { ...given, settings }), Insertion!);
    });
  }
});

Deno.test("average drop, increase and gain are xplique's", async () => {
  for (const name of names) {
    await withGoldens(name, async (given) => {
      const { AverageDropMetric, AverageIncreaseMetric, AverageGainMetric } = goldens.xplique[name];
      isClose(await valueOf("averagedrop", given), AverageDropMetric!);
      isClose(await valueOf("averageincrease", given), AverageIncreaseMetric!);
      isClose(await valueOf("averagegain", given), AverageGainMetric!);
    });
  }
});

Deno.test("infidelity is captum's, and the correlations are SciPy's, that of ranks xplique's, for the same hidden parts", async () => {
  for (const name of names) {
    await withGoldens(name, async (given) => {
      const count = goldens.masks.length / pixels;
      let at = 0;
      const parts = await hideParts(givenSubject(given), count, (into) => {
        into.set(goldens.masks.slice(at * pixels, ++at * pixels));
      });
      const { found: { [name]: found } } = goldens;
      isClose(infidelityOf(parts), found["captum infidelity"]!);
      isClose(correlationOf(parts.sums, parts.drops), found["scipy pearsonr"]!);
      isClose(rankCorrelationOf(parts.sums, parts.drops), found["scipy spearmanr"]!);
      isClose(rankCorrelationOf(parts.sums, parts.drops), goldens.xplique[name]["MuFidelity"]!);
    });
  }
});

Deno.test("monotonicity sees steps in which the score falls, as Quantus does not", async () => {
  for (const name of untied) {
    await withGoldens(name, async (given) => {
      // Quantus 0.6.0 puts the baseline in the place of the baseline: no score changes, and every map is monotone.
      assertEquals(Boolean(goldens.found[name]["quantus Monotonicity"]), true);
      const { value, curves } = await measured(findMetric("monotonicity"), {
        ...given,
        settings: { steps: pixels },
      });
      const { y } = curves![0]!;
      isClose(y[0], 0.5); // of nothing: the logit is 0
      isClose(y.at(-1), goldens.score);
      const kept = y.slice(1).filter((score, at) => score >= y[at]!).length;
      isClose(value, kept / pixels);
      assertEquals(kept < pixels, true);
    });
  }
});

Deno.test("sensitivity-max is captum's for the same noise", async () => {
  const before = tf.memory().numTensors;
  const weights = tf.tensor1d(goldens.weights);
  const score = (x: tf.Tensor) => x.flatten().mul(weights).sum().sigmoid();
  const mapAt = async (numbers: readonly number[]): Promise<Heatmap> => {
    const map = tf.tidy(() => {
      const x = tf.tensor1d([...numbers]);
      return tf.grad(score)(x).mul(x).reshape([pixels, channels]).sum(-1);
    });
    const data = await map.data() as Float32Array;
    map.dispose();
    return { data, height, width };
  };
  const own = await mapAt(goldens.picture);
  const size = goldens.picture.length;
  const distances: number[] = [];
  for (let from = 0; from < goldens.noise.length; from += size) {
    const noisy = goldens.picture.map((value, at) => value + goldens.noise[from + at]!);
    distances.push(distanceFrom(own, await mapAt(noisy)));
  }
  isClose(Math.max(...distances), goldens["captum sensitivity_max"], 1e-4);
  weights.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("gaps are filled as pytorch-grad-cam's NoisyLinearImputer fills them, by a direct solver", () => {
  goldens.filled.forEach((expected, which) => {
    const fill = gapFiller(
      { height, width },
      Uint8Array.from(goldens.gaps.slice(which * pixels, (which + 1) * pixels)),
    );
    for (let channel = 0; channel < channels; channel++) {
      const own = (_: number, at: number) => at % channels === channel;
      const filled = fill(Float32Array.from(goldens.picture.filter(own)));
      expected.filter(own).forEach((value, at) => isClose(filled[at], value, 1e-3));
    }
  });
});

Deno.test("ROAD is pytorch-grad-cam's but for the noise and for which pixels there are at the percentile", async () => {
  for (const name of untied) {
    await withGoldens(name, async (given) => {
      const found = goldens.found[name];
      isClose(await valueOf("road", given), found["pytorch-grad-cam ROADCombined"]!, 0.02);
      isClose(
        await valueOf("roadmorf", given),
        found["pytorch-grad-cam ROADMostRelevantFirstAverage"]!,
        0.03,
      );
      isClose(
        await valueOf("roadlerf", given),
        found["pytorch-grad-cam ROADLeastRelevantFirstAverage"]!,
        0.03,
      );
    });
  }
});
