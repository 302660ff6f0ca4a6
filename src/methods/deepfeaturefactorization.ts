import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor2D, Tensor4D, TensorFlow } from "../base/tensors.ts";
import type { Component } from "./factorization.ts";
import type { ConceptScore, MapComponent, NamedMethod } from "./method.ts";
import { runName } from "./run_name.ts";

/** How many of the classes that a concept speaks for are told. */
const listedClasses = 5;

/** A component as a map: its part in the layer's activation, all channels together. */
function asMap(
  { strengths, concept }: Component,
  { height, width }: { height: number; width: number },
): Heatmap {
  const whole = concept.reduce((a, b) => a + b, 0);
  return { data: Float32Array.from(strengths, (strength) => strength * whole), height, width };
}

/** The classes with the highest scores, best first. */
function bestClasses(scores: Float32Array): ConceptScore[] {
  return Array.from(scores, (score, classIndex) => ({ classIndex, score }))
    .sort((a, b) => b.score - a.score || a.classIndex - b.classIndex)
    .slice(0, listedClasses);
}

/** Activations that hold a concept everywhere, `[components.length, h, w, k]`; owned by the caller's tidy. */
function everywhere(
  tf: TensorFlow,
  components: readonly Component[],
  [, height, width, channels]: Tensor4D["shape"],
): Tensor4D {
  const concepts = new Float32Array(components.length * channels);
  components.forEach(({ concept }, at) => concepts.set(concept, at * channels));
  return tf.tensor4d(concepts, [components.length, 1, 1, channels]).mul(tf.ones([1, height, width, 1]));
}

/** Where the largest of some numbers is; what is no number is passed over. */
function largestOf(values: Float32Array): number {
  return values.reduce(
    (best, value, at) => value > values[best]! || Number.isNaN(values[best]!) ? at : best,
    0,
  );
}

/**
 * Deep feature factorisation: relu(A) ≈ W·H with A as `[h·w, k]`, W `[h·w, components]` and H `[components, k]`, none of them
 * negative.
 *
 * Each row of H is a concept, and the column of W before it says where in the photo it is. A component's map is its part in
 * the activation, Wᵢⱼ·Σₖ Hⱼₖ: together they come to Σₖ relu(A). The classes that a concept speaks for are those with the
 * highest scores when the layer holds it everywhere, as strong as it is where it is strongest. The map of a target is that of
 * the component whose concept gives the target the highest value. What is lost by the factorisation is told as `error`,
 * |relu(A) − W·H| / |relu(A)|. Nothing in it is random.
 *
 * Collins et al., "Deep Feature Factorization For Concept Discovery", ECCV 2018, https://arxiv.org/abs/1806.10206
 *
 * pytorch-grad-cam subtracts each channel's least value rather than cutting off what is negative, starts at random, and gives
 * the concepts to a classifier that the caller names: where the layer is followed by a mean and a dense layer, that is the same.
 *
 * It holds the activation twice in double precision.
 */
export const deepFeatureFactorizationMethod: NamedMethod<"deepfeaturefactorization"> = {
  name: "deepfeaturefactorization",
  title: "Deep feature factorisation",
  description: "Deep feature factorisation: what the layer sees, as a few maps and the classes of each",
  at: "layer",
  relu: false,
  settings: { components: 5 },
  cost({ layer: [, height, width, channels], settings: { components = 5 } }) {
    return { layerRuns: Math.min(components, height * width, channels) };
  },
  async map({ tf, layer, settings, pause }) {
    const { factorize } = await import("./factorization.ts");
    const activation = await layer.activation();
    const [, height, width, columns] = activation.shape;
    const data = (await activation.data()).map((value) => Math.max(value, 0));
    const { components, error } = await factorize(
      { data, rows: height * width, columns },
      { components: settings.components ?? 5, pause },
    );
    if (components.length === 0) {
      return { map: tf.zeros([height, width]) as Tensor2D, details: { error } };
    }
    const make = (from: number, to: number) =>
      tf.tidy(() => everywhere(tf, components.slice(from, to), activation.shape));
    const once = { name: runName("deepfeaturefactorization", settings) };
    const scores = await layer.scores(components.length, make, once);
    const values = await layer.values(components.length, make, once);
    const classes = scores.length / components.length;
    const found = components.map((component, at): MapComponent => ({
      map: asMap(component, { height, width }),
      classes: bestClasses(scores.subarray(at * classes, (at + 1) * classes)),
    }));
    const { map } = found[largestOf(values)]!;
    return { map: tf.tensor2d(map.data.slice(), [height, width]), details: { error }, components: found };
  },
};
