import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { meanOf, rankCorrelationOf } from "./correlation.ts";
import type { Measurement, NamedMetric } from "./metric.ts";
import type { Subject } from "./subject.ts";

/** How far a photo is moved, in pixels. */
interface Shift {
  readonly down: number;
  readonly right: number;
}

/** A photo moved; what comes in from beyond its edge is the edge. */
async function shifted({ tf, picture }: Subject, { down, right }: Shift): Promise<Tensor4D> {
  const x = await picture();
  const [, height, width] = x.shape;
  const places = (count: number, by: number) =>
    Array.from({ length: count }, (_, at) => Math.min(Math.max(at - by, 0), count - 1));
  return tf.tidy(() =>
    x.gather(tf.tensor1d(places(height, down), "int32"), 1).gather(
      tf.tensor1d(places(width, right), "int32"),
      2,
    )
  );
}

/** The part of a map that is seen before and after a shift. */
function common({ data, height, width }: Heatmap, { down, right }: Shift): number[] {
  const kept: number[] = [];
  for (let y = Math.max(down, 0); y < height + Math.min(down, 0); y++) {
    for (let x = Math.max(right, 0); x < width + Math.min(right, 0); x++) kept.push(data[y * width + x]!);
  }
  return kept;
}

/** How alike the maps of the photo and of the moved one are, where both show the same. */
async function likenessOf(subject: Subject, { down, right }: Shift): Promise<number | undefined> {
  const picture = await shifted(subject, { down, right });
  try {
    const moved = await subject.mapOf(picture);
    return rankCorrelationOf(
      common(subject.pixels, { down: -down, right: -right }),
      common(moved, { down, right }),
    );
  } finally {
    picture.dispose();
  }
}

/** What to say of numbers that are missing where a map was flat. */
export function meanLikeness(found: readonly (number | undefined)[]): Measurement {
  const known = found.filter((value) => value !== undefined);
  const why = "The map of the changed photo is flat";
  return known.length === found.length ? { value: meanOf(known) } : { value: undefined, why };
}

/**
 * Stability under a shift: the rank correlation of the map with those of the photo moved by some pixels in each of four directions,
 * moved back: a few pixels change nothing in the photo.
 *
 * See Azulay and Weiss, "Why do deep convolutional networks generalize so poorly to small image transformations?", JMLR 20, 2019,
 * https://arxiv.org/abs/1805.12177
 */
export const shiftStabilityMetric: NamedMetric<"shiftstability"> = {
  name: "shiftstability",
  title: "Stability under a shift",
  description: "How alike the maps are of the photo and of the photo moved by a few pixels",
  kind: "robustness",
  better: "higher",
  range: [-1, 1],
  needs: "maps",
  settings: { shift: 4 },
  cost: () => ({ maps: 4 }),
  async measure(subject) {
    const { height, width } = subject.pixels;
    const shift = Math.min(subject.settings.shift ?? 4, Math.ceil(Math.min(height, width) / 2));
    const found: (number | undefined)[] = [];
    for (
      const way of [{ down: 0, right: 1 }, { down: 0, right: -1 }, { down: 1, right: 0 }, {
        down: -1,
        right: 0,
      }]
    ) {
      found.push(await likenessOf(subject, { down: way.down * shift, right: way.right * shift }));
      await subject.pause();
    }
    return meanLikeness(found);
  },
};
