import { assertEquals, assertRejects } from "@std/assert";
import { askPatiently } from "./patience.ts";
import { RefusedError } from "./trouble.ts";

const busy = (retryAfter: number | undefined, status = 503) =>
  new RefusedError(status, "busy", "busy", retryAfter);

Deno.test("askPatiently() asks again when it is told to, and not otherwise", async () => {
  const waits: number[] = [];
  const patience = { signal: new AbortController().signal, onBusy: (seconds: number) => waits.push(seconds) };
  const refusals = [busy(0), busy(0, 429)];
  const answer = await askPatiently(async () => {
    const refusal = refusals.pop();
    if (refusal) throw refusal;
    return await Promise.resolve("answer");
  }, patience);
  assertEquals([answer, waits], ["answer", [0.5, 0.5]]);
  for (const error of [busy(undefined), busy(1, 500), new TypeError("mine")]) {
    await assertRejects(
      () => askPatiently(() => Promise.reject(error), patience),
      error.constructor as never,
    );
  }
  assertEquals(waits.length, 2);
});

Deno.test("askPatiently() stops waiting at once when nobody waits any more", async () => {
  const controller = new AbortController();
  const onBusy = (seconds: number) => {
    assertEquals(seconds, 15, "a server's hour is not waited for");
    controller.abort(new DOMException("left", "AbortError"));
  };
  const { signal } = controller;
  await assertRejects(() => askPatiently(() => Promise.reject(busy(3600)), { signal, onBusy }), DOMException);
});
