import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { createHandler } from "../mod.ts";
import { withService } from "../testing.ts";

function from(origin: string): RequestInit {
  return { headers: { origin } };
}

function preflight(origin: string): RequestInit {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,x-request-id",
  };
  return { method: "OPTIONS", headers };
}

const allowed = "access-control-allow-origin";

Deno.test("letOriginsAsk() tells listed origins alone that they may ask", async () => {
  const cors = ["https://a.example", "http://localhost:3000"];
  await withService({ cors, tokens: ["key"] }, async ({ ask }) => {
    for (const origin of cors) {
      const { status, headers } = await ask("/v1/explain", preflight(origin));
      assertEquals([status, headers.get(allowed)], [204, origin]);
      for (const name of ["authorization", "x-request-id", "content-type"]) {
        assertStringIncludes(headers.get("access-control-allow-headers")!, name);
      }
      assertEquals(headers.get("access-control-allow-methods"), "POST, OPTIONS");
      assertStringIncludes(headers.get("vary")!, "origin");
      const refused = await ask("/v1/models", from(origin));
      assertEquals(
        [refused.status, refused.headers.get(allowed)],
        [401, origin],
        "So that the page can tell",
      );
      assertStringIncludes(refused.headers.get("access-control-expose-headers")!, "x-request-id");
      await refused.body?.cancel();
    }
    for (
      const origin of [
        "https://b.example",
        "https://a.example:444",
        "http://a.example",
        "null",
        "HTTPS://A.EXAMPLE",
      ]
    ) {
      const { status, headers } = await ask("/v1/explain", preflight(origin));
      assertEquals([status, headers.get(allowed), headers.has("access-control-allow-headers")], [
        204,
        null,
        false,
      ]);
      assertStringIncludes(headers.get("vary")!, "origin");
      assertEquals((await ask("/healthz", from(origin))).headers.get(allowed), null);
    }
  });
});

Deno.test("letOriginsAsk() tells all where all may ask, and nobody where none may", async () => {
  await withService({ cors: "*" }, async ({ ask }) => {
    const { headers } = await ask("/healthz", from("https://a.example"));
    assertEquals([headers.get(allowed), headers.get("cross-origin-resource-policy")], ["*", "cross-origin"]);
    assertEquals(headers.get("vary"), null);
  });
  await withService({}, async ({ ask }) => {
    const { headers } = await ask("/healthz", from("https://a.example"));
    assertEquals([headers.get(allowed), headers.get("cross-origin-resource-policy")], [null, "same-origin"]);
    assertEquals((await ask("/v1/explain", preflight("https://a.example"))).headers.get(allowed), null);
  });
});

Deno.test("createHandler() refuses origins that no browser sends", () => {
  for (const cors of ["https://a.example/", "a.example", ["https://a.example", ""], "https://A.example"]) {
    assertThrows(() => createHandler({ cors }), RangeError, "give scheme, host and port");
  }
});
