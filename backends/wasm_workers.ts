import type { Worker as NodeWorker } from "node:worker_threads";

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

/** Deno's own workers with the method that its `node:worker_threads` call to let the process exit. */
type RefCounted = Worker & Readonly<Record<symbol, (isCounted: boolean) => void>>;

/** The name of that method, which is not public: a symbol without a description. */
function findCounter(): symbol | undefined {
  if (typeof Worker === "undefined" || !globalThis.Deno) return undefined;
  const prototype = Worker.prototype as RefCounted;
  const isCounter = (symbol: symbol) => !symbol.description && prototype[symbol]?.length === 1;
  return Object.getOwnPropertySymbols(prototype).find(isCounter);
}

/** Web workers start in a third of the time of Node's, which load all that Node has. */
function webStarter(counter: symbol): StartWorker {
  return (script, { message, error }) => {
    const worker = new Worker(receiver, { type: "module" }) as RefCounted;
    worker[counter]!(false);
    worker.onmessage = ({ data }) => message(data);
    worker.onerror = (event) => {
      event.preventDefault();
      error(new Error(event.message));
    };
    worker.postMessage(script);
    return worker;
  };
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
  const counter = findCounter();
  return counter ? webStarter(counter) : nodeStarter((await import("node:worker_threads")).Worker);
}
