/**
 * Watching over trials with damaged files: they run in a worker, which is ended where one hangs. Whoever watches loads no
 * more than this, so that the process takes little besides. It is not published.
 *
 * @module
 */

/** What came of damaged files of one kind. */
export interface FuzzResult {
  readonly kind: string;
  readonly refused: number;
  readonly opened: number;
  /** What was neither refused in one line nor opened, with its seed. */
  readonly failures: readonly string[];
  /** The longest that one took, in ms, and its seed. */
  readonly slowest: number;
  readonly slowestSeed: number;
  /** What half of them took at most, in ms. */
  readonly median: number;
}

/** What the worker is told to do. */
export interface FuzzRequest {
  /** The first seed. */
  readonly from: number;
  /** How many files are tried, of all kinds together. */
  readonly trials: number;
  /** How many of which kinds in place of that, in order. */
  readonly kinds?: readonly (readonly [kind: string, trials: number])[];
}

/** What the worker tells: that it has started, of a trial before it, of a kind's results after all, of the end. */
interface Message {
  readonly kind?: string;
  readonly seed?: number;
  readonly result?: FuzzResult;
  readonly done?: boolean;
}

/**
 * Run trials in a worker, which is ended where one hangs.
 *
 * @param limitMs How long one damaged file may take, in ms.
 */
export async function fuzzInWorker(request: FuzzRequest, limitMs: number): Promise<FuzzResult[]> {
  const worker = new Worker(new URL("./testing.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const results: FuzzResult[] = [];
  let at = "at its start";
  let timer = setTimeout(() => {}, 0);
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    clearTimeout(timer);
    if (data.kind !== undefined) at = `at "${data.kind}", seed ${data.seed}`;
    if (data.result) results.push(data.result);
    if (data.done) return resolve();
    timer = setTimeout(() => reject(new Error(`It hangs ${at}`)), limitMs);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`It breaks ${at}: ${event.message}`));
  };
  worker.postMessage(request);
  try {
    await promise;
    return results;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
