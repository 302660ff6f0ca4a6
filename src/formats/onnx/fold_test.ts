import { assertEquals, assertStrictEquals } from "@std/assert";
import { fold } from "./fold.ts";
import { constantOf } from "./value.ts";

Deno.test("fold() lets go of many numbers, and computes them again", () => {
  const input = constantOf("float32", [5000], Float32Array.from({ length: 5000 }, (_, at) => at));
  const node = {
    ...{ name: "n", op: "Neg", domain: "", opset: 17, inputs: ["x"], outputs: ["y"] },
    ...{ attributes: new Map(), metadata: new Map() },
  };
  const [found] = fold(node, [input]);
  const numbers = found!.read();
  assertStrictEquals(found!.read(), numbers);
  found!.forget!();
  const again = found!.read();
  assertEquals([again === numbers, again[4999]], [false, -4999]);
  const [few] = fold(node, [constantOf("float32", [2], Float32Array.of(1, 2))]);
  assertEquals([few!.forget, Array.from(few!.read())], [undefined, [-1, -2]]);
});
