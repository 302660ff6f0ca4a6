import { assert, assertEquals } from "@std/assert";
import { codeLengths, codesOf } from "./huffman.ts";

Deno.test("codeLengths() are Huffman's, at most 15, and leave no code over", async (t) => {
  const fibonacci = [1, 1];
  while (fibonacci.length < 40) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
  const cases: readonly (readonly [string, number[], number[] | undefined])[] = [
    ["two", [3, 0, 9], [1, 0, 1]],
    ["alike", [5, 5, 5, 5], [2, 2, 2, 2]],
    ["halves", [8, 4, 2, 1, 1], [1, 2, 3, 4, 4]],
    ["the textbook's", [45, 13, 12, 16, 9, 5], [1, 3, 3, 3, 4, 4]],
    ["too deep", fibonacci, undefined],
  ];
  for (const [name, counts, expected] of cases) {
    await t.step(name, () => {
      const lengths = codeLengths(Uint32Array.from(counts));
      if (expected) assertEquals([...lengths], expected);
      assert(lengths.every((length) => length <= 15));
      assertEquals(lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0), 1);
    });
  }
});

Deno.test("codesOf() numbers codes as RFC 1951 does in its example", () => {
  const lengths = [3, 3, 3, 3, 3, 2, 4, 4];
  const expected = ["010", "011", "100", "101", "110", "00", "1110", "1111"];
  const found = [...codesOf(Uint8Array.from(lengths))].map((code, at) => {
    assertEquals(code >> 16, lengths[at]);
    const bits = (code & 0xffff).toString(2).padStart(lengths[at]!, "0");
    return [...bits].reverse().join("");
  });
  assertEquals(found, expected);
});
