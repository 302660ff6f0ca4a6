/**
 * The tables in Markdown, and where they are put.
 *
 * @module
 */
import { batchSize, type ColdSeries } from "./cold.ts";
import { type Figure, figures, holds, type Measurements } from "./figures.ts";
import type { MemorySeries } from "./memory.ts";
import { median, quartiles } from "./statistics.ts";
import type { WarmResults, WarmSeries } from "./warm.ts";

/** What the tables are made of. */
export interface Report extends Measurements, Pick<WarmResults, "agreements" | "versions" | "leftOut"> {
  /** Processor, cores, memory, system. */
  readonly machine: string;
  /** The machine's load before the first and after the last timing. */
  readonly load: readonly [string, string];
  /** How often each had its turn. */
  readonly rounds: number;
  /** Threads of each. */
  readonly threads: number;
  /** When it was measured. */
  readonly date: string;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function spread(values: readonly number[], unit: (value: number) => string): string {
  return quartiles(values).map(unit).join(" to ");
}

function figureRow(figure: Figure): string[] {
  const { name, value, asked } = figure;
  const wanted = asked && ("least" in asked ? `at least ${asked.least}` : `at most ${asked.most}`);
  return [name, rounded(value), wanted ?? "", asked ? holds(figure) ? "yes" : "no" : ""];
}

/** The table of ratios. */
export function ratioTable(measurements: Measurements): string {
  return table(["ratio of medians", "measured", "asked", "reached"], figures(measurements).map(figureRow));
}

/** How many times as long as ours the others take, a row for each and a column for each network. */
function heatmapMatrix(warm: readonly WarmSeries[]): string {
  const heatmaps = warm.filter(({ task }) => task === "heatmap");
  const networks = [...new Set(heatmaps.map(({ network }) => network))];
  const others = [...new Set(heatmaps.map(({ peer }) => peer))].filter((peer) => !peer.startsWith("ours"));
  const ms = (network: string, peer: string) =>
    heatmaps.find((series) => series.network === network && series.peer === peer)?.ms;
  const ours = (network: string) => median(ms(network, "ours")!);
  return table(["warm heatmap", ...networks], [
    ["ours", ...networks.map((network) => `${ours(network).toFixed(0)} ms`)],
    ...others.map((peer) => [
      `${peer} ÷ ours`,
      ...networks.map((network) => {
        const theirs = ms(network, peer);
        return theirs ? rounded(median(theirs) / ours(network)) : "";
      }),
    ]),
  ]);
}

/** The README's tables: heatmaps, and the figures that something is asked of besides. */
export function shortTables(report: Report): string {
  const others = figures(report).filter(({ name, asked }) => asked && !/^[^,]* ÷ ours, heatmap,/.test(name));
  return [
    ...(report.warm.length > 0 ? [heatmapMatrix(report.warm)] : []),
    table(["other ratios of that run", ""], others.map(({ name, value }) => [name, rounded(value)])),
  ].join("\n\n");
}

function warmTable(warm: readonly WarmSeries[]): string {
  const unit = (ms: number) => ms.toFixed(ms < 100 ? 1 : 0);
  return table(
    ["network", "program", "what", "median, ms", "middle half, ms", "timings"],
    warm.map(({ network, peer, task, ms }) => [
      network,
      peer,
      task === "forward" ? "forward pass" : task,
      unit(median(ms)),
      spread(ms, unit),
      `${ms.length}`,
    ]),
  );
}

function coldTable(series: readonly ColdSeries[]): string {
  const unit = (ms: number) => (ms / 1000).toFixed(2);
  return table(
    ["program", "median, s", "middle half, s", "peak memory, MB", "runs"],
    series.map(({ name, runs }) => {
      const times = runs.map(({ ms }) => ms);
      const peaks = runs.flatMap(({ megabytes }) => megabytes ?? []);
      const peak = peaks.length > 0 ? median(peaks).toFixed(0) : "unknown";
      return [name, unit(median(times)), spread(times, unit), peak, `${runs.length}`];
    }),
  );
}

function memoryTable(memory: readonly MemorySeries[]): string {
  const unit = (values: readonly number[]) => median(values).toFixed(0);
  return table(
    [
      "network",
      "weights in float32, MB",
      "peak, MB",
      "peak without what it takes before the model, MB",
      "runs",
    ],
    memory.map(({ network, weights, peak, own }) => [
      network,
      unit(weights),
      unit(peak),
      unit(own),
      `${peak.length}`,
    ]),
  );
}

function section(title: string, ...paragraphs: string[]): string[] {
  return [`### ${title}`, ...paragraphs];
}

/** The whole report in Markdown. */
export function reportText(report: Report): string {
  const { warm, cold, batches, memory, agreements, leftOut, versions, machine, load, rounds, threads, date } =
    report;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`).toSorted();
  return [
    `Measured on ${date} by \`deno task bench:peers --rounds ${rounds}\`: ${machine}, no GPU. Load before ${
      load[0]
    }; after ${load[1]}. ${
      packages.join(", ")
    }. Every program had ${threads} threads but where another number stands; TensorFlow chooses its own.`,
    "All programs of a table were measured in one run, in turn, round after round, one at a time.",
    ...section("Ratios", ratioTable(report)),
    ...(warm.length === 0 ? [] : section(
      "Warm",
      "One picture of 224 × 224 that lies in memory, explained by a program that is open; each turn begins with untimed " +
        "runs for 0.1 s, then two are timed. EfficientNet-Lite0 has the weights that are shipped, the others those of " +
        "keras.applications' architectures with random weights, the same for every program: carried over to " +
        "torchvision's networks, which stride and pad as Keras's do here. ViT-B-16 is torchvision's, which we read as ONNX.",
      warmTable(warm),
    )),
    ...(agreements.length === 0 ? [] : section(
      "The same map",
      "The largest difference of any value of the maps, which are 0 to 1, before they are enlarged, or of the scores; ours asked for what " +
        "the other computes: tf-keras-vis and pytorch-grad-cam cut off negative values and scale with an epsilon of 1e-7, " +
        "and pytorch-grad-cam explains the logit.",
      table(
        ["network", "program", "what", "largest difference from ours"],
        agreements.map((
          { network, peer, what, difference },
        ) => [network, peer, what, difference.toExponential(1)]),
      ),
    )),
    ...(memory.length === 0 ? [] : section(
      "Memory",
      "The most resident memory that a process took which opened the network and explained one picture; and that without " +
        "what it took with the library loaded and the backend started, before the model.",
      memoryTable(memory),
    )),
    ...(cold.length === 0 ? [] : section(
      "Cold",
      "From the start of a process to the written overlay of chelsea.png, EfficientNet-Lite0.",
      coldTable(cold),
    )),
    ...(batches.length === 0 ? [] : section(
      `${batchSize} photos`,
      "From the start of a process to the last overlay.",
      coldTable(batches),
    )),
    ...(leftOut.length === 0 ? [] : section("Left out", leftOut.map((line) => `- ${line}`).join("\n"))),
  ].join("\n\n");
}

/**
 * Put text between the marks of a file.
 *
 * @throws {Error} If the file has no such marks.
 */
export async function writeBetweenMarks(path: URL, name: string, text: string): Promise<void> {
  const content = await Deno.readTextFile(path);
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [content.indexOf(begin), content.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`Cannot write to ${path.pathname}: put ${begin} and ${end} there`);
  }
  await Deno.writeTextFile(
    path,
    `${content.slice(0, from + begin.length)}\n\n${text}\n\n${content.slice(to)}`,
  );
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path.pathname] }).output();
}
