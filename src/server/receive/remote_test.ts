import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readLimits } from "../limits.ts";
import { createHandler } from "../mod.ts";
import { toProblem } from "../problem.ts";
import { isPublicAddress } from "./public_address.ts";
import { Receiving } from "./receiving.ts";
import { fetchPhoto, type FetchPhotoOptions } from "./remote.ts";
import { post, receive } from "./testing.ts";

const hosts = ["photos.example.com", "*.cdn.example.org", "127.0.0.1", "[::1]", "8.8.8.8", "localhost"];

/** What each name leads to. */
const names: Readonly<Record<string, readonly string[]>> = {
  "photos.example.com": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
  "a.cdn.example.org": ["151.101.1.91"],
  "deep.er.cdn.example.org": ["151.101.1.91"],
  "private.cdn.example.org": ["10.1.2.3"],
  "mixed.cdn.example.org": ["151.101.1.91", "fd00::1"],
  "meta.cdn.example.org": ["169.254.169.254"],
  "mapped.cdn.example.org": ["::ffff:10.0.0.1"],
  "none.cdn.example.org": [],
  "localhost": ["127.0.0.1"],
};

const picture = (body: BodyInit = "photo", headers: HeadersInit = { "content-type": "image/png" }) =>
  new Response(body, { headers });
const sendOn = (location: string, status = 302) => new Response(null, { status, headers: { location } });

/** What lies where. */
const web: Readonly<Record<string, () => Response>> = {
  "https://photos.example.com/cat.png": picture,
  "https://photos.example.com/bytes": () => picture("photo", { "content-type": "application/octet-stream" }),
  "https://photos.example.com/page": () => picture("<p>", { "content-type": "text/html" }),
  "https://photos.example.com/untyped": () => new Response(new Uint8Array(5)),
  "https://photos.example.com/empty.png": () => picture(""),
  "https://photos.example.com/large.png": () => picture(new Uint8Array(2000)),
  "https://photos.example.com/gone.png": () => new Response("no", { status: 404 }),
  "https://photos.example.com/busy.png": () => new Response("no", { status: 500 }),
  "https://photos.example.com/on": () => sendOn("/cat.png", 301),
  "https://photos.example.com/on/3": () => sendOn("2"),
  "https://photos.example.com/on/2": () => sendOn("../on", 307),
  "https://photos.example.com/on/4": () => sendOn("3", 308),
  "https://photos.example.com/round": () => sendOn("round"),
  "https://photos.example.com/out": () => sendOn("https://elsewhere.example/cat.png"),
  "https://photos.example.com/down": () => sendOn("http://photos.example.com/cat.png"),
  "https://photos.example.com/in": () => sendOn("https://private.cdn.example.org/"),
  "https://photos.example.com/self": () => sendOn("https://127.0.0.1/"),
  "https://photos.example.com/port": () => sendOn("https://photos.example.com:8443/"),
  "https://photos.example.com/file": () => sendOn("file:///etc/passwd"),
  "https://photos.example.com/data": () => sendOn("data:image/png;base64,AAAA"),
  "https://photos.example.com/nowhere": () => new Response(null, { status: 302 }),
  "https://photos.example.com/broken": () => sendOn("https://["),
  "https://a.cdn.example.org/cat.png?size=2": picture,
  "https://deep.er.cdn.example.org/": picture,
  "https://8.8.8.8/cat.png": picture,
};

/** Fetch a photo from what stands above; what was asked for is noted. */
async function ask(location: string, options: Partial<FetchPhotoOptions> = {}) {
  const asked: string[] = [];
  const limits = readLimits({ maxBodyBytes: 1000 });
  const receiving = new Receiving(limits);
  const outcome = await receiving.receive((place) =>
    fetchPhoto(location, {
      hosts,
      limits,
      place,
      resolve: (host) => Promise.resolve(names[host] && [...names[host]]),
      fetch(url) {
        asked.push(url.href);
        const found = web[url.href];
        return found
          ? Promise.resolve(found())
          : Promise.reject(new TypeError("connect ECONNREFUSED 10.9.8.7:443"));
      },
      ...options,
    }).then(
      ({ bytes, name }) => ({ text: new TextDecoder().decode(bytes), name }),
      toProblem,
    )
  );
  assertEquals(receiving.state, { receiving: 0, bytes: 0 });
  return { outcome, asked };
}

const scheme = "its URL does not begin with https:";
const notAsked = "is not one that this server asks";
const notPublic = "its host is not on the public network";

