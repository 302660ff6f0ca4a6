import { assertEquals } from "@std/assert";
import { isNestedTooDeep } from "./nesting.ts";

Deno.test("isNestedTooDeep() measures lists and objects of any depth", () => {
  const nest = (depth: number) => JSON.parse('{"a":['.repeat(depth / 2) + "]}".repeat(depth / 2));
  assertEquals(isNestedTooDeep(nest(400)), false);
  assertEquals(isNestedTooDeep(nest(600)), true);
  assertEquals(isNestedTooDeep(nest(200_000)), true);
  assertEquals(isNestedTooDeep(Array.from({ length: 10_000 }, () => [{ a: [null, 1, "["] }])), false);
  assertEquals(isNestedTooDeep(null), false);
});
