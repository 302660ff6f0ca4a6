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

/** How far maps and scores may be from ours. */
const tolerances: Readonly<Record<Network["weights"], number>> = { shipped: 1e-4, random: 1e-3 };

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

/** What is to be measured with a network. */
export interface WarmRequest {
  /** The peers, ours first. */
  readonly peers: readonly Peer[];
  /** How often each has its turn, with two timed runs. */
  readonly rounds: number;
  /** Whether something of a peer is to be timed. */
  isWanted(peer: Peer, task: Task): boolean;
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

/** The layer, where it is not the one that is chosen anyway. */
function layerOf({ from, isInner, layer }: Network): { readonly layer?: string } {
  return from === "torch" || isInner ? { layer } : {};
}

/**
 * The largest difference of a peer's map from ours, or of its scores where it has no maps.
 *
 * @throws {Error} If it says nothing since the map is 0 everywhere.
 */
async function compare(
  ours: Conversation,
  { peer, conversation }: OpenPeer,
  classIndex: number,
  network: Network,
) {
  if (!peer.sameAs) return largestDifference(await ours.scores(), await conversation.scores());
  const options = { ...peer.sameAs as object, ...layerOf(network) };
  const { map: expected } = await ours.map(classIndex, options);
  const { map: actual } = await conversation.map(classIndex, options); // others have their own way
  if (largestMagnitude(expected) === 0) throw new Error("the map that is compared is 0 everywhere");
  return largestDifference(expected, actual);
}

/** Hold the maps to ours before anything is timed, and return those that agree. */
async function agree(network: Network, open: readonly OpenPeer[], classIndex: number, results: WarmResults) {
  return await eachOf(open, network, results, async (one) => {
    if (one === open[0] || one.peer.sameAs === "nothing") return;
    const what = one.peer.sameAs ? "maps" : "scores";
    const difference = await compare(open[0]!.conversation, one, classIndex, network);
    progress(
      `${network.name}: ${what} of ${one.peer.name} differ from ours by ${difference.toExponential(1)}`,
    );
    if (!(difference <= tolerances[network.weights])) {
      throw new Error(`its ${what} differ from ours by ${difference}`);
    }
    results.agreements.push({ what, network: network.name, peer: one.peer.name, difference });
  });
}

/**
 * Measure all peers with one network.
 *
 * @param network The network.
 * @param request What to measure.
 * @param results Where to put what was measured.
 * @throws {Error} If we fail ourselves.
 */
export async function measureWarm(
  network: Network,
  { peers, rounds, isWanted }: WarmRequest,
  setting: Setting,
  results: WarmResults,
): Promise<void> {
  let open = await openAll(network, peers, setting, results);
  const options = layerOf(network);
  try {
    const { classIndex = 0 } = await open[0]!.conversation.map(-1, options);
    open = await agree(network, open, classIndex, results);
    const series = open.flatMap((one) =>
      one.peer.tasks.filter((task) => isWanted(one.peer, task)).map((task): Running => ({
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
          if (open === one) {
            ms.push(...await one.conversation.run(task, { classIndex, warmMs, times, options }));
          }
        }
      });
    }
    for (const { open: one, ...measured } of series) if (open.includes(one)) results.series.push(measured);
  } finally {
    await Promise.all(open.map(({ conversation }) => conversation.close()));
  }
}
