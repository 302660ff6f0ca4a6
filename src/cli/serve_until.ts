import type { ExplainService } from "../server/mod.ts";
import { Interrupted } from "./interrupted.ts";
import { listen, type Listening, type ListenOptions } from "./serve_listen.ts";

/** How a service is run. */
export interface ServeOptions extends Omit<ListenOptions, "requestTimeoutMs"> {
  /** How long a body may take to arrive, in milliseconds. */
  readonly bodyTimeoutMs: number;
  /** How long after an interruption what was admitted may take to be answered, in milliseconds. */
  readonly graceMs: number;
  /** The interruption. */
  readonly signal: AbortSignal;
  /** Told where it listens. */
  readonly onListen: (url: string) => Promise<void>;
}

/** How long the service's own limit of a body has, to answer, before the connection is closed, in milliseconds. */
const answerMs = 10_000;

/** The part of the grace that is kept for answers to be read and workers to end when what is under way was cut, in milliseconds. */
const lastMs = 1_000;

/** Wait for something, but no longer than so many milliseconds. */
async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  try {
    await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when a signal is given. */
function given(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Wait until the models are open, unless it is interrupted before that. */
async function untilReady(opening: Promise<void>, signal: AbortSignal): Promise<void> {
  await Promise.race([opening, given(signal)]);
  if (signal.aborted) throw new Interrupted("Interrupted");
}

/** Tell those who have come already that there will be no service. */
async function dismiss(service: ExplainService, server: Listening | undefined): Promise<void> {
  const closed = server?.stop() ?? Promise.resolve();
  await within(service.drain({ timeoutMs: 0 }), lastMs / 2);
  await within(closed, lastMs / 2);
  server?.end();
  await closed;
}

/**
 * Open the models, serve until it is interrupted, answer what was admitted before, and free everything. It listens while the
 * models are opened, so that what is asked meanwhile is answered as soon as they are.
 *
 * @throws {GradcamError} If a model cannot be opened, or it cannot listen there.
 * @throws {Interrupted} If it is interrupted before it serves.
 */
export async function serveUntilInterrupted(service: ExplainService, options: ServeOptions): Promise<void> {
  const { headerTimeoutMs, bodyTimeoutMs, graceMs, signal } = options;
  if (signal.aborted) throw new Interrupted("Interrupted");
  const kept = Math.min(lastMs, graceMs / 4);
  let end = Infinity;
  const left = () => Math.max(end - performance.now(), 0);
  const requestTimeoutMs = headerTimeoutMs + bodyTimeoutMs + answerMs;
  const opening = service.ready();
  const listening = listen(service.fetch, { ...options, requestTimeoutMs });
  listening.catch(() => {}); // told when the models are open: what is wrong with them comes first
  try {
    await untilReady(opening, signal);
    const server = await listening;
    await options.onListen(server.url);
    await given(signal);
    end = performance.now() + graceMs;
    const closed = server.stop();
    await within(service.drain({ timeoutMs: graceMs - kept }), left() - kept / 2);
    await within(closed, left() - kept / 4);
    server.end();
    await closed;
  } catch (error) {
    await dismiss(service, await listening.catch(() => undefined));
    throw error;
  } finally {
    await within(service.close(), Math.min(left(), lastMs));
  }
}
