import { assert, assertEquals, assertMatch } from "@std/assert";
import { withService } from "../testing.ts";
import { hasTag } from "./etag.ts";

Deno.test("hasTag() reads If-None-Match as RFC 9110 has it", () => {
  const tag = '"abc"';
  const has = ['"abc"', 'W/"abc"', '"x", "abc"', " * ", '"x","y" , W/"abc"'];
  const lacks = [null, "", '"abcd"', "abc", '"x,abc"', '"*"', 'W/"x"'];
  assertEquals(has.filter((value) => !hasTag(value, tag)), []);
  assertEquals(lacks.filter((value) => hasTag(value, tag)), []);
});

Deno.test("tagStatic() sends what stays the same once", async () => {
  await withService({}, async ({ ask }) => {
    const first = await ask("/openapi.json");
    const tag = first.headers.get("etag")!;
    assertMatch(tag, /^"[\w-]{24}"$/);
    assertEquals([first.status, first.headers.get("cache-control")], [200, "no-cache"]);
    assert((await first.bytes()).length > 1000);
    const again = await ask("/openapi.json", { headers: { "if-none-match": `"other", ${tag}` } });
    assertEquals([again.status, again.body, again.headers.get("etag")], [304, null, tag]);
    assertEquals(["content-type", "content-length"].filter((name) => again.headers.has(name)), []);
    assertEquals(again.headers.get("x-content-type-options"), "nosniff");
    const other = await ask("/openapi.json", { headers: { "if-none-match": '"other"' } });
    assertEquals(other.status, 200);
    await other.body?.cancel();
    const head = await ask("/openapi.json", { method: "HEAD" });
    assertEquals([head.status, head.headers.get("etag")], [200, tag]);
    const packed = await ask("/openapi.json", { headers: { "accept-encoding": "gzip" } });
    assert(packed.headers.get("etag") !== tag, "Other bytes have another tag");
    await packed.body?.cancel();
  });
});

Deno.test("tagStatic() tags nothing that changes", async () => {
  await withService({}, async ({ ask }) => {
    for (const path of ["/v1/models", "/healthz", "/metrics", "/nothing"]) {
      const response = await ask(path, { headers: { "if-none-match": "*" } });
      assertEquals([response.headers.get("etag"), response.headers.get("cache-control")], [null, "no-store"]);
      await response.body?.cancel();
    }
  });
});
