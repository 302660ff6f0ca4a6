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
import { joinUnits, KeptUnits, type Unit } from "./peers/kept.ts";
import { measureMemory } from "./peers/memory.ts";
import { peers } from "./peers/mod.ts";
import { type Network, networks } from "./peers/networks.ts";
import { type Options, readOptions } from "./peers/options.ts";
import { type Peer, type Setting, takes, type Task } from "./peers/peer.ts";
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

/** The peers and networks that were chosen. */
function chosenOf({ only, networks: names, parts, wanted }: Options) {
  const isChosen = ({ name }: Network) => names.includes(name) && parts.includes("warm");
  return {
    peers: peers.filter(({ option }) => only.includes(option)),
    networks: networks.filter(({ name }) => names.includes(name)),
    warm: networks.filter((one) => isChosen(one) && wanted.has({ part: "warm", network: one.name })),
  };
}

/** The peers that a network is explained by for what is wanted: ours always, which all are compared with. */
function peersWith({ name }: Network, all: readonly Peer[], { wanted }: Options): Peer[] {
  return all.filter((peer) =>
    peer === all[0] || wanted.has({ part: "warm", network: name, peer: peer.name })
  );
}

/** Have everything installed and made, so that the load of that is over when the first is timed. */
async function makeAll(options: Options, setting: Setting): Promise<void> {
  const chosen = chosenOf(options);
  for (const network of chosen.networks) {
    for (const peer of peersWith(network, chosen.peers, options)) {
      if (!takes(peer, network)) continue;
      await peer.warm(network, setting).catch(() => {}); // the reason is told when its turn comes
    }
  }
}

/** Measure all peers with a network; where ours fails it is left out. */
async function measureNetwork(network: Network, options: Options, setting: Setting): Promise<Partial<Unit>> {
  const { rounds, wanted } = options;
  const results: WarmResults = { series: [], agreements: [], versions: {}, leftOut: [] };
  const request = {
    peers: peersWith(network, chosenOf(options).peers, options),
    rounds,
    isWanted: (peer: Peer, task: Task) =>
      wanted.has({ part: "warm", network: network.name, peer: peer.name, task }),
  };
  try {
    await measureWarm(network, request, setting, results);
  } catch (error) {
    results.leftOut.push(`${network.name}: ${(error as Error).message}`);
    progress(`Left out: ${results.leftOut.at(-1)}`);
  }
  const { series: warm, ...others } = results;
  return { warm, ...others };
}

/** Measure how processes do from their start. */
async function measureProcesses(
  { rounds, wanted, ...options }: Options,
  setting: Setting,
): Promise<Partial<Unit>> {
  const leftOut: string[] = [];
  const chosen = chosenOf({ rounds, wanted, ...options }).peers.filter(({ name }) =>
    wanted.has({ part: "cold", peer: name })
  );
  return { cold: await measureCold(networks[0]!, chosen, rounds, setting, leftOut), leftOut };
}

/** Measure all that was chosen, one unit after the other. */
async function measureUnits(options: Options, setting: Setting): Promise<Unit> {
  const { folder, wish, resume, parts, wanted, rounds } = options;
  const kept = await KeptUnits.open(`${folder}/measured.json`, wish, resume);
  const chosen = chosenOf(options), units: Unit[] = [];
  for (const network of chosen.warm) {
    units.push(await kept.measure(network.name, () => measureNetwork(network, options, setting)));
  }
  for (const network of parts.includes("memory") ? chosen.networks : []) {
    if (!wanted.has({ part: "memory", network: network.name })) continue;
    units.push(
      await kept.measure(`memory of ${network.name}`, async () => {
        const series = await measureMemory(network, setting);
        return { memory: series ? [series] : [] };
      }),
    );
  }
  if (parts.includes("cold") && wanted.has({ part: "cold" })) {
    units.push(await kept.measure("cold", () => measureProcesses(options, setting)));
  }
  if (parts.includes("batches") && wanted.has({ part: "batches" })) {
    const cores = navigator.hardwareConcurrency;
    units.push(await kept.measure("batches", async () => ({ batches: await measureBatches(rounds, cores) })));
  }
  return joinUnits(units);
}

async function measure(options: Options): Promise<Report> {
  const [atStart] = Deno.loadavg() as [number];
  if (atStart > quietLoad) progress(`WARNING: the load is ${describeLoad()}: the figures will mean little`);
  const setting = await prepare(options);
  await makeAll(options, setting);
  if (atStart <= quietLoad) await waitUntilQuiet();
  const before = describeLoad();
  progress(`Load: ${before}`);
  return {
    ...await measureUnits(options, setting),
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
