import { assertEquals } from "@std/assert";
import { ensureBackend } from "../../../backends/mod.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { loadModel } from "../mod.ts";
import { attribute, ends, graph, ints, model, node, small, weight } from "./testing.ts";

/** Steps along height and width, then what `nodes` make of `s`, and two scores of `c`. */
function stepped(steps: readonly [number, number], axes: readonly [number, number], nodes: Uint8Array[]) {
  return model(graph(
    node("Slice x first last axes steps -> s"),
    ...nodes as Uint8Array<ArrayBuffer>[],
    ...small.slice(2),
    ints("first", steps.map((step) => step < 0 ? 99 : 1)),
    ints("last", steps.map((step) => step < 0 ? -99 : 99)),
    ints("axes", axes),
    ints("steps", steps),
    ...ends,
  ));
}

const conv = [node("Conv s w -> a", [attribute("pads", [1, 1, 1, 1])]), node("Relu a -> b")];
const pooled = [
  node("Conv s w -> a", [attribute("pads", [1, 1, 1, 1]), attribute("strides", [1, 2])]),
  node("MaxPool a -> b", [attribute("kernel_shape", [2, 1])]),
];

interface Case {
  readonly steps: readonly [number, number];
  readonly axes: readonly [number, number];
  readonly nodes: readonly Uint8Array[];
  /** The strides of the slice, and of what is made of it. */
  readonly slice: readonly [number, number] | undefined;
  readonly last: readonly [number, number] | undefined;
}

async function layersOf(bytes: Uint8Array) {
  return await leavingNoTensors(async () => {
    using opened = await loadModel(bytes);
    return new Map(opened.layers.map((layer) => [layer.path, layer]));
  });
}

Deno.test("the strides of layers count the steps of slices, and windows that nothing is said of", async (t) => {
  await ensureBackend({ backend: "cpu" });
  const cases: Readonly<Record<string, Case>> = {
    "every second row": { steps: [2, 1], axes: [2, 3], nodes: conv, slice: [2, 1], last: [2, 1] },
    "every third column": { steps: [3, 1], axes: [-1, -2], nodes: conv, slice: [1, 3], last: [1, 3] },
    "a pool of its usual steps": {
      ...{ steps: [2, 1], axes: [2, 3], nodes: pooled, slice: [2, 1], last: [2, 2] },
    },
    "what is mirrored": { steps: [1, -1], axes: [2, 3], nodes: conv, slice: undefined, last: undefined },
  };
  for (const [name, { steps, axes, nodes, slice, last }] of Object.entries(cases)) {
    await t.step(name, async () => {
      const layers = await layersOf(stepped(steps, axes, [...nodes]));
      assertEquals(layers.get("Slice_node")!.stride, slice);
      assertEquals(layers.get(nodes === conv ? "Relu_node" : "MaxPool_node")!.stride, last);
    });
  }
});

Deno.test("the parameters of layers are the numbers of their weights, each counted once in a module", async () => {
  await ensureBackend({ backend: "cpu" });
  const scoped = (text: string, name: string) => node(text, [], "", name);
  const layers = await layersOf(model(graph(
    scoped("Conv x w -> a", "/body/first/Conv"),
    scoped("Mul a half -> h", "/body/first/Mul"),
    scoped("Add h bias -> b", "/body/second/Add"),
    scoped("Mul b bias -> b2", "/body/second/Mul"),
    node("GlobalAveragePool b2 -> c"),
    ...small.slice(3),
    weight("half", [], [0.5]),
    weight("bias", [4, 1, 1], [1, 2, 3, 4]),
    ...ends,
  )));
  const counts = Object.fromEntries([...layers].map(([path, { parameters }]) => [path, parameters]));
  assertEquals(counts["/body/first/Conv"], 4 * 3 * 3 * 3);
  assertEquals(counts["/body/second/Add"], 4);
  assertEquals(counts["body.first"], 4 * 3 * 3 * 3);
  assertEquals(counts["body.second"], 4);
  assertEquals(counts["body"], 4 * 3 * 3 * 3 + 4);
  assertEquals(counts["Gemm_node"], 8);
  assertEquals(counts["Flatten_node"], 0);
});
