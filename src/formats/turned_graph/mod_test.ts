import { assertEquals, assertThrows } from "@std/assert";
import type { NodeJson } from "./graph_json.ts";
import { graphInChannelsLast } from "./mod.ts";

const text = (value: string) => ({ s: btoa(value) });
const integers = (...values: number[]) => ({ list: { i: values.map(String) } });
const shape = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });

function fail(what: string): never {
  throw new Error(what);
}

/** A pool over a picture whose channels come first. */
const pooled = [
  { name: "x", op: "Placeholder", attr: { shape: shape(1, 3, 4, 6) } },
  {
    name: "pool",
    op: "MaxPool",
    input: ["x"],
    attr: {
      data_format: text("NCHW"),
      ksize: integers(1, 1, 2, 2),
      strides: integers(1, 1, 2, 2),
      padding: text("VALID"),
    },
  },
] as unknown as readonly NodeJson[];

Deno.test("graphInChannelsLast() turns a pool, and refuses an order of axes that is known only when it runs", () => {
  const [x, pool] = graphInChannelsLast(pooled, [], fail)!.nodes;
  assertEquals([x!.attr!.shape, pool!.attr!.ksize], [shape(1, 4, 6, 3), integers(1, 2, 2, 1)] as unknown);
  const order = { name: "order", op: "Placeholder", attr: { shape: shape(4) } };
  const moved = { name: "moved", op: "Transpose", input: ["pool", "order"], attr: {} };
  const nodes = [...pooled, order, moved] as unknown as readonly NodeJson[];
  assertThrows(
    () => graphInChannelsLast(nodes, [], fail),
    Error,
    `its channels come first, and its node "moved" changes the order of axes`,
  );
});
