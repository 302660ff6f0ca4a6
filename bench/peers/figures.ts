/**
 * The figures that matter, each a ratio of medians of one run, and what is asked of it.
 *
 * @module
 */
import { batchSize, type ColdSeries } from "./cold.ts";
import type { Task } from "./peer.ts";
import { median } from "./statistics.ts";
import type { WarmSeries } from "./warm.ts";

/** All that was measured. */
export interface Measurements {
  readonly warm: readonly WarmSeries[];
  readonly cold: readonly ColdSeries[];
  readonly batches: readonly ColdSeries[];
}

/** A ratio and what is asked of it. */
export interface Figure {
  /** What is divided by what. */
  readonly name: string;
  /** The ratio; `undefined` where one side was left out. */
  readonly value: number | undefined;
  /** What it must be at least, or at most. */
  readonly asked: { readonly least: number } | { readonly most: number } | undefined;
}

/** Networks by the asked figures. */
type Asked = Readonly<Record<string, number>>;

const perNetwork: readonly { peer: string; asked: Asked }[] = [
  { peer: "AUCMEDI", asked: { "EfficientNet-Lite0": 9, MobileNetV2: 9, ResNet50: 2.6, VGG16: 0.9 } },
  {
    peer: "pytorch-grad-cam",
    asked: { "EfficientNet-Lite0": 2, MobileNetV2: 2, ResNet50: 1, VGG16: 1.2, "ViT-B-16": 1 },
  },
  { peer: "tf-keras-vis", asked: {} },
];

/** Whether a figure is what is asked of it. */
export function holds({ value, asked }: Figure): boolean {
  if (value === undefined || asked === undefined) return false;
  return "least" in asked ? value >= asked.least : value <= asked.most;
}

/** The quotient of two medians, where both sides were measured. */
function ratio(
  above: readonly number[] | undefined,
  below: readonly number[] | undefined,
): number | undefined {
  return above?.length && below?.length ? median(above) / median(below) : undefined;
}

function warmFigures(warm: readonly WarmSeries[], networks: readonly string[]): Figure[] {
  const ms = (network: string, peer: string, task: Task) =>
    warm.find((series) => series.network === network && series.peer === peer && series.task === task)?.ms;
  const ours = (network: string, task: Task) => ms(network, "ours", task);
  return [
    ...perNetwork.flatMap(({ peer, asked }) =>
      networks.map((network): Figure => ({
        name: `${peer} ÷ ours, heatmap, ${network}`,
        value: ratio(ms(network, peer, "heatmap"), ours(network, "heatmap")),
        asked: asked[network] === undefined ? undefined : { least: asked[network] },
      }))
    ),
    ...networks.map((network): Figure => ({
      name: `our heatmap ÷ our forward pass, ${network}`,
      value: ratio(ours(network, "heatmap"), ours(network, "forward")),
      asked: ["EfficientNet-Lite0", "ResNet50"].includes(network) ? { most: 1.1 } : undefined,
    })),
    ...networks.map((network): Figure => ({
      name: `layers model ÷ graph model, our forward pass, ${network}`,
      value: ratio(ours(network, "forward"), ms(network, "ours, graph model", "forward")),
      asked: { most: 1.1 },
    })),
    {
      name: "onnxruntime-web's forward pass ÷ our heatmap, EfficientNet-Lite0",
      value: ratio(
        ms("EfficientNet-Lite0", "onnxruntime-web", "forward"),
        ours("EfficientNet-Lite0", "heatmap"),
      ),
      asked: { least: 2 },
    },
    ...["ResNet50", "EfficientNet-Lite0", "ViT-B-16"].map((network): Figure => ({
      name: `1 thread ÷ all threads, our heatmap, ${network}`,
      value: ratio(ms(network, "ours, 1 thread", "heatmap"), ours(network, "heatmap")),
      asked: network === "ResNet50" ? { least: 1.6 } : undefined,
    })),
  ];
}

function coldFigures(cold: readonly ColdSeries[], batches: readonly ColdSeries[]): Figure[] {
  const runs = (name: string) => cold.find((series) => series.name === name)?.runs;
  const times = (name: string) => runs(name)?.map(({ ms }) => ms);
  const peaks = (name: string) => runs(name)?.flatMap(({ megabytes }) => megabytes ?? []);
  const [oneJob, allJobs, oneThread] = batches.map((series) => series.runs.map(({ ms }) => ms));
  const jobs = batches[1]?.name ?? "all jobs";
  return [
    { name: "AUCMEDI ÷ ours, cold", value: ratio(times("AUCMEDI"), times("ours")), asked: { least: 12 } },
    {
      name: "pytorch-grad-cam ÷ ours, cold",
      value: ratio(times("pytorch-grad-cam"), times("ours")),
      asked: { least: 8 },
    },
    {
      name: "AUCMEDI ÷ ours, peak memory, cold",
      value: ratio(peaks("AUCMEDI"), peaks("ours")),
      asked: { least: 3.5 },
    },
    {
      name: "pytorch-grad-cam ÷ ours, peak memory, cold",
      value: ratio(peaks("pytorch-grad-cam"), peaks("ours")),
      asked: undefined,
    },
    {
      name: `--jobs 1 (on all threads) ÷ ${jobs}, ${batchSize} photos`,
      value: ratio(oneJob, allJobs),
      asked: { least: 1.8 },
    },
    {
      name: `--jobs 1 --threads 1 ÷ ${jobs}, ${batchSize} photos`,
      value: ratio(oneThread, allJobs),
      asked: undefined,
    },
  ];
}

/** All figures of which at least one side was measured. */
export function figures({ warm, cold, batches }: Measurements): Figure[] {
  const networks = [...new Set(warm.map(({ network }) => network))];
  return [
    ...(warm.length > 0 ? warmFigures(warm, networks) : []),
    ...coldFigures(cold, batches),
  ].filter(({ value }) => value !== undefined);
}