const cases:
  readonly (readonly [location: string, outcome: string | readonly [status: number, why: string]])[] = [
    ["https://photos.example.com/cat.png", "cat.png"],
    ["HTTPS://PHOTOS.EXAMPLE.COM/cat.png#part", "cat.png"],
    ["https://photos.example.com:443/cat.png", "cat.png"],
    ["  https://photos.example.com/a/../cat.png\n", "cat.png"],
    ["https://photos.example.com/bytes", "bytes"],
    ["https://a.cdn.example.org/cat.png?size=2", "cat.png"],
    ["https://deep.er.cdn.example.org/", ""],
    ["https://8.8.8.8/cat.png", "cat.png"],
    ["https://photos.example.com/on", "cat.png"],
    ["https://photos.example.com/on/3", "cat.png"],
    ["https://photos.example.com/on/4", [400, "it sends on more than 3 times"]],
    ["https://photos.example.com/round", [400, "it sends on more than 3 times"]],
    ["https://photos.example.com/out", [400, notAsked]],
    ["https://photos.example.com/down", [400, scheme]],
    ["https://photos.example.com/in", [400, notPublic]],
    ["https://photos.example.com/self", [400, notPublic]],
    ["https://photos.example.com/port", [400, "its URL names a port"]],
    ["https://photos.example.com/file", [400, scheme]],
    ["https://photos.example.com/data", [400, scheme]],
    ["https://photos.example.com/nowhere", [422, "it sends on to nowhere"]],
    ["https://photos.example.com/broken", [422, "it sends on to nowhere"]],
    ["https://photos.example.com/page", [422, "no picture, by its content-type"]],
    ["https://photos.example.com/untyped", [422, "no picture, by its content-type"]],
    ["https://photos.example.com/empty.png", [422, "it is empty"]],
    ["https://photos.example.com/large.png", [422, "it is larger than 1000 bytes"]],
    ["https://photos.example.com/gone.png", [422, "the answer has the status 404"]],
    ["https://photos.example.com/busy.png", [422, "the answer has the status 500"]],
    ["https://photos.example.com/refused", [422, "its host could not be asked"]],
    ["http://photos.example.com/cat.png", [400, scheme]],
    ["ftp://photos.example.com/cat.png", [400, scheme]],
    ["file:///etc/passwd", [400, scheme]],
    ["data:image/png;base64,AAAA", [400, scheme]],
    ["blob:https://photos.example.com/1", [400, scheme]],
    ["javascript:1", [400, scheme]],
    ["cat.png", [400, "its URL is none"]],
    ["//photos.example.com/cat.png", [400, "its URL is none"]],
    ["https://", [400, "its URL is none"]],
    ["", [400, "its URL is none"]],
    [`https://photos.example.com/${"a".repeat(3000)}`, [400, "longer than 2048 characters"]],
    ["https://user@photos.example.com/cat.png", [400, "its URL holds a name or a password"]],
    ["https://user:secret@photos.example.com/cat.png", [400, "its URL holds a name or a password"]],
    ["https://photos.example.com@elsewhere.example/", [400, "its URL holds a name or a password"]],
    ["https://photos.example.com:8443/cat.png", [400, "its URL names a port"]],
    ["https://photos.example.com:80/cat.png", [400, "its URL names a port"]],
    ["https://example.com/", [400, notAsked]],
    ["https://photos.example.com.evil.example/", [400, notAsked]],
    ["https://evilphotos.example.com/", [400, notAsked]],
    ["https://photos.example.com./cat.png", [400, notAsked]],
    ["https://cdn.example.org/", [400, notAsked]],
    ["https://evilcdn.example.org/", [400, notAsked]],
    ["https://a.cdn.example.org.evil.example/", [400, notAsked]],
    [String.raw`https://elsewhere.example\@photos.example.com/`, [400, notAsked]],
    ["https://phötos.example.com/", [400, notAsked]],
    ["https://10.0.0.1/", [400, notAsked]],
    ["https://127.0.0.1/", [400, notPublic]],
    ["https://2130706433/", [400, notPublic]],
    ["https://0x7f.1/", [400, notPublic]],
    ["https://017700000001/", [400, notPublic]],
    ["https://[::1]/", [400, notPublic]],
    ["https://[0:0:0:0:0:0:0:1]/", [400, notPublic]],
    ["https://[::ffff:127.0.0.1]/", [400, notAsked]],
    ["https://localhost/", [400, notPublic]],
    ["https://private.cdn.example.org/", [400, notPublic]],
    ["https://mixed.cdn.example.org/", [400, notPublic]],
    ["https://meta.cdn.example.org/latest/meta-data/", [400, notPublic]],
    ["https://mapped.cdn.example.org/", [400, notPublic]],
    ["https://none.cdn.example.org/", [422, "its host is not known"]],
  ];

