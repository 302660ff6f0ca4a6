import { assertEquals, assertThrows } from "@std/assert";
import { findNamed } from "./find_named.ts";

Deno.test("findNamed() finds a member, or names the nearest", () => {
  const registry = [{ name: "gray" }, { name: "jet" }, { name: "turbo" }];
  assertEquals(findNamed(registry, "jet", "colour map"), registry[1]!);
  const message = 'Unknown colour map "trubo": use one of turbo, gray, jet';
  assertEquals(assertThrows(() => findNamed(registry, "trubo", "colour map"), RangeError).message, message);
});
