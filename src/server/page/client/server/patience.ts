import { RefusedError } from "./trouble.ts";

/** How long the page goes on asking a server that has no place, in seconds, and the longest pause. */
const longest = 120;
const longestPause = 15;

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, seconds * 1000);
  const leave = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", leave));
}

/** Whether a refusal says when to ask again. */
function isPassing(error: unknown): error is RefusedError & { readonly retryAfter: number } {
  return error instanceof RefusedError && [429, 503].includes(error.status) && error.retryAfter !== undefined;
}

/**
 * Ask until there is a place: again after as many seconds as the server says, for two minutes at most.
 *
 * @param ask Asks once.
 * @param signal Ends it.
 * @param onBusy Told how many seconds it waits, each time.
 * @throws What asking throws.
 */
export async function askPatiently<Result>(
  ask: () => Promise<Result>,
  { signal, onBusy }: { readonly signal: AbortSignal; readonly onBusy: (seconds: number) => void },
): Promise<Result> {
  let waited = 0;
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || waited >= longest) throw error;
      const seconds = Math.min(Math.max(error.retryAfter, 0.5), longestPause);
      onBusy(seconds);
      await pause(seconds, signal);
      waited += seconds;
    }
  }
}
