/** The HTTP server below `gradcam serve`, asked by what writes to connections itself. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { GradcamError } from "../base/errors.ts";
import { listen, type Listening, type ListenOptions } from "./serve_listen.ts";

const usual: ListenOptions = {
  hostname: "127.0.0.1",
  port: 0,
  headerTimeoutMs: 5_000,
  requestTimeoutMs: 20_000,
  maxConnections: 500,
};

/** What the service would be: it says what it received. */
async function echo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/refuse") {
    await request.body?.cancel();
    return new Response("no", { status: 413 });
  }
  let bytes = 0;
  for await (const chunk of request.body ?? []) bytes += chunk.length;
  return Response.json({ method: request.method, pathname, bytes });
}

async function withListening(
  options: Partial<ListenOptions>,
  use: (port: number, server: Listening) => Promise<void>,
  fetch: (request: Request) => Promise<Response> = echo,
): Promise<void> {
  const server = await listen(fetch, { ...usual, ...options });
  try {
    await use(Number(new URL(server.url).port), server);
  } finally {
    const closed = server.stop();
    server.end();
    await closed;
  }
}

/** A part of what is sent: text, bytes, or a pause in milliseconds. */
type Part = string | Uint8Array<ArrayBuffer> | number;

/** Send the parts on a connection of their own, and read what comes until it is closed, or a while has passed. */
async function send(port: number, parts: readonly Part[], waitMs = 5_000) {
  const connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  const over = setTimeout(() => connection.close(), waitMs);
  const reading = new Response(connection.readable.pipeThrough(new TransformStream())).text().catch(() => "");
  const writer = connection.writable.getWriter();
  try {
    for (const part of parts) {
      if (typeof part === "number") await new Promise((resolve) => setTimeout(resolve, part));
      else await writer.write(typeof part === "string" ? new TextEncoder().encode(part) : part);
    }
  } catch {
    // It was closed before all was sent.
  }
  const text = await reading;
  clearTimeout(over);
  try {
    connection.close();
  } catch {
    // It is closed.
  }
  return text;
}

const line = "GET /x HTTP/1.1\r\nHost: a\r\n";
const post = "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

