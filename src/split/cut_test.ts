import { assertEquals } from "@std/assert";
import { cutAt, type Vertex } from "./cut.ts";

// x → a → b → c → d → y, with a skipping to d and e hanging off a on its own.
const residual: Vertex[] = [
  { id: "x", inputs: [] },
  { id: "a", inputs: ["x"] },
  { id: "b", inputs: ["a"] },
  { id: "c", inputs: ["b"] },
  { id: "e", inputs: ["a"] },
  { id: "d", inputs: ["c", "a"] },
  { id: "y", inputs: ["d"] },
];

Deno.test("cutAt() divides a graph with a skip connection", async (t) => {
  const rows = [
    { at: "a", head: ["x", "a"], tail: ["b", "c", "d", "y"], carried: [] },
    { at: "b", head: ["x", "a", "b"], tail: ["c", "d", "y"], carried: ["a"] },
    { at: "c", head: ["x", "a", "b", "c"], tail: ["d", "y"], carried: ["a"] },
    { at: "d", head: ["x", "a", "b", "c", "d"], tail: ["y"], carried: [] },
    { at: "y", head: ["x", "a", "b", "c", "d", "y"], tail: [], carried: [] },
    { at: "e", head: ["x", "a", "b", "c", "e", "d", "y"], tail: [], carried: ["y"] },
  ];
  for (const { at, ...expected } of rows) {
    await t.step(`at ${at}`, () => assertEquals(cutAt(residual, at, "y"), expected));
  }
});
