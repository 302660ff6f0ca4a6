import { assertEquals } from "@std/assert";
import { countText } from "./count_text.ts";

Deno.test("countText() says one or several, with marks between thousands", () => {
  assertEquals([countText(1, "photo"), countText(1234, "photo")], ["1 photo", "1,234 photos"]);
  assertEquals(countText(0, "result of before", "results of before"), "0 results of before");
});
