import { assert, assertEquals } from "@std/assert";
import { nearest } from "./nearest.ts";
import { cut, listed, listQuoted, quote } from "./quote.ts";

Deno.test("quote() leaves short names as they are", () => {
  const names = ["", "tiger cat", 'a "quoted" \\ name', "Größe 体 🐈", "👩‍👩‍👧", "x".repeat(120)];
  for (const name of names) assertEquals(quote(name), `"${name}"`);
  assertEquals([undefined, null, 7, [1, 2]].map((value) => quote(value)), [
    '"undefined"',
    '"null"',
    '"7"',
    '"1,2"',
  ]);
});

Deno.test("quote() shows what cannot be printed as its code", () => {
  const cases: readonly (readonly [text: string, shown: string])[] = [
    ["a\nb\r\tc", "a\\nb\\r\\tc"],
    ["\x1b[31mred\x00\x7f\x85", "\\u001b[31mred\\u0000\\u007f\\u0085"],
    ["\u2028\u2029\u202e\ufeff", "\\u2028\\u2029\\u202e\\ufeff"],
    ["half \ud83d of a cat", "half \\ud83d of a cat"],
  ];
  for (const [text, shown] of cases) assertEquals(cut(text), shown);
});

Deno.test("cut() takes out the middle, between characters", async (t) => {
  assertEquals(cut("abcdefghijklmnop", 10), "abcdef…nop");
  const texts = [
    "x".repeat(121),
    "🐈".repeat(200),
    "\n".repeat(100),
    "\x00".repeat(1e5),
    `x${"🐈".repeat(99)}`,
  ];
  for (const text of texts) {
    for (const longest of [1, 2, 7, 60, 120]) {
      await t.step(`${text.length} to ${longest}`, () => {
        const shown = cut(text, longest);
        assert(shown.length <= longest && shown.includes("…"), shown);
        assertEquals(shown, shown.toWellFormed());
        // deno-lint-ignore no-control-regex -- none may be left
        assert(!/[\x00-\x1f]/.test(shown));
      });
    }
  }
  assertEquals(cut("a\nb".repeat(1000), Infinity), "a\\nb".repeat(1000));
});

Deno.test("listed() names a dozen at most, each in few letters", () => {
  assertEquals(listed(["a", "b"]), "a, b");
  assertEquals(listQuoted(["a", "b\n"]), '"a", "b\\n"');
  const many = Array.from({ length: 13 }, (_, index) => `${index}`);
  assertEquals(listed(many), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …");
  assert(listed(["x".repeat(1e6)]).length === 60);
});

Deno.test("nearest() takes no longer for a long name than for a short one", () => {
  const labels = Array.from({ length: 1000 }, (_, index) => `label ${index} of a thousand`);
  for (const length of [90, 101, 1e5, 1e7]) {
    const start = performance.now();
    nearest("ab".repeat(length / 2), labels);
    const ms = performance.now() - start;
    assert(ms < 500, `${ms} ms for ${length} letters`); // 10 ms on a quiet machine
  }
  assertEquals(nearest("x".repeat(1e5), ["b", "a", "x".repeat(2e5)], 2), ["x".repeat(2e5), "b"]);
});
