/**
 * Grad-CAM of Python's packages and ours, side by side: the same photo, networks and weights, in turn in one run.
 * Run it with `deno task bench:peers` on a quiet machine; `--help` tells the options. What it needs is made outside the
 * repository; the tables of a whole run go to bench/RESULTS.md, the
 * ratios to the README too.
 *
 * @module
 */
import { measureBatches, measureCold } from "./peers/cold.ts";
import { Environments } from "./peers/environments.ts";
import { NetworkFiles } from "./peers/files.ts";
import { describeLoad, describeMachine, quietLoad, waitUntilQuiet } from "./peers/machine.ts";
import { peers } from "./peers/mod.ts";
import { networks } from "./peers/networks.ts";
import { type Options, readOptions } from "./peers/options.ts";
import { type Setting, takes } from "./peers/peer.ts";
import { stopAll } from "./peers/process.ts";
import { progress } from "./peers/progress.ts";
import { type Report, reportText, shortTables, writeBetweenMarks } from "./peers/report.ts";
import { measureWarm, type WarmResults } from "./peers/warm.ts";

/** Make all that is needed before the clock starts. */
async function prepare({ folder, python, given }: Options): Promise<Setting> {
  const environments = new Environments({ folder, python, given });
  const files = new NetworkFiles(`${folder}/networks`, environments);
  return { environments, files, input: await files.input(), threads: navigator.hardwareConcurrency };
}

/** Have everything installed and made, so that the load of that is over when the first is timed. */
async function makeAll(options: Options, setting: Setting): Promise<void> {
  for (const network of networks.filter(({ name }) => options.networks.includes(name))) {
    for (const peer of peers.filter(({ option }) => options.only.includes(option))) {
      if (!takes(peer, network)) continue;
      await peer.warm(network, setting).catch(() => {}); // the reason is told when its turn comes
    }
  }
}

async function measure(options: Options): Promise<Report> {
  const [atStart] = Deno.loadavg() as [number];
  if (atStart > quietLoad) progress(`WARNING: the load is ${describeLoad()}: the figures will mean little`);
  const setting = await prepare(options);
  await makeAll(options, setting);
  if (atStart <= quietLoad) await waitUntilQuiet();
  const before = describeLoad();
  progress(`Load: ${before}`);
  const chosenPeers = peers.filter(({ option }) => options.only.includes(option));
  const chosenNetworks = networks.filter(({ name }) => options.networks.includes(name));
  const results: WarmResults = { series: [], agreements: [], versions: {}, leftOut: [] };
  for (const network of options.parts.includes("warm") ? chosenNetworks : []) {
    try {
      await measureWarm(network, chosenPeers, options.rounds, setting, results);
    } catch (error) {
      results.leftOut.push(`${network.name}: ${(error as Error).message}`);
      progress(`Left out: ${results.leftOut.at(-1)}`);
    }
  }
  const cold = options.parts.includes("cold")
    ? await measureCold(networks[0]!, chosenPeers, options.rounds, setting, results.leftOut)
    : [];
  const batches = options.parts.includes("batches")
    ? await measureBatches(options.rounds, navigator.hardwareConcurrency)
    : [];
  return {
    ...results,
    warm: results.series,
    cold,
    batches,
    machine: await describeMachine(),
    load: [before, describeLoad()],
    rounds: options.rounds,
    threads: setting.threads,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** End what was started before this process ends, however that comes about. */
function stopOnInterrupt(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      stopAll();
      progress("Interrupted");
      Deno.exit(130);
    });
  }
}

if (import.meta.main) {
  stopOnInterrupt();
  try {
    const options = readOptions(Deno.args);
    const report = await measure(options);
    console.log(reportText(report));
    if (!options.print) {
      await writeBetweenMarks(new URL("RESULTS.md", import.meta.url), "peers", reportText(report));
      await writeBetweenMarks(new URL("../README.md", import.meta.url), "peers", shortTables(report));
    }
    Deno.exit(0);
  } catch (error) {
    stopAll();
    console.error(`bench:peers: ${(error as Error).message}`);
    Deno.exit(error instanceof RangeError || error instanceof TypeError ? 2 : 1);
  }
}
