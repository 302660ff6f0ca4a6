import type { Worker as NodeWorker } from "node:worker_threads";
import { canLetExit, keepAlive } from "../src/platform/keep_alive.ts";

/** What is told of a worker. */
interface WorkerListener {
  /** It has sent something. */
  message(data: unknown): void;
  /** It has failed. */
  error(error: unknown): void;
}

/** A worker that does not keep the process alive. */
export interface IdleWorker {
  /** Send something to it. */
  postMessage(message: unknown): void;
  /** End it. */
  terminate(): Promise<unknown> | void;
}

/** Starts a worker that runs a script, in which `self`, `onmessage` and `postMessage` are those of a browser's worker. */
export type StartWorker = (script: string, listener: WorkerListener) => IdleWorker;

/** Runs what it is sent first; a script in the address itself would be parsed and resolved as a module. */
const receiver = "data:text/javascript,onmessage=({data})=>{onmessage=null;new Function(data)()}";

/** Web workers start in a third of the time of Node's, which load all that Node has. */
function startWeb(script: string, { message, error }: WorkerListener): IdleWorker {
  const worker = new Worker(receiver, { type: "module" });
  keepAlive(worker, false);
  worker.onmessage = ({ data }) => message(data);
  worker.onerror = (event) => {
    event.preventDefault();
    error(new Error(event.message || "it ended without a word"));
  };
  worker.postMessage(script);
  return worker;
}

/** Before and after a script: what makes one of Node's workers look like a browser's, and receive each message once. */
const before = `
  const { parentPort } = require("node:worker_threads");
  globalThis.self = globalThis;
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
`;
const after = `
  const receive = globalThis.onmessage;
  globalThis.onmessage = null;
  parentPort.on("message", (data) => receive({ data }));
`;

function nodeStarter(Worker: typeof NodeWorker): StartWorker {
  return (script, { message, error }) => {
    const worker = new Worker(before + script + after, { eval: true });
    worker.on("message", message);
    worker.on("error", error);
    worker.unref();
    return worker;
  };
}

/** What starts workers here: where nothing lets the process exit while a web worker idles, Node's. */
export async function findWorkers(): Promise<StartWorker> {
  return canLetExit() ? startWeb : nodeStarter((await import("node:worker_threads")).Worker);
}
