import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { findMetric, type MetricName } from "./mod.ts";
import { type Asked, type GivenSubject, mapOf, measured } from "./testing.ts";

/** A picture of ones, and a score to which each of its six pixels adds its own. */
const parts = [0.4, 0.3, 0.2, 0.1, 0, 0];

/** A score that is the sum of what the pixels add, of as many channels as the picture has. */
async function withSum(
  channels: number,
  use: (given: Omit<GivenSubject, "map">) => Promise<void>,
): Promise<void> {
  const before = tf.memory().numTensors;
  const picture = tf.ones([1, 2, 3, channels]) as Tensor4D;
  const weights = tf.tensor3d(parts, [2, 3, 1]);
  const score = (batch: Tensor4D) => batch.mul(weights).sum([1, 2, 3]).div(channels);
  try {
    await use({ picture, score });
  } finally {
    tf.dispose([picture, weights]);
  }
  assertEquals(tf.memory().numTensors, before);
}

const perfect = mapOf([6, 5, 4], [3, 2, 1]);
const inverse = mapOf([1, 2, 3], [4, 5, 6]);

async function valueOf(metric: MetricName, given: GivenSubject): Promise<number> {
  const { value, why } = await measured(findMetric(metric), given);
  assert(value !== undefined, why);
  return value;
}

function close(actual: number, expected: number): void {
  assertAlmostEquals(actual, expected, 1e-5);
}

Deno.test("deletion and insertion are the areas under the score, whatever the number of channels", async () => {
  for (const channels of [1, 3]) {
    await withSum(channels, async (given) => {
      const settings = { steps: 6 };
      // Left after each pixel: 1, 0.6, 0.3, 0.1, 0, 0, 0.
      close(await valueOf("deletion", { ...given, map: perfect, settings }), (0.5 + 0.6 + 0.3 + 0.1) / 6);
      close(
        await valueOf("insertion", { ...given, map: perfect, settings }),
        (0.4 + 0.7 + 0.9 + 1 + 1 + 0.5) / 6,
      );
      // Of its inverse: 1, 1, 1, 0.9, 0.7, 0.4, 0.
      close(
        await valueOf("deletion", { ...given, map: inverse, settings }),
        (0.5 + 1 + 1 + 0.9 + 0.7 + 0.4) / 6,
      );
      close(await valueOf("insertion", { ...given, map: inverse, settings }), (0.1 + 0.3 + 0.6 + 0.5) / 6);
    });
  }
});

Deno.test("no order is better than the score's own, and none worse than its inverse", async () => {
  await withSum(1, async (given) => {
    const [best, worst] = [perfect, inverse].map((map) =>
      valueOf("deletion", { ...given, map, settings: { steps: 6 } })
    );
    const [least, most] = [await best!, await worst!];
    let state = 3, sum = 0;
    for (let time = 0; time < 60; time++) {
      const data = Float32Array.from({ length: 6 }, () => state = state * 16807 % 2147483647);
      const value = await valueOf("deletion", {
        ...given,
        map: { ...perfect, data },
        settings: { steps: 6 },
      });
      assert(value >= least - 1e-6 && value <= most + 1e-6);
      sum += value / 60;
    }
    assertAlmostEquals(sum, 0.5, 0.05); // a random order: as much as it hides
  });
});

Deno.test("equal pixels are hidden alike: where they lie does not matter", async () => {
  await withSum(1, async (given) => {
    // Cut at zero: one pixel above it, and five zeros, which fade together.
    const settings = { steps: 6 };
    const left = [1, 0.6, 0.48, 0.36, 0.24, 0.12, 0];
    const { curves } = await measured(findMetric("deletion"), {
      ...given,
      map: mapOf([9, 0, 0], [0, 0, 0]),
      settings,
    });
    curves![0]!.y.forEach((value, at) => close(value, left[at]!));
    // The same picture turned round, and its map with it: the same area.
    const turned = { ...given, score: (x: Tensor4D) => given.score!(x.reverse([1, 2]) as Tensor4D) };
    const area = await valueOf("deletion", { ...turned, map: mapOf([0, 0, 0], [0, 0, 9]), settings });
    close(area, await valueOf("deletion", { ...given, map: mapOf([9, 0, 0], [0, 0, 0]), settings }));
  });
});

Deno.test("monotone transforms of a map leave the metrics of ranks as they are", async (t) => {
  await withSum(1, async (given) => {
    const metrics = [
      "deletion",
      "insertion",
      "monotonicity",
      "sufficiency",
      "road",
      "roadmorf",
      "roadlerf",
    ] as const;
    for (const metric of metrics) {
      await t.step(metric, async () => {
        const own = await valueOf(metric, { ...given, map: perfect });
        for (const change of [Math.sqrt, Math.exp, (value: number) => 3 * value - 20]) {
          const map: Heatmap = { ...perfect, data: perfect.data.map(change) };
          close(await valueOf(metric, { ...given, map }), own);
        }
      });
    }
  });
});