/** What is sent, and the statuses that are right; 0 is a connection that is closed without an answer. */
const requests: readonly (readonly [name: string, parts: readonly Part[], statuses: readonly number[]])[] = [
  ["a sound request", [`${line}Connection: close\r\n\r\n`], [200]],
  ["HTTP/1.0", ["GET /x HTTP/1.0\r\n\r\n"], [200]],
  ["a body", [`${post}Content-Length: 3\r\n\r\nabc`], [200]],
  [
    "a body in chunks",
    [`${post}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, 20, "2\r\nde\r\n0\r\n\r\n"],
    [200],
  ],
  ["a GET with a body", [`${line}Connection: close\r\nContent-Length: 5\r\n\r\nhello`], [200]],
  ["a URL that is escaped wrongly", ["GET /%zz%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], [200]],
  ["a URL of two slashes", ["GET //b/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], [200]],
  ["an absolute URL", ["GET http://b/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], [200]],
  ["Latin-1 in a header", [`${line}Connection: close\r\nA: `, new Uint8Array([0xff, 0xe9]), "\r\n\r\n"], [
    200,
  ]],
  ["a WebSocket", [`${line}Upgrade: websocket\r\nConnection: upgrade, close\r\n\r\n`], [200]],
  ["TRACE", ["TRACE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], [200]],
  ["an upload that is refused", [
    "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n",
    "x".repeat(9000),
  ], [413]],
  ["an unknown expectation", [`${post}Expect: wonders\r\nContent-Length: 0\r\n\r\n`], [417]],
  ["no host", ["GET /x HTTP/1.1\r\n\r\n"], [400]],
  ["a host with a space", ["GET /x HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"], [400]],
  ["a host that is half an address", ["GET /x HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n"], [400]],
  ["a host of no port", ["GET /x HTTP/1.1\r\nHost: a:99999\r\nConnection: close\r\n\r\n"], [400]],
  ["two hosts", ["GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"], [200, 400]],
  ["an absolute URL of no port", [
    "GET http://u:p@b:99999/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  ], [400]],
  ["OPTIONS *", ["OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], [400]],
  ["a backslash", ["GET \\..\\x HTTP/1.1\r\nHost: a\r\n\r\n"], [400]],
  ["a space in the URL", ["GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"], [400]],
  ["UTF-8 in the URL", ["GET /é HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], [200, 400]],
  ["CONNECT", ["CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"], [0, 400]],
  ["HTTP/2", ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], [400]],
  ["HTTP/9.9", ["GET /x HTTP/9.9\r\nHost: a\r\n\r\n"], [400]],
  ["TLS", [new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])], [400]],
  ["zeros", [new Uint8Array(5000)], [0, 400]],
  ["all bytes", [Uint8Array.from({ length: 5000 }, (_, at) => at * 7)], [0, 400]],
  ["an unknown method", ["FOO /x HTTP/1.1\r\nHost: a\r\n\r\n"], [400]],
  ["a method of 1,000 letters", [`${"A".repeat(1000)} /x HTTP/1.1\r\nHost: a\r\n\r\n`], [400]],
  ["a method in small letters", ["get /x HTTP/1.1\r\nHost: a\r\n\r\n"], [400]],
  ["no method", [" /x HTTP/1.1\r\nHost: a\r\n\r\n"], [400]],
  ["a header without a colon", [`${line}foo\r\n\r\n`], [400]],
  ["a header with a space", [`${line}foo bar : x\r\n\r\n`], [400]],
  ["a header with a zero", [`${line}foo: \x00\x01\r\n\r\n`], [400]],
  ["a folded header", [`${line}foo: a\r\n b\r\n\r\n`], [400]],
  ["a header without a name", [`${line}: a\r\n\r\n`], [400]],
  ["line ends without a return", ["GET /x HTTP/1.1\nHost: a\nConnection: close\n\n"], [200, 400]],
  ["a URL of 100,000 letters", [`GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`], [0, 431]],
  ["a header of 1,000,000 letters", [`${line}X: ${"a".repeat(1_000_000)}\r\n\r\n`], [0, 431]],
  ["100,000 headers", [line + "X: a\r\n".repeat(100_000) + "\r\n"], [0, 431]],
  ["two lengths", [`${post}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`], [400]],
  ["a length and chunks", [`${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`], [400]],
  ["a length below 0", [`${post}Content-Length: -3\r\n\r\n`], [400]],
  ["a length of 23 digits", [`${post}Content-Length: 99999999999999999999999\r\n\r\n`], [400]],
  ["chunks after gzip", [`${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`], [200, 400, 501]],
  ["a chunk of no number", [`${post}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n`], [400, 500]],
  ["a chunk of 17 digits", [`${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`], [400, 500]],
  ["a chunk with no end", [`${post}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n`], [400, 500]],
  ["10,000 trailers", [`${post}Transfer-Encoding: chunked\r\n\r\n0\r\n${"t: x\r\n".repeat(10_000)}\r\n`], [
    0,
    200,
    431,
  ]],
  ["a cut body", [`${post}Content-Length: 100\r\n\r\nabc`, 50], [0, 408]],
  ["a request in a request", [
    `${line}Connection: close\r\nContent-Length: 29\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n`,
    50,
  ], [
    200,
  ]],
];

Deno.test("listen() survives whatever is sent to it", async (t) => {
  await withListening({ requestTimeoutMs: 700, headerTimeoutMs: 700 }, async (port) => {
    const answers = await Promise.all(requests.map(([, parts]) => send(port, parts, 2_000)));
    for (const [at, [name, , statuses]] of requests.entries()) {
      await t.step(name, () => {
        const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answers[at]!)?.[1] ?? 0);
        assert(statuses.includes(status), `${status}: ${answers[at]!.slice(0, 300)}`);
        if (name === "a request in a request") assertEquals(answers[at]!.split("HTTP/1.1 200").length, 2);
      });
    }
    assertEquals((await (await fetch(`http://127.0.0.1:${port}/still`)).json()).pathname, "/still");
  });
});

Deno.test("listen() waits for headers and bodies no longer than it is told", async (t) => {
  const drip = ["GET /x HTTP/1.1\r\n", ...Array.from({ length: 12 }, () => [100, "a: b\r\n"]).flat()];
  const slow: readonly (readonly [name: string, parts: readonly Part[]])[] = [
    ["nothing", []],
    ["half a header", ["GET /x HTTP/1.1\r\nHost"]],
    ["a header a little at a time", drip],
    ["empty lines", ["\r\n".repeat(100)]],
    ["half a header after a request", [`${line}\r\n`, 50, "GET /x HTTP"]],
    ["half a body", [`${post}Content-Length: 100\r\n\r\nabc`]],
  ];
  await withListening({ headerTimeoutMs: 300, requestTimeoutMs: 600 }, async (port) => {
    const began = performance.now();
    const ends = slow.map(async ([, parts]) => ({
      text: await send(port, parts),
      ms: performance.now() - began,
    }));
    for (const [at, end] of ends.entries()) {
      const { text, ms } = await end;
      await t.step(slow[at]![0], () => {
        assert(ms < 3_000, `closed after ${ms} ms`);
        assert(text === "" || text.includes("HTTP/1.1 408"), text);
      });
    }
  });
});

Deno.test("listen() closes those who send nothing for those who send something", async () => {
  await withListening({ maxConnections: 20 }, async (port) => {
    const idle = await Promise.all(
      Array.from({ length: 200 }, () => Deno.connect({ port, hostname: "127.0.0.1" })),
    );
    const answers = Array.from({ length: 10 }, () => send(port, [`${line}Connection: close\r\n\r\n`]));
    for (const answer of await Promise.all(answers)) assertStringIncludes(answer, "HTTP/1.1 200");
    for (const connection of idle) connection.close();
  });
});

Deno.test("listen() refuses connections where all have a request under way", async () => {
  const go = Promise.withResolvers<void>();
  const wait = () => go.promise.then(() => new Response("done"));
  await withListening({ maxConnections: 3 }, async (port) => {
    const admitted = [1, 2, 3].map(() => send(port, [`${line}Connection: close\r\n\r\n`]));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assertEquals(await send(port, [`${line}\r\n`]), "");
    go.resolve();
    for (const answer of await Promise.all(admitted)) assertStringIncludes(answer, "done");
  }, wait);
});

Deno.test("listen() tells of those who leave, and lets those who stay be answered when it stops", async () => {
  const left = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  async function work(request: Request): Promise<Response> {
    if (request.url.endsWith("/leave")) {
      request.signal.addEventListener("abort", () => left.resolve());
      await left.promise;
    } else {
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return new Response("done");
  }
  await withListening({}, async (port, server) => {
    await send(port, ["GET /leave HTTP/1.1\r\nHost: a\r\n\r\n"], 100);
    await left.promise;
    const staying = send(port, [`${line}\r\n`]);
    await begun.promise;
    const stopped = server.stop();
    await assertRejects(() => Deno.connect({ port, hostname: "127.0.0.1" }));
    assertStringIncludes(await staying, "done");
    await stopped;
  }, work);
});

Deno.test("listen() asks for no more of a stream than is read of it", async () => {
  let given = 0;
  const cancelled = Promise.withResolvers<void>();
  const endless = () =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          pull(controller) {
            given += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
          cancel: () => cancelled.resolve(),
        }),
      ),
    );
  await withListening({}, async (port) => {
    const connection = await Deno.connect({ port, hostname: "127.0.0.1" });
    await connection.write(new TextEncoder().encode(`${line}\r\n`));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = given;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assertEquals(given, before);
    connection.close();
    await cancelled.promise;
  }, endless);
});

