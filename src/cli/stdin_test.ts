import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ImageError } from "../base/errors.ts";
import { readStdin } from "./stdin.ts";

function failing(error: Error): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ pull: () => Promise.reject(error) });
}

Deno.test("readStdin() reads to the end", async () => {
  const { signal } = new AbortController();
  const stdin = ReadableStream.from([Uint8Array.of(1, 2), Uint8Array.of(3)]);
  assertEquals([...await readStdin({ stdin, signal })], [1, 2, 3]);
});

Deno.test("readStdin() says why it cannot", async (t) => {
  const cases: readonly (readonly [Error, string])[] = [
    [new Deno.errors.IsADirectory("Is a directory (os error 21)"), "it is a folder"],
    [new Error("the pipe broke\nat once"), "the pipe broke"],
  ];
  for (const [error, why] of cases) {
    await t.step(why, async () => {
      const { signal } = new AbortController();
      const { message } = await assertRejects(() => readStdin({ stdin: failing(error), signal }), ImageError);
      assertEquals(message, `Cannot read standard input: ${why}`);
    });
  }
});

Deno.test("readStdin() ends when it is interrupted, though nothing comes", async () => {
  const interruption = new AbortController();
  let cancelled: unknown;
  const stdin = new ReadableStream<Uint8Array<ArrayBuffer>>({
    cancel: (reason) => void (cancelled = reason),
  });
  const reading = readStdin({ stdin, signal: interruption.signal });
  const reason = new Error("Ctrl+C");
  interruption.abort(reason);
  assertStrictEquals(await reading.catch((error) => error), reason);
  assertStrictEquals(cancelled, reason);
});
