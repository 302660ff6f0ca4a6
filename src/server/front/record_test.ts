import { assert, assertEquals, assertMatch } from "@std/assert";
import { logLine } from "../log_line.ts";
import { plainPhoto, posted, withService } from "../testing.ts";

Deno.test("recordRequest() takes a request's id where it is one, and gives one where not", async () => {
  await withService({}, async ({ ask, records }) => {
    for (const id of ["a", "01-ab_C.9", "x".repeat(128)]) {
      const { headers } = await ask("/healthz", { headers: { "x-request-id": id } });
      assertEquals([headers.get("x-request-id"), records.at(-1)!.id], [id, id]);
    }
    for (const id of ["", "x".repeat(129), "a b", 'a"b', "a/b", "é"]) {
      const { headers } = await ask("/nothing", { headers: { "x-request-id": id } });
      assertMatch(headers.get("x-request-id")!, /^[\da-f-]{36}$/);
    }
  });
});

Deno.test("recordRequest() tells of each request once, and nothing of its photo", async () => {
  await withService({}, async ({ ask, records }) => {
    const answers = [
      await ask("/v1/explain?format=json&class=wasp", posted()),
      await ask("/v1/explain?layer=hidden-thing", posted()),
      await ask("/no/such/path?q=1"),
      await ask("/v1/models/default", { method: "HEAD" }),
      await ask("/healthz", { method: "BREW" }),
    ];
    const sizes = await Promise.all(answers.map(async (answer) => (await answer.bytes()).length));
    assertEquals(records.map(({ method, route, status }) => [method, route, status]), [
      ["POST", "/v1/explain", 200],
      ["POST", "/v1/explain", 422],
      ["GET", "none", 404],
      ["HEAD", "/v1/models/{id}", 200],
      ["BREW", "/healthz", 405],
    ]);
    assertEquals(records.map(({ sent }) => sent), sizes);
    assertEquals(records.map(({ received }) => received), [plainPhoto.length, plainPhoto.length, 0, 0, 0]);
    assertEquals(records.map(({ problem }) => problem !== undefined), [false, true, true, false, true]);
    for (const record of records) {
      assert(record.ms >= 0 && Math.abs(Date.parse(record.time) - Date.now()) < 60_000);
      const line = logLine(record);
      assertEquals([line.includes("\n"), JSON.parse(line).id], [false, record.id]);
      assertEquals(/wasp/.test(line), false);
    }
  });
});

Deno.test("recordRequest() tells of a client that left, whose work is dropped", async () => {
  await withService({}, async ({ service, records, errors }) => {
    const leaving = new AbortController();
    const stalled = new ReadableStream({
      start: (controller) => controller.enqueue(plainPhoto.subarray(0, 9)),
    });
    const request = new Request("http://localhost/v1/explain", {
      ...posted({}, stalled),
      signal: leaving.signal,
    });
    const answering = service.fetch(request);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assertEquals(service.state.underWay, 1);
    leaving.abort();
    await (await answering).body?.cancel();
    assertEquals([records[0]!.status, errors.length, service.state.underWay], [499, 0, 0]);
  });
});

Deno.test("recordRequest() answers even where whoever logs fails", async () => {
  const onRequest = () => {
    throw new Error("The log is full");
  };
  await withService({ onRequest }, async ({ ask, errors }) => {
    assertEquals([(await ask("/healthz")).status, String(errors)], [200, "Error: The log is full"]);
  });
});
