/**
 * What each method costs on the embedded model at its default layer, in units of one forward pass, cheapest first: `deno task
 * bench:methods [--method NAME,NAME] [--threads N] [--rounds N]`. Each row is a process of its own, which explains a photo
 * several times, alternating with forward passes; of both the quickest counts. Time is that of processors, so that other
 * programs hardly matter (Linux); with several threads they also count while they wait for each other.
 *
 * @module
 */
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { loadModel } from "../src/formats/mod.ts";
import { type MethodName, methods } from "../src/methods/mod.ts";
import type { MethodSettings } from "../src/methods/settings.ts";
import { settingsOf } from "./pointing_game.ts";
import { photoTensor, threadCounts } from "./setup.ts";

/** One row of the table. */
interface Row {
  readonly name: string;
  readonly methods: readonly MethodName[];
  readonly settings: MethodSettings;
  /** How many forward passes it may cost at most. */
  readonly most?: number;
  /** How many times the first row it may cost at most. */
  readonly mostTimes?: number;
}

/** What a process found. */
interface Measured {
  /** Milliseconds of processor time. */
  readonly ms: number;
  readonly forwardMs: number;
  /** What the method said before that it would compute. */
  readonly told: number;
  /** Peak of resident memory in MB while it ran, and before. */
  readonly peak: number;
  readonly before: number;
}

const samples = { samples: 100, steps: 50, channels: 64 };

const asked: Readonly<Record<string, Pick<Row, "most">>> = {
  ablationcam: { most: 30 },
  scorecam: { most: 70 },
  integratedgradients: { most: 160 },
};

const rows: readonly Row[] = [
  ...methods.filter(({ at }) => at !== "tokens").map(({ name }): Row => ({
    name,
    methods: [name],
    settings: settingsOf(name, samples),
    ...asked[name],
  })),
  {
    name: "five together",
    methods: ["gradcam", "gradcam++", "xgradcam", "hirescam", "layercam"],
    settings: {},
    mostTimes: 1.25,
  },
];

/** Processor time of this process and its threads, in milliseconds. */
function processorMs(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function megabytes(field: "VmHWM" | "VmRSS"): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) * 1024 / 1e6;
}

/** How long something takes, of many times in a row. */
async function timed(work: () => Promise<unknown>, times: number): Promise<number> {
  const start = processorMs();
  for (let time = 0; time < times; time++) await work();
  return (processorMs() - start) / times;
}

/** In a process of its own: what a row costs. */
async function measure({ methods, settings }: Row, threads: number, rounds: number): Promise<Measured> {
  await selectBackend({ backend: "wasm", threads });
  const model = await loadModel();
  const x = photoTensor();
  const split = model.split();
  const pause = () => Promise.resolve();
  const forward = async () => {
    const { activation, carried } = await split.headInTurns(x, pause);
    const scores = await split.rerun(activation, carried, pause);
    await scores.data();
    tf.dispose([activation, ...carried, scores]);
  };
  let told = 0;
  const onProgress = ({ total }: { total: number }) => told = total;
  const explain = () => gradcam(model, x, { method: methods, settings, threads, onProgress });
  await timed(forward, 3);
  const before = megabytes("VmRSS");
  Deno.writeTextFileSync("/proc/self/clear_refs", "5"); // the peak begins anew
  const first = await timed(explain, 1);
  const peak = megabytes("VmHWM");
  const times = Math.max(1, Math.min(20, Math.round(1000 / first))); // the clock ticks every 10 ms
  let [ms, forwardMs] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    forwardMs = Math.min(forwardMs, await timed(forward, 20));
    ms = Math.min(ms, await timed(explain, times));
  }
  return { ms, forwardMs, told, peak, before };
}

/** Have a row measured by a process of its own. */
async function measureApart(row: Row, threads: number, rounds: number): Promise<Measured> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      import.meta.filename!,
      "--row",
      row.name,
      "--threads",
      `${threads}`,
    ]
      .concat("--rounds", `${rounds}`),
  }).output();
  if (!success) throw new Error(`${row.name}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Whether a row keeps what was asked, in words. */
function verdict({ most, mostTimes }: Row, passes: number, times: number): string {
  if (most !== undefined) return `${passes <= most ? "within" : "OVER"} ${most}`;
  if (mostTimes !== undefined) {
    return `${times.toFixed(2)} × one map, ${times <= mostTimes ? "within" : "OVER"} ${mostTimes}`;
  }
  return "";
}

async function printTable(chosen: readonly Row[], threads: number, rounds: number): Promise<void> {
  console.log(`\n${threads} thread${threads === 1 ? "" : "s"}`);
  console.log("| method | told | pieces | ms | forward passes | peak MB (before) | asked |");
  console.log("| --- | --- | --: | --: | --: | --: | --- |");
  const found: { passes: number; line: string }[] = [];
  let one = NaN;
  for (const row of chosen) {
    const { ms, forwardMs, told, peak, before } = await measureApart(row, threads, rounds);
    if (row.name === "gradcam") one = ms;
    const passes = ms / forwardMs;
    const settings = Object.entries(row.settings).map((entry) => entry.join(" ")).join(", ");
    const memory = `${peak.toFixed(0)} (${before.toFixed(0)})`;
    const line = [row.name, settings, told, ms.toFixed(0), passes.toFixed(1), memory];
    console.error(line.join("  "));
    found.push({ passes, line: `| ${[...line, verdict(row, passes, ms / one)].join(" | ")} |` });
  }
  for (const { line } of found.toSorted((a, b) => a.passes - b.passes)) console.log(line);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      method: { type: "string" },
      threads: { type: "string" },
      rounds: { type: "string", default: "3" },
      row: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (values.row) {
    const row = rows.find(({ name }) => name === values.row)!;
    console.log(JSON.stringify(await measure(row, Number(values.threads), rounds)));
    Deno.exit(); // threads of WebAssembly would keep it
  }
  const wanted = values.method?.split(",");
  const chosen = wanted ? rows.filter(({ name }) => wanted.includes(name)) : rows;
  const all = values.threads ? [Number(values.threads)] : await threadCounts();
  for (const threads of new Set([all[0]!, all.at(-1)!])) await printTable(chosen, threads, rounds);
  Deno.exit();
}
