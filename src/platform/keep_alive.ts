/** Deno's own workers with the method that its `node:worker_threads` call to let the process exit. */
type RefCounted = Worker & Readonly<Record<symbol, (isCounted: boolean) => void>>;

/** The name of that method, which is not public: a symbol without a description. */
function findCounter(): symbol | undefined {
  if (typeof Worker === "undefined" || !globalThis.Deno) return undefined;
  const prototype = Worker.prototype as RefCounted;
  const isCounter = (symbol: symbol) => !symbol.description && prototype[symbol]?.length === 1;
  return Object.getOwnPropertySymbols(prototype).find(isCounter);
}

/** Workers that were told to let it exit. Each call counts, so that none is made twice. */
const idle = new WeakSet<Worker>();

/** Whether a web worker can be told to let the process exit. */
export function canLetExit(): boolean {
  return findCounter() !== undefined;
}

/**
 * Say whether a worker keeps the process alive, as it does unless told otherwise. Where nothing can be told, it does.
 *
 * @param isNeeded Whether somebody waits for what it does.
 */
export function keepAlive(worker: Worker, isNeeded: boolean): void {
  const counter = findCounter();
  const method = counter && (worker as RefCounted)[counter]; // a test's worker may have none
  if (!method || isNeeded !== idle.has(worker)) return;
  if (isNeeded) idle.delete(worker);
  else idle.add(worker);
  method.call(worker, isNeeded);
}
