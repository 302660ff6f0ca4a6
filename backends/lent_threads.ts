/**
 * Threads that one thread starts for another. Deno takes a second to start a worker from within a worker, and a tenth of that
 * from the main thread: so a program that starts a worker which is to compute on several threads starts those too, and sends
 * the worker a port to each.
 *
 * @module
 */
import { keepAlive } from "../src/platform/keep_alive.ts";
import { endJobs, jobMemory } from "./simd/job_thread.ts";
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

/** Threads as they are sent to whoever is to use them. */
export interface LentThreads {
  /** A port to each. */
  readonly ports: readonly MessagePort[];
  /** What tells them of jobs: whoever has it can end them. */
  readonly jobs: SharedArrayBuffer | undefined;
}

/** Threads to lend, and how to end them. */
export interface Lending {
  readonly lent: LentThreads;
  /** End them, whatever they do and whatever has become of the worker that uses them. */
  end(): void;
}

/** Start a thread, and make a port to it. */
function startThread(onFailure: (message: string) => void): { worker: Worker; port: MessagePort } {
  const worker = new Worker(receiver, { type: "module" });
  keepAlive(worker, false);
  worker.onerror = (event) => {
    event.preventDefault();
    onFailure(event.message);
  };
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(port1, [port1]);
  return { worker, port: port2 };
}

/**
 * Start threads for a worker to use; they do not keep the process alive.
 *
 * @param count How many; none are started where threads can share no memory.
 * @param onFailure Told when one of them fails.
 */
export function lendThreads(count: number, onFailure: (message: string) => void): Lending {
  const possible = typeof SharedArrayBuffer === "undefined" ? 0 : count;
  const threads = Array.from({ length: possible }, () => startThread(onFailure));
  const jobs = possible > 0 ? jobMemory() : undefined;
  return {
    lent: { ports: threads.map(({ port }) => port), jobs },
    end() {
      if (jobs) endJobs(jobs);
      for (const { worker } of threads) worker.terminate();
    },
  };
}

/** What was lent to this thread and is not in use. */
let borrowed: LentThreads | undefined;

/** Have threads that were lent to this one used before others are started. */
export function borrowThreads(lent: LentThreads): void {
  borrowed = lent;
}

/** Take what was lent to this thread, if that is still there. */
export function takeBorrowed(): LentThreads | undefined {
  const taken = borrowed;
  borrowed = undefined;
  return taken?.jobs && taken;
}

/**
 * What starts workers on threads that were lent, as long as there are any, and else in another way.
 *
 * @param ports A port to each.
 * @param otherwise The other way.
 */
export function startOnLent(ports: readonly MessagePort[], otherwise: StartWorker): StartWorker {
  const left = [...ports];
  return (script, listener) => {
    const port = left.pop();
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
