import { assertEquals } from "@std/assert";
import { findOptions } from "./combobox.tsx";

Deno.test("findOptions() finds a part of a name: its beginning first, then the beginning of a word", () => {
  const options = ["wildcat", "tiger cat", "Catamaran", "dog", "block3_cat"]
    .map((label, index) => ({ value: String(index), label }));
  const found = (text: string) => findOptions(options, text).map(({ label }) => label);
  assertEquals(found("cat"), ["Catamaran", "tiger cat", "block3_cat", "wildcat"]);
  assertEquals(found(" CAT "), found("cat"));
  assertEquals(found("3"), ["dog", "block3_cat"], "an index finds its class, and first");
  assertEquals(found("."), []);
  assertEquals(found(""), options.map(({ label }) => label));
});
