/**
 * Evaluations that never were, for tests of how they are shown. It is not published.
 *
 * @module
 */
import type { EvaluationSummary, ExamplePicture } from "../evaluate/summary.ts";

/** How large an evaluation is. */
export interface MadeUpSize {
  readonly photos?: number;
  readonly methods?: number;
  readonly metrics?: number;
  readonly layers?: number;
}

const methodTitles = ["Grad-CAM", "LayerCAM", "HiResCAM", "Guided Grad-CAM", "Eigen-CAM"];
const metricFacts: readonly (readonly [string, string, string, "higher" | "lower", string])[] = [
  [
    "pointinggame",
    "Pointing game",
    "localisation",
    "higher",
    "Whether the map’s maximum lies in the object.",
  ],
  [
    "deletion",
    "Deletion",
    "faithfulness",
    "lower",
    "The score while what the map marks is taken away, as an area.",
  ],
  [
    "insertion",
    "Insertion",
    "faithfulness",
    "higher",
    "The score while what the map marks is given back, as an area.",
  ],
  [
    "shiftstability",
    "Stability under a shift",
    "robustness",
    "higher",
    "How like the maps of a shifted photo are.",
  ],
  ["gini", "Sparseness", "complexity", "higher", "The Gini coefficient of the map."],
  [
    "cascadingrandomisation",
    "Cascading randomisation",
    "sanity",
    "lower",
    "How like the map of a model with random weights is.",
  ],
];

const model = "efficientnet-lite0";
const modelHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** Numbers from 0 to 1 that are the same each time. */
function repeatable(): () => number {
  let state = 7;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** An evaluation of some size. */
export function madeUpSummary(
  { photos = 41, methods = 5, metrics = 6, layers = 1 }: MadeUpSize = {},
): EvaluationSummary {
  const next = repeatable();
  const named = Array.from({ length: methods }, (_, at) => ({
    name: `method${at}`,
    title: methodTitles[at] ?? `Method ${at}`,
    control: false,
    passes: 3 + at,
    ms: 40 + 300 * at,
  }));
  const controls = ["random", "centre", "edges"].map((name) => ({
    name,
    title: { random: "Random map", centre: "Centre", edges: "Edges" }[name]!,
    control: true,
  }));
  const measured = Array.from({ length: metrics }, (_, at) => {
    const [name, title, kind, better, description] = metricFacts[at % metricFacts.length]!;
    const number = Math.floor(at / metricFacts.length);
    const range: readonly [number, number] = [0, 1];
    return {
      name: `${name}${number || ""}`,
      title: `${title}${number ? ` ${number}` : ""}`,
      kind,
      better,
      range,
      description,
      needsTruth: kind === "localisation",
    };
  });
  const places = Array.from({ length: layers }, (_, at) => `block${at}_add`);
  const lines = [
    ...named.flatMap(({ name }) => places.map((layer) => ({ method: name, layer }))),
    ...controls.map(({ name }) => ({ method: name, layer: "" })),
  ];
  const rows = measured.flatMap(({ name, better }) =>
    lines.map(({ method, layer }) => {
      const isControl = controls.some((control) => control.name === method);
      const good = isControl ? 0.3 + 0.05 * next() : 0.55 + 0.3 * next();
      const mean = better === "higher" ? good : 1 - good;
      const half = 0.04 + 0.05 * next();
      return {
        model,
        method,
        layer,
        metric: name,
        mean,
        interval: [mean - half, mean + half] as const,
        count: photos - (name === "gini" ? 2 : 0),
        missing: name === "gini" ? 2 : 0,
        ...(name === "pointinggame" && { chance: 0.27 }),
        ms: 5 + 900 * next(),
      };
    })
  );
  const comparisons = measured.flatMap(({ name }) =>
    named.flatMap(({ name: first }, at) =>
      named.slice(at + 1).map(({ name: second }) => {
        const difference = 0.2 * (next() - 0.5);
        return {
          model,
          metric: name,
          first,
          second,
          layer: places[0]!,
          difference,
          interval: [difference - 0.05, difference + 0.05] as const,
          p: Math.min(Math.abs(difference) > 0.06 ? 0.01 * next() : next(), 1),
          count: photos,
        };
      })
    )
  );
  const x = Array.from({ length: 51 }, (_, at) => at / 50);
  const curves = measured.filter(({ kind }) => kind === "faithfulness").flatMap(({ name }) =>
    [...named, controls[0]!].map(({ name: method, control }) => {
      const speed = control ? 1.2 : 3 + 3 * next();
      const mean = x.map((at) =>
        name.startsWith("deletion") ? 0.8 * Math.exp(-speed * at) : 0.8 * (1 - Math.exp(-speed * at))
      );
      return {
        model,
        method,
        layer: control ? "" : places[0]!,
        metric: name,
        name,
        x,
        mean,
        low: mean.map((y) => y - 0.04),
        high: mean.map((y) => y + 0.04),
      };
    })
  );
  const example = (name: string, at: number, value: number) => ({
    model,
    method: name,
    layer: places[0]!,
    classIndex: 285,
    label: "Egyptian cat",
    metric: measured[0]!.name,
    photo: `photo ${at}.jpg`,
    index: at,
    value,
  });
  return {
    about: {
      model,
      modelHash,
      models: [{ name: model, hash: modelHash }],
      photos,
      objects: photos,
      failed: 1,
      maps: lines.length * photos,
      seed: 1,
      confidence: 0.95,
      resamples: 2000,
      truth: { name: "objects.json", kind: "json" },
      warnings: ["2 photos have no object of a class that the model knows"],
      versions: { gradcam: "0.1.0", tfjs: "4.22.0", deno: "2.9.6" },
      metrics: measured,
      methods: [...named, ...controls],
      layers: places,
    },
    rows,
    choice: {
      metrics: ["deletion", "insertion"],
      ranks: named.map(({ name: method }, at) => ({
        model,
        method,
        layer: places[0]!,
        rank: 1.6 + at / 2,
        first: at === 0 ? 0.83 : 0.17 / (methods - 1),
      })),
    },
    comparisons,
    curves,
    best: named.flatMap(({ name }) => [0, 1, 2, 3].map((at) => example(name, at, 1 - at / 50))),
    worst: named.flatMap(({ name }) => [4, 5, 6, 7].map((at) => example(name, at, at / 50))),
    conclusions: [
      "Grad-CAM points at the object in 78 % of the photos, where chance does in 27 % and the middle in 61 %: it says something about where the object is.",
      "LayerCAM and HiResCAM cannot be told apart on these photos by deletion.",
      "That a map marks the object does not say that the model uses it for the right reason.",
    ],
  };
}

/** A picture for each example that a summary names. */
export function madeUpPictures(
  { best, worst }: EvaluationSummary,
  urlOf: (index: number) => string,
): ExamplePicture[] {
  return [...best, ...worst].map(({ model, index, method, layer, classIndex }) => {
    return { model, index, method, layer, classIndex, url: urlOf(index), height: 170, width: 256 };
  });
}
