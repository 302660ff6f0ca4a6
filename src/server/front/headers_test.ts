import { assertEquals, assertMatch } from "@std/assert";
import { posted, withService } from "../testing.ts";

/** What every answer has, unless it has others. */
const always = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(self), microphone=(), geolocation=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
};

Deno.test("setHeaders() guards every answer, and has nothing of photos kept", async () => {
  await withService({}, async ({ ask }) => {
    const answers = [
      await ask("/v1/explain", posted()),
      await ask("/v1/explain?class=none", posted()),
      await ask("/nothing"),
      await ask("/healthz", { method: "TRY" }),
      await ask("/v1/models", { method: "OPTIONS" }),
    ];
    for (const { headers, body } of answers) {
      await body?.cancel();
      for (const [name, value] of Object.entries(always)) assertEquals(headers.get(name), value, name);
      assertEquals(headers.get("cache-control"), "no-store");
    }
    const page = await ask("/");
    assertMatch(page.headers.get("content-security-policy")!, /script-src/);
    await page.body?.cancel();
  });
});

Deno.test("timeParts() says how long each part of any answer took", async () => {
  await withService({}, async ({ ask }) => {
    const explained = await ask("/v1/explain", posted());
    await explained.body?.cancel();
    assertMatch(
      explained.headers.get("server-timing")!,
      /^receive;dur=[\d.]+, wait;dur=[\d.]+, decode;dur=.* forward;dur=.* total;dur=[\d.]+$/,
    );
    const refused = await ask("/v1/explain?class=none", posted());
    await refused.body?.cancel();
    assertMatch(
      refused.headers.get("server-timing")!,
      /^receive;dur=[\d.]+, wait;dur=[\d.]+, total;dur=[\d.]+$/,
    );
    assertMatch((await ask("/healthz")).headers.get("server-timing")!, /^total;dur=[\d.]+$/);
  });
});

Deno.test("leaveContentOut() answers HEAD with the headers of GET", async () => {
  await withService({}, async ({ ask }) => {
    for (const path of ["/", "/v1/models", "/healthz", "/metrics", "/openapi.json", "/v1/models/none"]) {
      const [got, head] = [await ask(path), await ask(path, { method: "HEAD" })];
      await got.body?.cancel();
      const pick = ({ status, headers }: Response) => [status, headers.get("content-type")];
      assertEquals([head.body, pick(head)], [null, pick(got)]);
    }
    const head = await ask("/v1/models", { method: "HEAD" });
    assertEquals(
      head.headers.get("content-length"),
      String((await (await ask("/v1/models")).bytes()).length),
    );
  });
});
