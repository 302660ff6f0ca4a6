/**
 * A service in a process of its own stands whatever strangers send: it answers in time, never with a 5xx that is not
 * documented, and goes on giving everybody else right answers.
 */
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { memoryOf, type RunningService, ticksOf, withServeScript } from "../../testing/program.ts";
import { kinds } from "./mod.ts";
import { hostile, post, wire } from "./request.ts";
import { attack, faultsOf, readResponses, readSamples, send } from "./testing.ts";

/** How long an answer may take, in ms: many seconds on a busy machine, of which four requests share two cores. */
const withinMs = 8000;
/** How long `/health` may take when nothing else is asked, in ms. */
const healthWithinMs = 50;
/**
 * How much more memory the service may hold when all is over than when it was warm, in MB. What WebAssembly has taken is
 * never given back: a layer at the start of the model takes some 350, and a GIF of 24 megapixels some 280 to decode.
 */
const mayKeepMb = 800;
/** How much more it may ever take, in MB: four requests at a time, each of 25 megapixels at most. */
const mayTakeMb = 1200;

interface Answer {
  readonly status: number;
  readonly classIndex: string | null;
  readonly score: number;
  readonly retryAfter: string | null;
}

async function explain(url: string, photo: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const headers = { "content-type": "image/png" };
  const response = await fetch(`${url}explain`, { method: "POST", headers, body: photo });
  await response.arrayBuffer();
  const { status } = response;
  const score = Number(response.headers.get("gradcam-score"));
  return {
    status,
    score,
    classIndex: response.headers.get("gradcam-class"),
    retryAfter: response.headers.get("retry-after"),
  };
}

function assertSame(actual: Answer, expected: Answer): void {
  assertEquals([actual.status, actual.classIndex], [200, expected.classIndex]);
  assertAlmostEquals(actual.score, expected.score, 1e-4);
}

/** The quickest of a few questions: on a busy machine any one of them may have had to wait for its turn. */
async function healthMs(url: string): Promise<number> {
  let quickest = Infinity;
  for (let count = 0; count < 10 && quickest >= healthWithinMs; count++) {
    const start = performance.now();
    const response = await fetch(`${url}health`);
    await response.arrayBuffer();
    assertEquals(response.status, 200);
    quickest = Math.min(quickest, performance.now() - start);
  }
  return quickest;
}

const samples = await readSamples();

