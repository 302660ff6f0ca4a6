/**
 * The figures that matter, each a ratio of medians of one run, and what is asked of it.
 *
 * @module
 */
import { batchSize, type ColdSeries } from "./cold.ts";
import type { MemorySeries } from "./memory.ts";
import { networks } from "./networks.ts";
import type { Task } from "./peer.ts";
import { median } from "./statistics.ts";
import type { WarmSeries } from "./warm.ts";

/** All that was measured. */
export interface Measurements {
  readonly warm: readonly WarmSeries[];
  readonly cold: readonly ColdSeries[];
  readonly batches: readonly ColdSeries[];
  readonly memory: readonly MemorySeries[];
}

/** One side of a ratio: something that is measured. */
export type Side =
  | { readonly part: "warm"; readonly network: string; readonly peer: string; readonly task: Task }
  | { readonly part: "cold"; readonly peer: string; readonly what: "ms" | "megabytes" }
  | { readonly part: "batches"; readonly way: number }
  | { readonly part: "memory"; readonly network: string; readonly what: "weights" | "peak" | "own" };

/** What a ratio must be at least, or at most. */
type Asked = { readonly least: number } | { readonly most: number };

/** A ratio of what can be measured. */
export interface Ratio {
  /** What is divided by what. */
  readonly name: string;
  readonly above: Side;
  readonly below: Side;
  /** What it must be. */
  readonly asked?: Asked | undefined;
}

/** A ratio that was measured. */
export interface Figure extends Ratio {
  readonly value: number;
}

function warm(network: string, peer: string, task: Task = "heatmap"): Side {
  return { part: "warm", network, peer, task };
}

function least(value: number | undefined): Asked | undefined {
  return value === undefined ? undefined : { least: value };
}

const whole = networks.filter(({ isInner }) => !isInner).map(({ name }) => name);
const inner = networks.filter(({ isInner }) => isInner).map(({ name }) => name);

/** Peers whose heatmaps are divided by ours, and what is asked of them by networks. */
const perNetwork: readonly { readonly peer: string; readonly asked: Readonly<Record<string, number>> }[] = [
  { peer: "AUCMEDI", asked: { "EfficientNet-Lite0": 23, MobileNetV2: 26, ResNet50: 5.8, VGG16: 2.1 } },
  {
    peer: "pytorch-grad-cam",
    asked: { "EfficientNet-Lite0": 6.2, MobileNetV2: 5.5, ResNet50: 2, VGG16: 2, "ViT-B-16": 1 },
  },
  {
    peer: "PyTorch by hand",
    asked: { "EfficientNet-Lite0": 2.4, MobileNetV2: 2, ResNet50: 0.9, VGG16: 0.75 },
  },
  { peer: "tf-keras-vis", asked: { VGG16: 1.9 } },
  {
    peer: "our former kernels",
    asked: {
      ...{ "EfficientNet-Lite0": 1.6, MobileNetV2: 1.6, ResNet50: 1.7, VGG16: 2.2, "ViT-B-16": 1.3 },
      ...Object.fromEntries(inner.map((name) => [name, 1.5])),
    },
  },
];

const heatmaps: readonly Ratio[] = perNetwork.flatMap(({ peer, asked }) =>
  [...whole, ...inner].map((network) => ({
    name: `${peer} ÷ ours, heatmap, ${network}`,
    above: warm(network, peer),
    below: warm(network, "ours"),
    asked: least(asked[network]),
  }))
);

const litert: readonly Ratio[] = ["EfficientNet-Lite0", "MobileNetV2", "ResNet50"].flatMap((network) => [
  {
    name: `LiteRT.js's forward pass ÷ our heatmap, 1 thread, ${network}`,
    above: warm(network, "LiteRT.js, 1 thread", "forward"),
    below: warm(network, "ours, 1 thread"),
    asked: least(1.1),
  },
  {
    name: `LiteRT.js's forward pass ÷ our heatmap, all threads, ${network}`,
    above: warm(network, "LiteRT.js", "forward"),
    below: warm(network, "ours"),
    asked: least(1.1),
  },
]);

const ourOwn: readonly Ratio[] = [
  ...whole.map((network) => ({
    name: `1 thread ÷ all threads, our heatmap, ${network}`,
    above: warm(network, "ours, 1 thread"),
    below: warm(network, "ours"),
    asked: network === "ViT-B-16" ? undefined : least(1.8),
  })),
  ...whole.map((network): Ratio => ({
    name: `our heatmap ÷ our forward pass, ${network}`,
    above: warm(network, "ours"),
    below: warm(network, "ours", "forward"),
    asked: ["EfficientNet-Lite0", "ResNet50"].includes(network) ? { most: 1.1 } : undefined,
  })),
  ...whole.map((network): Ratio => ({
    name: `layers model ÷ graph model, our forward pass, ${network}`,
    above: warm(network, "ours", "forward"),
    below: warm(network, "ours, graph model", "forward"),
    asked: { most: 1.1 },
  })),
  {
    name: "ours from ONNX ÷ ours, heatmap, EfficientNet-Lite0",
    above: warm("EfficientNet-Lite0", "ours, ONNX"),
    below: warm("EfficientNet-Lite0", "ours"),
    asked: { most: 1.1 },
  },
  {
    name: "pytorch-grad-cam ÷ ours from ONNX, heatmap, ResNet50",
    above: warm("ResNet50", "pytorch-grad-cam"),
    below: warm("ResNet50", "ours, ONNX"),
    asked: { least: 2 },
  },
  {
    name: "onnxruntime-web's forward pass ÷ our heatmap, EfficientNet-Lite0",
    above: warm("EfficientNet-Lite0", "onnxruntime-web", "forward"),
    below: warm("EfficientNet-Lite0", "ours"),
    asked: { least: 2 },
  },
];

