import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withService } from "../testing.ts";

function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

Deno.test("admitClients() lets in who shows a token, and everybody to health and page", async (t) => {
  await withService({ tokens: ["secret-1", "secret-2"] }, async ({ service, ask, records }) => {
    const cases: readonly (readonly [path: string, init: RequestInit, status: number])[] = [
      ["/v1/models", {}, 401],
      ["/v1/models", bearer("secret-1"), 200],
      ["/v1/models", bearer("secret-2"), 200],
      ["/v1/models", bearer("secret-3"), 401],
      ["/v1/models", { headers: { authorization: "Basic secret-1" } }, 401],
      ["/v1/explain", { method: "POST" }, 401],
      ["/", { method: "POST" }, 401],
      ["/nothing", {}, 401],
      ["/metrics", {}, 401],
      ["/layers", {}, 401],
      ["/", {}, 200],
      ["/health", {}, 200],
      ["/healthz", {}, 200],
      ["/readyz", {}, 503],
      ["/healthz", { method: "HEAD" }, 200],
      ["/v1/models", { method: "OPTIONS" }, 204],
    ];
    for (const [path, init, status] of cases) {
      await t.step(`${path} ${JSON.stringify(init)}`, async () => {
        const response = await ask(path, init);
        const text = await response.text();
        assertEquals(response.status, status, text);
        if (status !== 401) return;
        assertMatch(response.headers.get("www-authenticate")!, /^Bearer realm="gradcam"/);
        const isWrong = (init.headers as Record<string, string>)?.authorization?.startsWith("Bearer") ??
          false;
        assertEquals(response.headers.get("www-authenticate")!.includes("invalid_token"), isWrong);
        assertEquals([JSON.parse(text).code, text.includes("secret")], ["unauthorized", false]);
      });
    }
    assert(!JSON.stringify(records).includes("secret"));
    await service.ready(); // which /readyz has begun
  });
});

Deno.test("admitClients() counts clients by address, and by tokens only where these let in", async () => {
  const from = (hostname: string) => ({ remoteAddr: { hostname } });
  const request = (token?: string) => new Request("http://localhost/v1/models", token ? bearer(token) : {});
  const rateLimit = { perSecond: 0.01, burst: 2 };
  async function statuses(service: { fetch: (request: Request, info: object) => Promise<Response> }, asked: [
    string,
    string?,
  ][]) {
    const found: number[] = [];
    for (const [address, token] of asked) {
      const response = await service.fetch(request(token), from(address));
      found.push(response.status);
      await response.body?.cancel();
    }
    return found;
  }
  await withService({ rateLimit }, async ({ service, ask }) => {
    // made up tokens and addresses of one network do not help
    const asked: [string, string?][] = [["a"], ["a"], ["a"], ["a", "x"], ["a", "y"], ["b"]];
    assertEquals(await statuses(service, asked), [200, 200, 429, 429, 429, 200]);
    const of = (last: string): [string] => [`2001:db8::${last}`];
    assertEquals(await statuses(service, [of("1"), of("2"), of("3")]), [200, 200, 429]);
    const response = await service.fetch(request(), from("a"));
    const { detail, code } = await response.json();
    assertEquals(code, "too-many-requests");
    const seconds = Number(response.headers.get("retry-after"));
    assert(seconds > 90 && seconds <= 100, String(seconds));
    assertStringIncludes(detail, `ask again in ${seconds} s`);
    for (let times = 0; times < 5; times++) assertEquals((await ask("/healthz")).status, 200);
  });
  await withService({ rateLimit, tokens: ["one", "two"] }, async ({ service }) => {
    const asked: [string, string?][] = [["a", "one"], ["b", "one"], ["c", "one"], ["c", "two"], ["d", "no"]];
    assertEquals(await statuses(service, asked), [200, 200, 429, 200, 401]);
    assertEquals(await statuses(service, [["d", "nor"], ["d", "not"], ["d", "two"]]), [401, 429, 200]);
  });
});

Deno.test("admitClients() asks who sent a request where it is told how, and survives a wrong answer", async () => {
  const clientOf = (request: Request) => {
    const client = request.headers.get("x-forwarded-for");
    if (client === null) throw new RangeError("Cannot find /etc/secret");
    return client;
  };
  await withService({ rateLimit: { perSecond: 0.01, burst: 1 }, clientOf }, async ({ ask, errors }) => {
    const from = async (client: string) =>
      (await ask("/v1/models", { headers: { "x-forwarded-for": client } })).status;
    assertEquals([await from("a"), await from("b"), await from("a")], [200, 200, 429]);
    const response = await ask("/v1/models");
    const text = await response.text();
    assertEquals([response.status, text.includes("/etc"), errors.length], [500, false, 1]);
    assertStringIncludes(String(errors[0]), "/etc/secret");
  });
});
