/**
 * Warm times: each peer kept open, all in turn, round after round, and nothing else at the same time.
 *
 * @module
 */
import { largestDifference, largestMagnitude } from "../../src/testing/mod.ts";
import { Conversation } from "./conversation.ts";
import type { Network } from "./networks.ts";
import { type Peer, type Setting, takes, type Task } from "./peer.ts";
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
  /** What was compared. */
  readonly what: "maps" | "scores";
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

/** What is measured of an open peer. */
interface Running extends WarmSeries {
  readonly open: OpenPeer;
}

function leaveOut({ leftOut }: WarmResults, { name }: Network, peer: Peer, error: unknown): void {
  const line = `${peer.name} with ${name}: ${(error as Error).message}`;
  progress(`Left out: ${line}`);
  leftOut.push(line);
}

/** Do something with each peer; one that fails is left out, but for ours, which all are compared with. */
async function eachOf<T>(
  open: readonly OpenPeer[],
  network: Network,
  results: WarmResults,
  use: (peer: OpenPeer) => Promise<T>,
): Promise<OpenPeer[]> {
  const left: OpenPeer[] = [];
  for (const one of open) {
    try {
      await use(one);
      left.push(one);
    } catch (error) {
      if (one === open[0]) throw error;
      leaveOut(results, network, one.peer, error);
      await one.conversation.close();
    }
  }
  return left;
}

async function openAll(network: Network, peers: readonly Peer[], setting: Setting, results: WarmResults) {
  const open: OpenPeer[] = [];
  for (const peer of peers) {
    if (!takes(peer, network)) continue;
    try {
      const command = await peer.warm(network, setting);
      progress(`${network.name}: opening ${peer.name}`);
      const conversation = await Conversation.open(command);
      open.push({ peer, conversation });
      Object.assign(results.versions, conversation.versions);
    } catch (error) {
      if (peer === peers[0]) throw error; // all are compared with it
      leaveOut(results, network, peer, error);
    }
  }
  return open;
}

/**
 * The largest difference of a peer's map from ours.
 *
 * @throws {Error} If it is more than it may be, or says nothing since the map is 0 everywhere.
 */
async function compare(
  ours: Conversation,
  { peer, conversation }: OpenPeer,
  classIndex: number,
  network: Network,
) {
  if (!peer.sameAs) return largestDifference(await ours.scores(), await conversation.scores());
  const layer = network.from === "torch" ? { layer: network.layer } : {}; // else it is the one that is chosen anyway
  const { map: expected } = await ours.map(classIndex, { ...peer.sameAs, ...layer });
  const { map: actual } = await conversation.map(classIndex);
  if (largestMagnitude(expected) === 0) throw new Error("the map that is compared is 0 everywhere");
  const difference = largestDifference(expected, actual);
  const tolerance = network.weights === "shipped" ? peer.tolerance : undefined;
  if (difference > (tolerance ?? Infinity)) throw new Error(`its map differs from ours by ${difference}`);
  return difference;
}

/** Hold the maps to ours before anything is timed, and return those that agree. */
async function agree(network: Network, open: readonly OpenPeer[], classIndex: number, results: WarmResults) {
  return await eachOf(open, network, results, async (one) => {
    if (one === open[0]) return;
    const what = one.peer.sameAs ? "maps" : "scores";
    const difference = await compare(open[0]!.conversation, one, classIndex, network);
    progress(
      `${network.name}: ${what} of ${one.peer.name} differ from ours by ${difference.toExponential(1)}`,
    );
    results.agreements.push({ what, network: network.name, peer: one.peer.name, difference });
  });
}

/**
 * Measure all peers with one network.
 *
 * @param peers Those to measure, ours first.
 * @param rounds How often each has its turn, with two timed runs.
 * @param results Where to put what was measured.
 * @throws {Error} If we fail ourselves.
 */
export async function measureWarm(
  network: Network,
  peers: readonly Peer[],
  rounds: number,
  setting: Setting,
  results: WarmResults,
): Promise<void> {
  let open = await openAll(network, peers, setting, results);
  try {
    const { classIndex = 0 } = await open[0]!.conversation.map(-1);
    open = await agree(network, open, classIndex, results);
    const series = open.flatMap((one) =>
      one.peer.tasks.map((task): Running => ({
        network: network.name,
        peer: one.peer.name,
        task,
        ms: [],
        open: one,
      }))
    );
    for (let round = 1; round <= rounds; round++) {
      if (round % 5 === 1) progress(`${network.name}: round ${round} of ${rounds}`);
      open = await eachOf(open, network, results, async (one) => {
        for (const { open, task, ms } of series) {
          if (open === one) ms.push(...await one.conversation.run(task, { classIndex, warmMs, times }));
        }
      });
    }
    for (const { open: one, ...measured } of series) if (open.includes(one)) results.series.push(measured);
  } finally {
    for (const { conversation } of open) await conversation.close();
  }
}
