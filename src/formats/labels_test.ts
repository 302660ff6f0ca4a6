import { assertEquals, assertThrows } from "@std/assert";
import { areNumbered, parseLabels } from "./labels.ts";

Deno.test("parseLabels() reads the forms that labels come in", async (t) => {
  const expected = ["cat", "dog house"];
  const rows = {
    "a JSON array": '["cat", "dog house"]',
    "index to name": '{"1": "dog house", "0": "cat"}',
    "Keras's index": '{"0": ["n01", "cat"], "1": ["n02", "dog house"]}',
    "name to index": '{"dog house": 1, "cat": 0}',
    "lines": "cat\r\ndog house\n\n",
    "numbered lines": "0 cat\n1 dog house",
  };
  for (const [name, text] of Object.entries(rows)) {
    await t.step(name, () => assertEquals(parseLabels(text), expected));
  }
});

Deno.test("parseLabels() refuses JSON that holds no names", () => {
  assertThrows(() => parseLabels('{"cat": "yes"}'), TypeError, "Cannot read labels");
  assertThrows(() => parseLabels("[[null]]"), TypeError, "Cannot read labels");
});

Deno.test("parseLabels() keeps digits that are names, and empty names of numbered lines", () => {
  assertEquals(parseLabels("0\n1\n2\n"), ["0", "1", "2"]);
  assertEquals(parseLabels("0 cat\n1 \n2 dog"), ["cat", "", "dog"]);
});

Deno.test("areNumbered() knows labels of Teachable Machine", () => {
  assertEquals(["0 cat\r\n1 dog\r\n", "cat\ndog", "1 cat\n2 dog", ""].map(areNumbered), [
    true,
    false,
    false,
    false,
  ]);
});
