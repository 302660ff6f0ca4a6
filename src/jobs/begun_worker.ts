/**
 * Workers that are begun before it is known what they are for: what they load takes longer than to find out.
 *
 * @module
 */

/** Hears of a worker: its messages, and that it has failed. */
export interface WorkerListener {
  message(event: MessageEvent): void;
  error(event: ErrorEvent): void;
  unreadable(): void;
}

/** Says something to a listener. */
type Saying = (listener: WorkerListener) => void;

/** A worker that nobody has taken yet, and what it has said so far. */
interface BegunWorker {
  readonly worker: Worker;
  readonly said: Saying[];
}

const begun = new Map<string, BegunWorker>();

function start(location: URL): BegunWorker {
  const worker = new Worker(location, { type: "module" });
  const said: Saying[] = [];
  listenTo(worker, (saying) => said.push(saying));
  return { worker, said };
}

function listenTo(worker: Worker, hear: (saying: Saying) => void): void {
  worker.onmessage = (event) => hear((listener) => listener.message(event));
  worker.onmessageerror = () => hear((listener) => listener.unreadable());
  worker.onerror = (event) => {
    event.preventDefault();
    hear((listener) => listener.error(event));
  };
}

/**
 * Begin a worker, for who first asks for one of the same program.
 *
 * @param location Where its program is.
 */
export function beginWorker(location: URL): void {
  if (!begun.has(location.href)) begun.set(location.href, start(location));
}

/**
 * A worker that was begun before, or a new one.
 *
 * @param location Where its program is.
 * @param listener Hears of it, before anything else is done also what it said before.
 */
export function takeWorker(location: URL, listener: WorkerListener): Worker {
  const { worker, said } = begun.get(location.href) ?? start(location);
  begun.delete(location.href);
  listenTo(worker, (saying) => saying(listener));
  if (said.length > 0) queueMicrotask(() => said.forEach((saying) => saying(listener)));
  return worker;
}

/** End a worker that was begun and that nobody has taken, if there is one. */
export function dropWorker(location: URL): void {
  begun.get(location.href)?.worker.terminate();
  begun.delete(location.href);
}
