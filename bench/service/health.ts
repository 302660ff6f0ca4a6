/** How soon a service says how it is while it works. */
import type { PingWish } from "./pinger.ts";

/** Answers to be waited for. */
export interface Pinging {
  /** End, and give what each answer took, in ms. */
  end(): Promise<number[]>;
}

/**
 * Ask at fixed moments, from a thread of its own.
 *
 * @throws {Error} If the service does not answer.
 */
export async function startPinging(wish: PingWish): Promise<Pinging> {
  const worker = new Worker(new URL("pinger.ts", import.meta.url), { type: "module" });
  const next = () =>
    new Promise<unknown>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Cannot ask ${wish.path}: ${event.message}`));
      };
    });
  const ready = next();
  worker.postMessage(wish);
  await ready;
  return {
    async end() {
      const result = next();
      worker.postMessage("end");
      const ms = await result as number[];
      worker.terminate();
      return ms;
    },
  };
}
