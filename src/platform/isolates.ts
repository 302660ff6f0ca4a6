/**
 * How many isolates of this process serve: `deno serve --parallel` runs the same module in one a core, and nothing tells an
 * isolate how many there are. They count each other over a channel.
 *
 * @module
 */

/** What isolates say to each other: who they are, and whether they want to hear the same. */
interface Hello {
  readonly process: number;
  readonly isolate: string;
  readonly isQuestion: boolean;
}

/** For how long after the first word of this isolate those that start with it are waited for, in milliseconds. */
const settlingMs = 300;

/** When the first word was said. */
let announced: number | undefined;

/** Those that were heard of; this one is not among them. */
const others = new Set<string>();

/**
 * Let an open channel not hold the process; the method has no public name, and where it is not to be found the channel must
 * not stay open.
 */
function letExit(channel: BroadcastChannel): boolean {
  const prototype = BroadcastChannel.prototype as unknown as Record<symbol, unknown>;
  const symbol = Object.getOwnPropertySymbols(prototype)
    .find(({ description }) => description === "refBroadcastChannel");
  const method = symbol && prototype[symbol];
  if (typeof method !== "function") return false;
  method.call(channel, false);
  return true;
}

/**
 * Tell the other isolates of this process that this one serves, and hear of theirs from now on. Costs next to nothing where
 * there are none, holds no process, and does nothing where there can be no threads to share.
 */
export function announceIsolate(): void {
  if (announced !== undefined || !globalThis.Deno) return;
  if (typeof SharedArrayBuffer === "undefined" || typeof Worker === "undefined") return;
  if (typeof BroadcastChannel === "undefined") return;
  announced = performance.now();
  const process = Deno.pid; // a channel may reach further than a process
  const isolate = crypto.randomUUID();
  const channel = new BroadcastChannel("@xai/gradcam isolates");
  const say = (isQuestion: boolean) => channel.postMessage({ process, isolate, isQuestion } satisfies Hello);
  channel.onmessage = ({ data }: MessageEvent<Hello>) => {
    if (data.process !== process) return;
    others.add(data.isolate);
    if (data.isQuestion) say(false);
  };
  say(true);
  if (letExit(channel)) return;
  const timer = setTimeout(() => channel.close(), settlingMs);
  Deno.unrefTimer(timer);
}

/**
 * How many cores are this isolate's to compute on: the machine's, shared with the other isolates of `deno serve --parallel`.
 * Resolves at once, but within 300 ms after this isolate was announced, when others may still be starting.
 *
 * @returns A whole number, 1 at least.
 */
export async function coresForThisIsolate(): Promise<number> {
  const cores = navigator.hardwareConcurrency;
  if (announced === undefined || cores === 1) return cores;
  const restMs = announced + settlingMs - performance.now();
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  return Math.max(Math.floor(cores / (others.size + 1)), 1);
}