Deno.test("fetchPhoto() fetches what the rules allow, and says which rule refuses the rest", async (t) => {
  for (const [location, expected] of cases) {
    await t.step(location.slice(0, 70) || "nothing", async () => {
      const { outcome, asked } = await ask(location);
      assert(asked.every((url) => url.startsWith("https://")), `${asked}`);
      if (typeof expected === "string") {
        assertEquals(outcome, { text: "photo", name: expected === "" ? undefined : expected });
        return;
      }
      assert(outcome instanceof Error);
      assertEquals(outcome.status, expected[0], outcome.detail);
      assertStringIncludes(outcome.detail, `Cannot fetch the photo: `);
      assertStringIncludes(outcome.detail, expected[1]);
      assert(!/10\.9|10\.1|169|ECONN|fd00/.test(outcome.detail), "Nothing of the network is told");
    });
  }
});

Deno.test("fetchPhoto() stops when its time is over, or whoever asked has left", async (t) => {
  const never = (_: URL, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
  const endless = () =>
    Promise.resolve(
      picture(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) })),
    );
  const location = "https://photos.example.com/cat.png";
  for (const [name, fetch] of Object.entries({ never, endless })) {
    await t.step(`${name}, late`, async () => {
      const { outcome } = await ask(location, { fetch, limits: readLimits({ bodyTimeoutMs: 30 }) });
      assert(outcome instanceof Error);
      assertEquals([outcome.status, outcome.detail], [
        422,
        "Cannot fetch the photo: it took longer than 30 ms",
      ]);
    });
    await t.step(`${name}, left`, async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 30);
      const { outcome } = await ask(location, { fetch, signal: controller.signal });
      assert(outcome instanceof Error);
      assertEquals(outcome.status, 499);
    });
  }
});

Deno.test("fetchPhoto() takes the list of hosts alone where the platform does not tell addresses", async () => {
  const resolve = () => Promise.resolve(undefined);
  const { outcome } = await ask("https://photos.example.com/cat.png", { resolve });
  assertEquals(outcome, { text: "photo", name: "cat.png" });
  const failing = () => Promise.reject(new Error("SERVFAIL 10.0.0.53"));
  const { outcome: refused, asked } = await ask("https://photos.example.com/cat.png", { resolve: failing });
  assert(refused instanceof Error);
  assertEquals([refused.status, refused.detail, asked], [
    422,
    "Cannot fetch the photo: its host could not be asked",
    [],
  ]);
});

Deno.test("receiveUpload() fetches no photo unless it was told hosts", async () => {
  const body = JSON.stringify({ photo: { url: "https://photos.example.com/cat.png" } });
  const outcome = await receive(post(body, "application/json"));
  assert("detail" in outcome);
  assertEquals([outcome.status, outcome.detail], [
    400,
    "Cannot fetch the photo: this server fetches none: send it",
  ]);
});

Deno.test("createHandler() refuses hosts that no URL could have", () => {
  for (
    const host of [
      "https://a.example",
      "a.example:443",
      "a.example/",
      "*",
      "*.",
      "a.*.example",
      "",
      "*.a..b",
      "ä.example",
    ]
  ) {
    assertThrows(() => createHandler({ photoHosts: [host] }), RangeError, "in photoHosts");
  }
  createHandler({
    photoHosts: [
      "a.example",
      "*.A.example",
      "localhost",
      "10.0.0.1",
      "[2606:4700::1111]",
      "*.xn--4ca.example",
    ],
  });
});

Deno.test("isPublicAddress() tells the public network from all else", async (t) => {
  const isPublic = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.169.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
  ];
  const isNot = [
    ...[
      "0.0.0.0",
      "0.1.2.3",
      "10.0.0.0",
      "10.255.255.255",
      "100.64.0.0",
      "100.127.255.255",
      "127.0.0.1",
      "127.9.9.9",
    ],
    ...[
      "169.254.0.1",
      "169.254.169.254",
      "172.16.0.0",
      "172.31.255.255",
      "192.0.0.1",
      "192.0.2.1",
      "192.88.99.1",
    ],
    ...[
      "192.168.0.0",
      "192.168.255.255",
      "198.18.0.0",
      "198.19.255.255",
      "198.51.100.7",
      "203.0.113.9",
      "224.0.0.1",
    ],
    ...[
      "239.255.255.255",
      "240.0.0.1",
      "255.255.255.255",
      "::",
      "::1",
      "::ffff:8.8.8.8",
      "::ffff:10.0.0.1",
      "::8.8.8.8",
    ],
    ...[
      "64:ff9b::8.8.8.8",
      "64:ff9b:1::1",
      "100::1",
      "2001::1",
      "2001:db8::1",
      "2002:808:808::1",
      "3fff::1",
      "4000::1",
    ],
    ...["5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"],
    ...[
      "",
      "localhost",
      "8.8.8",
      "8.8.8.8.8",
      "0x08080808",
      "010.8.8.8",
      "1",
      "8.8.8.8/32",
      "[::1]",
      "1.1.1.1%1",
    ],
  ];
  for (const address of isPublic) await t.step(address, () => assertEquals(isPublicAddress(address), true));
  for (const address of isNot) {
    await t.step(`not ${address}`, () => assertEquals(isPublicAddress(address), false));
  }
});
