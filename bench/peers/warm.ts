/**
 * Warm times: each peer kept open, all in turn, round after round, and nothing else at the same time.
 *
 * @module
 */
import { largestDifference, largestMagnitude } from "../../src/testing.ts";
import { Conversation, type PeerMap } from "./conversation.ts";
import type { Network } from "./networks.ts";
import type { Peer, Setting, Task } from "./peer.ts";
import { progress } from "./progress.ts";

/** Untimed runs at the beginning of each turn go on for this long: the others have taken the caches. */
const warmMs = 100;
/** How many runs are timed in a turn. */
const times = 2;

/** The times of one peer with one network. */
export interface WarmSeries {
  /** The network's name. */
  readonly network: string;
  /** The peer's name. */
  readonly peer: string;
  /** What was timed. */
  readonly task: Task;
  /** Each time in ms. */
  readonly ms: number[];
}

/** How far a peer's map is from ours. */
export interface Agreement {
  /** The network's name. */
  readonly network: string;
  /** The peer's name. */
  readonly peer: string;
  /** The largest difference of any value; maps are 0 to 1. */
  readonly difference: number;
}

/** What was measured, and what could not be. */
export interface WarmResults {
  readonly series: WarmSeries[];
  readonly agreements: Agreement[];
  /** Versions by package. */
  readonly versions: Record<string, string>;
  /** One line for each peer that was left out. */
  readonly leftOut: string[];
}

interface OpenPeer {
  readonly peer: Peer;
  readonly conversation: Conversation;
}

/** Ask a peer and us for the same map. */
async function compare(
  ours: Conversation,
  { peer, conversation }: OpenPeer,
  classIndex: number,
): Promise<number> {
  const expected = await ours.map(classIndex, peer.sameAs);
  const actual: PeerMap = await conversation.map(classIndex);
  if (largestMagnitude(expected.map) === 0) throw new Error("the map that is compared is 0 everywhere");
  return largestDifference(expected.map, actual.map);
}

async function openAll(network: Network, peers: readonly Peer[], setting: Setting, results: WarmResults) {
  const open: OpenPeer[] = [];
  for (const peer of peers) {
    if (peer.networks && !peer.networks.includes(network.name)) continue;
    try {
      const command = await peer.warm(network, setting);
      progress(`${network.name}: opening ${peer.name}`);
      const conversation = await Conversation.open(command);
      open.push({ peer, conversation });
      Object.assign(results.versions, conversation.versions);
    } catch (error) {
      leaveOut(results, network, peer, error);
    }
  }
  return open;
}

function leaveOut({ leftOut }: WarmResults, { name }: Network, peer: Peer, error: unknown): void {
  const line = `${peer.name} with ${name}: ${(error as Error).message}`;
  progress(`Left out: ${line}`);
  leftOut.push(line);
}

/** Hold the maps of all peers to ours before anything is timed. */
async function agree(network: Network, open: readonly OpenPeer[], results: WarmResults): Promise<number> {
  const ours = open[0]!.conversation;
  const { classIndex } = await ours.map(-1) as { classIndex: number };
  for (const { peer, conversation } of open) {
    if (!peer.sameAs) continue;
    const difference = await compare(ours, { peer, conversation }, classIndex);
    progress(`${network.name}: the map of ${peer.name} differs from ours by ${difference.toExponential(1)}`);
    if (network.weights === "shipped" && difference > (peer.tolerance ?? Infinity)) {
      throw new Error(
        `${peer.name} and we explain ${network.name} differently: ${difference.toExponential(1)}`,
      );
    }
    results.agreements.push({ network: network.name, peer: peer.name, difference });
  }
  return classIndex;
}

/**
 * Measure all peers with one network.
 *
 * @param peers Those to measure, ours first.
 * @param rounds How often each has its turn, with two timed runs.
 * @param results Where to put what was measured.
 */
export async function measureWarm(
  network: Network,
  peers: readonly Peer[],
  rounds: number,
  setting: Setting,
  results: WarmResults,
): Promise<void> {
  const open = await openAll(network, peers, setting, results);
  try {
    if (open[0]?.peer.option !== "ours") return;
    const classIndex = await agree(network, open, results);
    const series = open.flatMap(({ peer, conversation }) =>
      peer.tasks.map((task): WarmSeries & { conversation: Conversation } => ({
        network: network.name,
        peer: peer.name,
        task,
        ms: [],
        conversation,
      }))
    );
    for (let round = 1; round <= rounds; round++) {
      if (round % 5 === 1) progress(`${network.name}: round ${round} of ${rounds}`);
      for (const { conversation, task, ms } of series) {
        ms.push(...await conversation.run(task, { classIndex, warmMs, times }));
      }
    }
    results.series.push(...series.map(({ conversation: _, ...rest }) => rest));
  } finally {
    for (const { conversation } of open) await conversation.close();
  }
}
