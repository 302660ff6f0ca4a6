/**
 * Threads that one thread starts for another. Deno takes a second to start a worker from within a worker, and a tenth of that
 * from the main thread: so a program that starts a worker which is to compute on several threads starts those too, and sends
 * the worker a port to each.
 *
 * @module
 */
import { endJobs } from "./simd/job_thread.ts";
import { keepAlive } from "../src/platform/keep_alive.ts";
import type { IdleWorker, StartWorker } from "./wasm_workers.ts";

/** What a lent thread is told at the end. */
const end = "end";

/** Speaks through the port that it is sent first, runs the script that comes through it first, and ends when it is told to. */
const receiver = `data:text/javascript,${
  encodeURIComponent(`
    onmessage = ({ data: port }) => {
      onmessage = null;
      self.postMessage = (message, transfer) => port.postMessage(message, transfer);
      port.onmessage = ({ data: script }) => {
        port.onmessage = (event) => event.data === "${end}" ? close() : self.onmessage(event);
        new Function(script)();
      };
    };
  `)
}`;

/** A thread to lend, the port through which it is used, and how to end it. */
export interface LentThread {
  readonly port: MessagePort;
  terminate(): void;
}

/** Start a thread for another to use, which is sent the port; it does not keep the process alive. */
export function lendThread(onFailure: (message: string) => void): LentThread {
  const worker = new Worker(receiver, { type: "module" });
  keepAlive(worker, false);
  worker.onerror = (event) => {
    event.preventDefault();
    onFailure(event.message);
  };
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(port1, [port1]);
  return { port: port2, terminate: () => worker.terminate() };
}

/**
 * End threads that were lent to a worker which has ended, or is about to, whatever they do.
 *
 * @param shared What they share, where they compute.
 */
export function endThreads(threads: readonly LentThread[], shared: SharedArrayBuffer | undefined): void {
  if (shared) endJobs(shared);
  for (const { terminate } of threads) terminate();
}

/** The ports to threads that were lent to this one, and are not in use. */
const borrowed: MessagePort[] = [];

/** Have threads that were lent to this one used before others are started. */
export function borrowThreads(ports: readonly MessagePort[]): void {
  borrowed.push(...ports);
}

/**
 * What starts workers on threads that were lent, as long as there are any, and else in another way.
 *
 * @param otherwise The other way.
 */
export function startOnLent(otherwise: StartWorker): StartWorker {
  return (script, listener) => {
    const port = borrowed.pop();
    if (!port) return otherwise(script, listener);
    port.onmessage = ({ data }) => listener.message(data);
    port.postMessage(script);
    const worker: IdleWorker = {
      postMessage: (message) => port.postMessage(message),
      terminate() {
        port.postMessage(end);
        port.close();
      },
    };
    return worker;
  };
}
