import { assertEquals, assertThrows } from "@std/assert";
import { bearerOf, Tokens } from "./tokens.ts";

Deno.test("Tokens knows its tokens, and none that is like them", async () => {
  const tokens = new Tokens(["first", "second=="]);
  const asked = ["first", "second==", "firs", "firsts", "FIRST", "second", ""];
  const known = await Promise.all(asked.map((token) => tokens.has(token)));
  assertEquals(known, [true, true, false, false, false, false, false]);
  assertEquals([tokens.areNeeded, new Tokens(undefined).areNeeded], [true, false]);
  assertEquals(await new Tokens(undefined).has(""), false);
});

Deno.test("Tokens refuses what no header can hold, without telling it", () => {
  for (const tokens of [[], [""], ["two words"], ["ok", "grün"], ["a\n"]]) {
    const error = assertThrows(() => new Tokens(tokens), RangeError, "Cannot use");
    assertEquals(error.message.includes("grün"), false);
  }
});

Deno.test("bearerOf() reads the header as RFC 6750 has it", () => {
  const of = (authorization?: string) =>
    bearerOf(new Request("http://localhost", { headers: authorization ? { authorization } : {} }));
  assertEquals(["Bearer a.b-c", "bearer  x", "BEARER x"].map(of), ["a.b-c", "x", "x"]);
  assertEquals(["Basic abc", "Bearer", "Bearer a b", "Bearerx", undefined].map(of), Array(5).fill(undefined));
});
