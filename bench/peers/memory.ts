/**
 * What memory the first map takes: the peak of a process that opens a network and explains one picture.
 *
 * @module
 */
import type { Network } from "./networks.ts";
import { ours } from "./ours.ts";
import type { Setting } from "./peer.ts";
import { denoCommand, runToEnd } from "./process.ts";
import { progress } from "./progress.ts";

const child = new URL("children/memory.ts", import.meta.url);

/** Peaks hardly differ from run to run. */
const runs = 3;

/** What was taken by each run with a network, in MB. */
export interface MemorySeries {
  /** The network's name. */
  readonly network: string;
  /** Its weights in float32. */
  readonly weights: readonly number[];
  /** The most that the process took. */
  readonly peak: readonly number[];
  /** That without what it took before the model was opened. */
  readonly own: readonly number[];
}

/** Measure one network; `undefined` where its number of weights is not known. */
export async function measureMemory(network: Network, setting: Setting): Promise<MemorySeries | undefined> {
  if (network.parameters === undefined || network.isInner) return undefined;
  progress(`${network.name}: memory`);
  const { args: [, , , , model] } = await ours.warm(network, setting);
  const series = { weights: [] as number[], peak: [] as number[], own: [] as number[] };
  for (let run = 0; run < runs; run++) {
    const { output } = await runToEnd(denoCommand(child, model!, setting.input, `${setting.threads}`));
    const { peak, runtime } = JSON.parse(output) as { peak: number; runtime: number };
    series.weights.push(network.parameters * 4 / 1e6);
    series.peak.push(peak / 1e6);
    series.own.push((peak - runtime) / 1e6);
  }
  return { network: network.name, ...series };
}
