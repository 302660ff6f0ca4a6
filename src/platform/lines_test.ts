import { assertEquals } from "@std/assert";
import { readLines } from "./lines.ts";

async function linesOf(chunks: readonly string[], longest = 100) {
  const bytes = chunks.map((chunk) => Uint8Array.from(chunk, (letter) => letter.charCodeAt(0)));
  const lines = await Array.fromAsync(readLines(ReadableStream.from(bytes), longest));
  return lines.map(({ number, text }) => [number, text]);
}

Deno.test("readLines() gives lines however they arrive", async () => {
  assertEquals(await linesOf(["a\nb\n"]), [[1, "a"], [2, "b"]]);
  assertEquals(await linesOf(["a", "b\r\n\n", "  \n", "c"]), [[1, "ab"], [4, "c"]]);
  assertEquals(await linesOf(["\n\n"]), []);
  assertEquals(await linesOf([]), []);
  assertEquals(await linesOf(["\xef\xbb", "\xbfa\n"]), [[1, "a"]]); // UTF-8's mark, cut in two
  assertEquals(await linesOf(["\xc3", "\xa4\n"]), [[1, "ä"]]); // a letter cut in two
});

Deno.test("readLines() keeps nothing of a line that is too long", async () => {
  const long = "x".repeat(30);
  assertEquals(await linesOf([`${long}${long}\nb\n${long}`, `${long}`], 50), [
    [1, undefined],
    [2, "b"],
    [3, undefined],
  ]);
  assertEquals(await linesOf([`${long}${long}`], 60), [[1, long + long]]);
});