/** The same photo, sent a byte now and then; the sender never comes to its end. */
async function sendSlowly(url: string, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  signal.addEventListener("abort", () => connection.close());
  try {
    const content = post("/explain", samples.photo!);
    await connection.write(content.subarray(0, 400));
    for (let at = 400; !signal.aborted; at++) {
      await connection.write(content.subarray(at, at + 1));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch {
    // cut off, by the service or by the end of the test
  }
}

async function withSlowSenders(url: string, count: number, use: () => Promise<void>): Promise<void> {
  const leaving = new AbortController();
  const senders = Array.from({ length: count }, () => sendSlowly(url, leaving.signal));
  await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    await use();
  } finally {
    leaving.abort();
    await Promise.all(senders);
  }
}

/** What is tried besides single requests. */
const besides: Readonly<Record<string, (service: RunningService, expected: Answer) => Promise<void>>> = {
  async "slow senders"({ url }, expected) {
    await withSlowSenders(url, 20, async () => {
      for (let count = 0; count < 3; count++) assertSame(await explain(url, samples.plain!), expected);
    });
  },
  async "those who leave"({ url, pid }, expected) {
    /** Little to receive, and much to do. */
    const large = () => post("/explain?minSide=1024&format=panel&format=overlay", samples.plain!);
    /** What the service computes until nothing of what was sent is left to do: the last photo waits for all before it. */
    async function ticksFor(end: "wait" | "leave"): Promise<number> {
      const before = await ticksOf(pid) ?? NaN;
      await Promise.all(
        Array.from({ length: 5 }, () => send(url, hostile(end, large, { end }), 4 * withinMs)),
      );
      assertSame(await explain(url, samples.plain!), expected);
      return (await ticksOf(pid) ?? NaN) - before;
    }
    await ticksFor("wait"); // what is computed for the first time takes longer
    const stayed = await ticksFor("wait");
    const left = await ticksFor("leave");
    if (!Number.isNaN(left)) assertLess(left, 0.6 * stayed, "The work of those who left is done");
  },
  async "a burst"({ url }, expected) {
    const answers = await Promise.all(Array.from({ length: 60 }, () => explain(url, samples.plain!)));
    const answered = answers.filter(({ status }) => status === 200);
    assert(answered.length > 0);
    for (const answer of answered) assertSame(answer, expected);
    for (const { status, retryAfter } of answers.filter((answer) => !answered.includes(answer))) {
      assertEquals(status, 503);
      assert(Number(retryAfter) > 0, "503 says when to try again");
    }
  },
};

Deno.test("serve.ts stands what strangers send", async (t) => {
  assert(Object.keys(kinds).length >= 20);
  assert(Object.values(kinds).flatMap((kind) => kind(samples)).length >= 300);
  await withServeScript(async (service) => {
    const { url, pid } = service;
    const expected = await explain(url, samples.plain!);
    assertEquals((await explain(url, samples.photo!)).classIndex, "285"); // Egyptian cat
    const warm = await memoryOf(pid);
    async function standsAfterwards(): Promise<void> {
      assert(service.isAlive(), service.said());
      assertLess(await healthMs(url), healthWithinMs);
      assertSame(await explain(url, samples.plain!), expected);
    }
    for (const [name, kind] of Object.entries(kinds)) {
      await t.step({
        name,
        async fn() {
          assertEquals(await attack(url, kind(samples), { withinMs }), []);
          await standsAfterwards();
        },
      });
    }
    for (const [name, run] of Object.entries(besides)) {
      await t.step({
        name,
        async fn() {
          await run(service, expected);
          await standsAfterwards();
        },
      });
    }
    await t.step({
      name: "memory",
      ignore: warm === undefined,
      async fn() {
        const after = await memoryOf(pid);
        assertLess(after!.now - warm!.now, mayKeepMb);
        assertLess(after!.most - warm!.now, mayTakeMb);
      },
    });
  });
});

Deno.test("readResponses() reads what is pipelined, in chunks and of a length, and leaves out what is not whole", () => {
  const bytes = wire(
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
    "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nX: a\r\nX: b\r\n\r\nno",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
  );
  const read = readResponses(bytes, false);
  assertEquals(read.map(({ status }) => status), [200, 404]);
  assertEquals(read.map(({ body }) => new TextDecoder().decode(body)), ["abcd", "no"]);
  assertEquals(read[1]!.headers.get("x"), "a, b");
});

Deno.test("faultsOf() finds what is wrong with an answer", async (t) => {
  const request = hostile("any", () => wire("GET / HTTP/1.1\r\n\r\n"), { statuses: [400] });
  const answer = (status: number, body: string, headers: Record<string, string> = {}) => ({
    responses: [{
      status,
      headers: new Headers({ "content-type": "application/problem+json", ...headers }),
      body: wire(body),
    }],
    ms: 1,
    isHanging: false,
  });
  const cases: readonly (readonly [string, Parameters<typeof faultsOf>[1], readonly string[]])[] = [
    ["right", answer(400, '{"detail":"Cannot"}'), []],
    ["no answer", { responses: [], ms: 1, isHanging: false }, ["closed without an answer"]],
    ["no end", { responses: [], ms: 9, isHanging: true }, ["no end within 9 ms"]],
    ["another status", answer(200, "x"), ["200 x"]],
    ["500", answer(500, '{"detail":"a"}'), ['500 {"detail":"a"}', '500 {"detail":"a"}']],
    ["busy", answer(503, '{"detail":"a"}', { "retry-after": "1" }), []],
    ["busy without a time", answer(503, '{"detail":"a"}'), ["503 does not say when to try again"]],
    ["no problem details", answer(400, "no", { "content-type": "text/plain" }), [
      "400 is told as text/plain: no",
    ]],
    ["no detail", answer(400, "{}"), ["the problem has no detail"]],
    ["far too long", answer(400, `{"detail":"${"a".repeat(2000)}"}`), [
      "the problem is told in 2013 characters",
    ]],
    [
      "the inside",
      answer(400, '{"detail":"at x.ts:1"}'),
      ['the problem tells of the inside: {"detail":"at x.ts:1"}'],
    ],
    ["injected", answer(400, '{"detail":"a"}', { "x-injected": "1" }), ["a header was injected"]],
  ];
  for (const [name, outcome, faults] of cases) {
    await t.step(name, () => assertEquals(faultsOf(request, outcome), faults));
  }
});
