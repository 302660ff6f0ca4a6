import { assert, assertEquals, assertRejects } from "@std/assert";
import { GrowingBuffer } from "./growing_buffer.ts";
import { ownChunks, readStream, StoppedError } from "./read_stream.ts";

const easy = { maxBytes: 100_000, timeoutMs: 10_000, minBytesPerSecond: 0 };

type Controller = ReadableStreamDefaultController | ReadableByteStreamController;

function makeStream(
  isOfBytes: boolean,
  source: { pull(controller: Controller): void | Promise<void> },
): ReadableStream<Uint8Array> {
  const made: unknown = isOfBytes
    ? new ReadableStream({ ...source, type: "bytes" })
    : new ReadableStream(source);
  return made as ReadableStream<Uint8Array>;
}

/** Chunks, with a pause before each; of bytes where a reader may bring its own buffer. */
function streamOf(
  chunks: readonly Uint8Array[],
  isOfBytes: boolean,
  pauseMs = 0,
): ReadableStream<Uint8Array> {
  let next = 0;
  const source = {
    async pull(controller: Controller) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (next < chunks.length) return controller.enqueue(chunks[next++]!.slice());
      controller.close();
      if ("byobRequest" in controller) controller.byobRequest?.respond(0);
    },
  };
  return makeStream(isOfBytes, source);
}

function abortedIn(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}

const numbered = (length: number, from = 0) =>
  Uint8Array.from({ length }, (_, index) => (from + index) % 251);

Deno.test("readStream() reads what comes, in any chunks, of both kinds of streams", async (t) => {
  for (const isOfBytes of [true, false]) {
    for (const sizes of [[], [1], [1, 1, 1], [70_000], [16_384], [16_383, 1, 1], [3, 20_000, 1, 40_000]]) {
      await t.step(`${sizes} ${isOfBytes ? "bytes" : "chunks"}`, async () => {
        let from = 0;
        const chunks = sizes.map((size) => numbered(size, (from += size) - size));
        const length = sizes.reduce((sum, size) => sum + size, 0);
        for (const declared of [undefined, length, 5, 90_000, NaN]) {
          const bytes = await readStream(streamOf(chunks, isOfBytes), { ...easy, declared });
          assertEquals(bytes, numbered(length));
        }
      });
    }
  }
});

Deno.test("readStream() says why it stopped, and cancels the stream", async (t) => {
  const steady = Array.from({ length: 50 }, () => new Uint8Array(10));
  const cases = [
    { why: "large", options: () => ({ maxBytes: 99 }) },
    { why: "late", options: () => ({ timeoutMs: 60 }) },
    { why: "slow", options: () => ({ minBytesPerSecond: 5000, graceMs: 60 }) }, // it gives some 2000
    { why: "left", options: () => ({ signal: abortedIn(60) }) },
    { why: "left", options: () => ({ signal: AbortSignal.abort() }) },
  ];
  for (const isOfBytes of [true, false]) {
    for (const { why, options } of cases) {
      await t.step(`${why} ${isOfBytes ? "bytes" : "chunks"}`, async () => {
        const stream = streamOf(steady, isOfBytes, 5);
        const error = await assertRejects(() => readStream(stream, { ...easy, ...options() }), StoppedError);
        assertEquals(error.why, why);
        await new Promise((resolve) => setTimeout(resolve, 10)); // for the stream's own timer
      });
    }
    await t.step(`cut ${isOfBytes ? "bytes" : "chunks"}`, async () => {
      const stream = makeStream(isOfBytes, { pull: (controller) => controller.error(new Error("reset")) });
      assertEquals((await assertRejects(() => readStream(stream, easy), StoppedError)).why, "cut");
    });
  }
  await t.step("what it is told not to take", async () => {
    const onGrow = () => {
      throw new RangeError("full");
    };
    await assertRejects(() => readStream(streamOf(steady, true), { ...easy, onGrow }), RangeError, "full");
  });
});

Deno.test("readStream() keeps to the pace that is asked for", async () => {
  const chunks = Array.from({ length: 20 }, () => new Uint8Array(100));
  const bytes = await readStream(streamOf(chunks, true, 5), {
    ...easy,
    minBytesPerSecond: 1000,
    graceMs: 20,
  });
  assertEquals(bytes.length, 2000);
});

Deno.test("readStream() lets others have their turn where bytes come without a pause", async () => {
  const chunks = Array.from({ length: 60_000 }, () => new Uint8Array(1));
  let turns = 0;
  const ticking = setInterval(() => turns++);
  await readStream(streamOf(chunks, false), easy);
  clearInterval(ticking);
  assert(turns > 1, `${turns} turns`);
});

Deno.test("GrowingBuffer takes memory in proportion to what has come", () => {
  for (const declared of [undefined, 1e6, 1e9, 3, 0]) {
    let taken = 0;
    const buffer = new GrowingBuffer({ maxBytes: 2e7, declared, onGrow: (bytes) => taken += bytes });
    for (let length = 0; length < 900_000; length += 999) {
      buffer.append(numbered(999, length));
      const believed = declared === 1e6 ? 8 : 2;
      assert(taken <= Math.max(believed * buffer.length, 2 ** 14) + 999, `${taken} for ${buffer.length}`);
    }
    assertEquals(buffer.bytes.subarray(0, 5000), numbered(5000));
    assertEquals(buffer.bytes.length, buffer.length);
  }
});

Deno.test("readStream() leaves the chunks of a stream to whoever sent them", async () => {
  const chunks = [new Uint8Array([1, 2]), new Uint8Array([3])];
  const stream = ReadableStream.from<Uint8Array>(chunks);
  assertEquals([...await readStream(stream, easy)], [1, 2, 3]);
  assertEquals(chunks, [new Uint8Array([1, 2]), new Uint8Array([3])]);
});

Deno.test("readStream() gives the chunks of a stream back that are its reader's own", async () => {
  const chunks = [new Uint8Array([1, 2]), new Uint8Array(new ArrayBuffer(9), 3, 2), new Uint8Array([3])];
  const stream = ReadableStream.from<Uint8Array>(chunks);
  ownChunks(stream);
  assertEquals([...await readStream(stream, easy)], [1, 2, 0, 0, 3]);
  assertEquals(chunks.map(({ length }) => length), [0, 2, 0]); // one that is a part of more is left
});
