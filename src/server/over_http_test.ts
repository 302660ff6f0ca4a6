/** What only a real connection shows. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { plainPhoto, type TestedService, withService } from "./testing.ts";

/** Do something with a service that listens, and its port. */
async function withListening(use: (tested: TestedService, port: number) => Promise<void>): Promise<void> {
  await withService({}, async (tested) => {
    const { fetch } = tested.service;
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, fetch);
    try {
      await use(tested, server.addr.port);
    } finally {
      await tested.service.drain({ timeoutMs: 0 });
      await server.shutdown();
    }
  });
}

/** Whether an answer is complete, by the length that it tells of. */
function isWhole(answer: string, hasContent: boolean): boolean {
  const end = answer.indexOf("\r\n\r\n");
  const length = hasContent ? Number(/^content-length: (\d+)\r$/m.exec(answer)?.[1] ?? 0) : 0;
  return end >= 0 && answer.length >= end + 4 + length;
}

/** Send something over a connection of its own, and read the answer; all of it is ASCII. */
async function send(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  await connection.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(65_536);
  let answer = "";
  while (!isWhole(answer, !text.startsWith("HEAD"))) {
    const length = await connection.read(buffer);
    if (length === null) break;
    answer += new TextDecoder().decode(buffer.subarray(0, length));
  }
  return answer;
}

Deno.test("createService() answers what is no URL, and methods of all kinds", async (t) => {
  const cases: readonly (readonly [line: string, host: string, status: number, header: RegExp])[] = [
    ["GET https://user:secret@elsewhere.example:99999/health", "localhost", 400, /"code":"url-invalid"/],
    ["GET http://[::1/health", "localhost", 400, /"code":"url-invalid"/],
    ["GET /healthz", "a b", 400, /"code":"url-invalid"/],
    ["GET /healthz", "localhost:99999", 400, /"code":"url-invalid"/],
    ["GET /healthz", "localhost", 200, /{"status":"alive"}/],
    ["GET /v1/models/%00", "localhost", 404, /model-not-found/],
    ["GET /v1/models/default/../../etc/passwd", "localhost", 404, /not-found/],
    ["HEAD /v1/methods", "localhost", 200, /content-length: \d{4,5}\r\n/],
    ["OPTIONS *", "localhost", 204, /allow: GET, HEAD, OPTIONS, POST|allow: GET, POST, HEAD, OPTIONS/],
    ["OPTIONS /v1/explain", "localhost", 204, /allow: POST, OPTIONS\r\n/],
    ...["QUERY", "TRACE", "PATCH", "CONSTRUCTOR"].map((method) =>
      [`${method} /v1/methods`, "localhost", 405, /allow: GET, HEAD, OPTIONS\r\n/] as const
    ),
  ];
  await withListening(async ({ errors }, port) => {
    for (const [line, host, status, wanted] of cases) {
      await t.step(`${line} on ${host}`, async () => {
        const answer = await send(port, `${line} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        assertMatch(answer, new RegExp(`^HTTP/1.1 ${status} `));
        assertMatch(answer, wanted);
        if (line.startsWith("HEAD")) assert(answer.endsWith("\r\n\r\n"), "It has no content");
      });
    }
    assertEquals(errors, []);
  });
});

Deno.test("createService() drops the work of a client that hangs up", async () => {
  await withListening(async ({ service, records }, port) => {
    const connection = await Deno.connect({ port, hostname: "127.0.0.1" });
    const head = `POST /v1/explain HTTP/1.1\r\nHost: a\r\nContent-Length: ${plainPhoto.length}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    await connection.write(plainPhoto.subarray(0, 10));
    while (service.state.underWay === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    connection.close();
    while (service.state.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assertEquals(records.map(({ status, route }) => [status, route]), [[499, "/v1/explain"]]);
  });
});

Deno.test("drain() answers a stalled upload, and closes connections", async () => {
  await withListening(async ({ service }, port) => {
    const head = "POST /v1/explain HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbegun";
    const answering = send(port, head);
    while (service.state.underWay === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await service.drain({ timeoutMs: 30 });
    const answer = await answering;
    assertMatch(answer, /^HTTP\/1.1 503 /);
    assertMatch(answer, /"code":"draining"/);
    const kept = await send(port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assertMatch(kept, /^HTTP\/1.1 200 /);
  });
});
