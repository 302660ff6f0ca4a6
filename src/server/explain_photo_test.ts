import { assertEquals, assertRejects } from "@std/assert";
import type { ExplainTask } from "./engine/mod.ts";
import type { Exchange } from "./exchange.ts";
import { explainInTime } from "./explain_photo.ts";
import { Problem } from "./problem.ts";

/** Work that goes on until it is dropped. */
function endless(_task: ExplainTask, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

function exchangeWith(timeLimitMs: number, signal: AbortSignal): Exchange {
  return {
    service: { engine: { explain: endless }, limits: { timeLimitMs } },
    signal,
  } as unknown as Exchange;
}

const task = {} as ExplainTask;

Deno.test("explainInTime() drops work whose time is over, and says so", async () => {
  const exchange = exchangeWith(20, new AbortController().signal);
  const problem = await assertRejects(() => explainInTime(exchange, task), Problem, "longer than 20 ms");
  assertEquals([problem.status, problem.code, problem.headers["retry-after"]], [503, "time-limit", "10"]);
});

Deno.test("explainInTime() drops work that nobody waits for", async () => {
  const leaving = new AbortController();
  const answering = explainInTime(exchangeWith(60_000, leaving.signal), task);
  leaving.abort(new Error("The client has left"));
  await assertRejects(() => answering, Error, "The client has left");
});