Deno.test("average drop, increase and gain see the photo through the map", async () => {
  await withSum(1, async (given) => {
    const sum = given.score!;
    const score = (batch: Tensor4D) => sum(batch).mul(0.5); // the photo's is 0.5
    const map = mapOf([1, 0.5, 0], [-2, 0, 0]); // 0.5 · (0.4 + 0.15) is left
    close(await valueOf("averagedrop", { ...given, score, map }), (0.5 - 0.275) / 0.5);
    close(await valueOf("averageincrease", { ...given, score, map }), 0);
    close(await valueOf("averagegain", { ...given, score, map }), 0);
    const rising = (batch: Tensor4D) => sum(batch).mul(-1).add(1.25); // 0.25, and 0.7 of what is left
    close(await valueOf("averagedrop", { ...given, score: rising, map }), 0);
    close(await valueOf("averageincrease", { ...given, score: rising, map }), 1);
    close(await valueOf("averagegain", { ...given, score: rising, map }), (0.7 - 0.25) / 0.75);
    const below = await measured(findMetric("averagedrop"), { ...given, score: (x) => sum(x).mul(-1), map });
    assertEquals(below.value, undefined);
  });
});

Deno.test("what is hidden becomes the baseline, not the number 0", async () => {
  await withSum(1, async ({ picture, score }) => {
    const black = tf.fill([1, 2, 3, 1], -1) as Tensor4D; // as after scaling to −1 … 1
    const map = mapOf([1, 0, 0], [0, 0, 0]);
    close(await valueOf("averagedrop", { picture, score, map, baseline: black }), (1 - (0.4 - 0.6)) / 1);
    const { curves } = await measured(findMetric("deletion"), {
      picture,
      score,
      map: perfect,
      baseline: black,
      settings: { steps: 1 },
    });
    close(curves![0]!.y.at(-1)!, -1);
    black.dispose();
  });
});

Deno.test("monotonicity counts the steps in which the score does not fall", async () => {
  await withSum(1, async ({ picture, score }) => {
    close(await valueOf("monotonicity", { picture, score, map: perfect, settings: { steps: 6 } }), 1);
    // The lowest come first, each adding 0.4, −0.3 …: after three of six steps it has fallen twice.
    const signs = tf.tensor3d([1, -1, 1, -1, 1, 1], [2, 3, 1]);
    const signed = (batch: Tensor4D) => score!(batch.mul(signs) as Tensor4D);
    close(
      await valueOf("monotonicity", { picture, score: signed, map: inverse, settings: { steps: 6 } }),
      4 / 6,
    );
    signs.dispose();
  });
});

Deno.test("sufficiency is what is lost where the highest pixels alone are kept", async () => {
  await withSum(1, async (given) => {
    // 1, 5, 10 and 20 % of six pixels: parts of the first, and a fifth of the second; half: three.
    const kept = [0.06 * 0.4, 0.3 * 0.4, 0.6 * 0.4, 0.4 + 0.2 * 0.3, 0.9];
    const mean = kept.reduce((a, b) => a + b) / 5;
    close(await valueOf("sufficiency", { ...given, map: perfect }), 1 - mean);
  });
});

Deno.test("μFidelity and infidelity are perfect for what each pixel adds, and μFidelity worst for its negative", async () => {
  await withSum(3, async (given) => {
    const map = mapOf(parts.slice(0, 3), parts.slice(3));
    const settings = { samples: 40, cells: 3, hidden: 0.4 };
    close(await valueOf("mufidelity", { ...given, map, settings }), 1);
    const negative = { ...map, data: map.data.map((value) => -value) };
    close(await valueOf("mufidelity", { ...given, map: negative, settings }), -1);
    const few = { samples: 40 };
    close(await valueOf("infidelity", { ...given, map, settings: few }), 0);
    assert(await valueOf("infidelity", { ...given, map: inverse, settings: few }) > 0.01);
  });
});

Deno.test("ROAD is above zero for what each pixel adds, and as far below it for the inverse", async () => {
  const before = tf.memory().numTensors;
  const side = 12;
  const data = Float32Array.from({ length: side * side }, (_, at) => (at * 37) % 144);
  const map = { data, height: side, width: side };
  // Pixels that are unlike their neighbours, so that what is made up in their place is another thing.
  const picture = tf.tensor4d(data.map((value) => value / 144), [1, side, side, 1]);
  const score = (batch: Tensor4D) => batch.square().mean([1, 2, 3]);
  const road = await valueOf("road", { map, picture, score });
  const worst = await valueOf("road", { map: { ...map, data: data.map((value) => -value) }, picture, score });
  assert(road > 0.02, `${road}`);
  assertAlmostEquals(worst, -road, 2e-3);
  picture.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("no metric holds more than a batch, and each runs the model as often as it says", async (t) => {
  await withSum(1, async (given) => {
    for (
      const name of [
        "deletion",
        "insertion",
        "monotonicity",
        "sufficiency",
        "mufidelity",
        "infidelity",
        "road",
      ] as const
    ) {
      await t.step(name, async () => {
        const asked: Asked = { runs: 0, maps: 0, largestBatch: 0 };
        const metric = findMetric(name);
        await measured(metric, { ...given, map: perfect }, asked);
        const { runs } = metric.cost({ picture: [1, 2, 3, 1], settings: metric.settings ?? {} });
        assertEquals(asked.runs, runs);
        assert(asked.largestBatch <= 7);
      });
    }
  });
});