Deno.test("listen() closes connections whose clients do not read, not those that wait for an answer", async () => {
  const cancelled = Promise.withResolvers<void>();
  async function answer(request: Request): Promise<Response> {
    if (request.url.endsWith("/slow")) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return new Response("slow");
    }
    const chunk = new Uint8Array(1_000_000);
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(chunk),
      cancel: () => cancelled.resolve(),
    });
    return request.url.endsWith("/x") ? new Response("quick") : new Response(body);
  }
  await withListening({ sendTimeoutMs: 200 }, async (port) => {
    const unread = await Deno.connect({ port, hostname: "127.0.0.1" });
    await unread.write(new TextEncoder().encode("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"));
    const slow = "GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assertStringIncludes(await send(port, [`${line}\r\n`, 300, slow]), "slow");
    await cancelled.promise;
    unread.close();
  }, answer);
});

Deno.test("listen() answers HEAD, asks on for a body, and keeps a connection for several requests", async () => {
  await withListening({}, async (port) => {
    const head = await send(port, ["HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]);
    assert(/content-length: \d\d/i.test(head) && head.endsWith("\r\n\r\n"), head);
    const asked = await send(port, [`${post}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`, 100, "abc"]);
    assertStringIncludes(asked, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK");
    assertStringIncludes(asked, '"bytes":3');
    const three = await send(port, [`${line}\r\n${line}\r\n${line}Connection: close\r\n\r\n`]);
    assertEquals(three.split("HTTP/1.1 200").length, 4);
  });
});

Deno.test("listen() says in one line why it cannot", async (t) => {
  await withListening({}, async (port) => {
    const cases: readonly (readonly [Partial<ListenOptions>, string])[] = [
      [{ port }, `Cannot listen on 127.0.0.1:${port}: the port is in use: choose another with --port`],
      [{ hostname: "no such host" }, "Cannot listen on no such host:0: there is no such host"],
      [{ hostname: "203.0.113.7" }, "Cannot listen on 203.0.113.7:0: it is no address of this machine"],
    ];
    for (const [options, message] of cases) {
      await t.step(message, async () => {
        await assertRejects(() => listen(echo, { ...usual, ...options }), GradcamError, message);
      });
    }
  });
});
