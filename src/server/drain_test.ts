import { assert, assertEquals } from "@std/assert";
import { plainPhoto, posted, withService } from "./testing.ts";

/** A body that begins and never ends. */
function stalled(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(plainPhoto.subarray(0, 9)) });
}

Deno.test("drain() has what was admitted answered, and new work refused", async () => {
  await withService({ queue: 8 }, async ({ service, ask, errors }) => {
    const burst = Array.from({ length: 6 }, () => ask("/v1/explain?format=json", posted()));
    assertEquals(service.state, { underWay: 6, isDraining: false });
    const drained = service.drain();
    const refused = await ask("/v1/explain", posted());
    const { code } = await refused.json();
    assertEquals([refused.status, code], [503, "draining"]);
    assertEquals(["retry-after", "connection"].map((name) => refused.headers.get(name)), ["1", "close"]);
    const others: [string, number][] = [
      ["/readyz", 503],
      ["/healthz", 200],
      ["/health", 200],
      ["/metrics", 200],
      ["/v1/models/default", 503],
      ["/v1/models/default/layers", 503],
      ["/layers", 503],
    ];
    for (const [path, status] of others) {
      const response = await ask(path);
      await response.body?.cancel();
      assertEquals([response.status, response.headers.get("connection")], [status, "close"], path);
    }
    const answers = await Promise.all(burst);
    await drained;
    assertEquals(answers.map(({ status }) => status), Array(6).fill(200));
    for (const answer of answers) assertEquals((await answer.json()).layer, "features");
    assertEquals([service.state, errors], [{ underWay: 0, isDraining: true }, []]);
    await service.drain();
  });
});

Deno.test("drain() cuts what has not come in time", async () => {
  await withService({}, async ({ service, ask, records, errors }) => {
    const uploads = [1, 2].map(() => ask("/v1/explain", posted({}, stalled())));
    const began = performance.now();
    const whole = service.drain();
    await service.drain({ timeoutMs: 50 });
    await whole;
    assert(performance.now() - began < 2000);
    for (const response of await Promise.all(uploads)) {
      assertEquals([response.status, (await response.json()).code], [503, "draining"]);
      assertEquals(response.headers.get("connection"), "close");
    }
    assertEquals([records.map(({ status }) => status), errors], [[503, 503], []]);
  });
});

Deno.test("close() cuts what is under way, and may be called again", async () => {
  await withService({}, async ({ service, ask, errors }) => {
    const upload = ask("/v1/explain", posted({}, stalled()));
    await service.close();
    await service.close();
    assertEquals((await upload).status, 503);
    await (await upload).body?.cancel();
    const after = await ask("/v1/explain", posted());
    await after.body?.cancel();
    assertEquals([after.status, errors], [503, []]);
  });
});
