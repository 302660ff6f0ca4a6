/** How a program ends that serves. */
export interface TerminationOptions {
  /**
   * After how many milliseconds it ends, whatever is still under way.
   * @default {10000}
   */
  readonly graceMs?: number;
}

/** The part of the grace that is kept for answers to be read when what is under way has been cut, in milliseconds. */
const flushMs = 500;

/** What a process that asked twice to end is ended with, as shells have it. */
const interruptedCode = 130;

/**
 * When the process is told to end, have what was admitted answered and the rest cut within a time, after which the process
 * is ended; told twice, it ends at once. `deno serve` closes its port and waits for its connections itself, but for stalled
 * ones for ever. Does nothing where a program hears of no signals.
 *
 * @param drain Takes no new work, and cuts what is under way after a time.
 */
export function drainOnTermination(
  drain: (options: { readonly timeoutMs: number }) => Promise<void>,
  { graceMs = 10_000 }: TerminationOptions = {},
): void {
  const runtime = globalThis.Deno;
  if (!runtime?.addSignalListener) return;
  let isEnding = false;
  const end = () => {
    if (isEnding) runtime.exit(interruptedCode);
    isEnding = true;
    drain({ timeoutMs: Math.max(graceMs - flushMs, 0) }).catch(() => {});
    runtime.unrefTimer(setTimeout(() => runtime.exit(0), graceMs));
  };
  const signals: Deno.Signal[] = runtime.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  try {
    for (const signal of signals) runtime.addSignalListener(signal, end);
  } catch {
    // A host that has the function but no signals.
  }
}