/** Counted as direct convolutions: after Winograd it may be more than 1. */
const shares: readonly Ratio[] = networks.filter(({ multiplyAdds }) => multiplyAdds).map(({ name }) => ({
  name: `share of the measured peak of 128 bits, our forward pass, ${name}`,
  above: warm(name, "multiply-adds alone", "forward"),
  below: warm(name, "ours", "forward"),
  asked: least({ ResNet50: 0.8, VGG16: 1.2 }[name]),
}));

/** Peak memory in weights; what the runtime takes without a model is told apart. */
const memories: readonly Ratio[] = networks.filter(({ parameters }) => parameters).flatMap(({ name }) => {
  const mosts: Readonly<Record<string, number>> = { ResNet50: 2.2, VGG16: 1.6 };
  const asked = mosts[name] === undefined ? undefined : { most: mosts[name] };
  const below: Side = { part: "memory", network: name, what: "weights" };
  return [
    {
      name: `peak memory after the first map ÷ weights in float32, ${name}`,
      above: { part: "memory", network: name, what: "peak" },
      below,
      asked,
    },
    {
      name: `likewise without what the process takes before the model, ${name}`,
      above: { part: "memory", network: name, what: "own" },
      below,
    },
  ] satisfies Ratio[];
});

function cold(peer: string, what: "ms" | "megabytes" = "ms"): Side {
  return { part: "cold", peer, what };
}

const processes: readonly Ratio[] = [
  { name: "AUCMEDI ÷ ours, cold", above: cold("AUCMEDI"), below: cold("ours"), asked: { least: 12 } },
  {
    name: "pytorch-grad-cam ÷ ours, cold",
    above: cold("pytorch-grad-cam"),
    below: cold("ours"),
    asked: { least: 8 },
  },
  {
    name: "our former kernels ÷ ours, cold",
    above: cold("our former kernels"),
    below: cold("ours"),
    asked: { least: 1.05 },
  },
  {
    name: "AUCMEDI ÷ ours, peak memory, cold",
    above: cold("AUCMEDI", "megabytes"),
    below: cold("ours", "megabytes"),
    asked: { least: 3.5 },
  },
  {
    name: "pytorch-grad-cam ÷ ours, peak memory, cold",
    above: cold("pytorch-grad-cam", "megabytes"),
    below: cold("ours", "megabytes"),
  },
  {
    name: `--jobs 1 (on all threads) ÷ a job for each core, ${batchSize} photos`,
    above: { part: "batches", way: 0 },
    below: { part: "batches", way: 1 },
    asked: { least: 1.8 },
  },
  {
    name: `--jobs 1 --threads 1 ÷ a job for each core, ${batchSize} photos`,
    above: { part: "batches", way: 2 },
    below: { part: "batches", way: 1 },
  },
];

/** All ratios, in the order of the table. */
export const ratios: readonly Ratio[] = [
  ...heatmaps,
  ...litert,
  ...ourOwn,
  ...shares,
  ...memories,
  ...processes,
];

/** Whether a figure is what is asked of it. */
export function holds({ value, asked }: Figure): boolean {
  if (asked === undefined) return false;
  return "least" in asked ? value >= asked.least : value <= asked.most;
}

/** How the values of each part are found. */
function valuesOf(side: Side, { warm, cold, batches, memory }: Measurements): readonly number[] | undefined {
  if (side.part === "warm") {
    const { network, peer, task } = side;
    return warm.find((one) => one.network === network && one.peer === peer && one.task === task)?.ms;
  }
  if (side.part === "cold") {
    return cold.find(({ name }) => name === side.peer)?.runs.flatMap((run) => run[side.what] ?? []);
  }
  if (side.part === "batches") return batches[side.way]?.runs.map(({ ms }) => ms);
  return memory.find(({ network }) => network === side.network)?.[side.what];
}

/** All figures of which both sides were measured. */
export function figures(measurements: Measurements): Figure[] {
  return ratios.flatMap((ratio) => {
    const above = valuesOf(ratio.above, measurements), below = valuesOf(ratio.below, measurements);
    return above?.length && below?.length ? [{ ...ratio, value: median(above) / median(below) }] : [];
  });
}
