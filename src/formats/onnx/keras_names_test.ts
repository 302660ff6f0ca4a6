import { assertEquals } from "@std/assert";
import { findKerasName } from "./keras_names.ts";
import type { LayerList } from "./layer_list.ts";

/** Layers of nodes of these names, each of which takes the one before it, and constants. */
function listOf(paths: readonly (readonly [path: string, ...constants: string[]])[]): LayerList {
  const nodes = paths.map(([path, ...constants], at) => ({
    op: "Conv",
    domain: "",
    name: path,
    inputs: [at === 0 ? "image" : `${paths[at - 1]![0]}:0`, ...constants],
    outputs: [`${path}:0`],
    attributes: new Map(),
    metadata: new Map(),
    opset: 17,
  }));
  return {
    layers: nodes.map(({ name: path, op: kind }) => ({
      path,
      kind,
      outputShape: [null, 6, 8, 4],
      parent: "",
      parameters: undefined,
      stride: [2, 2],
    })),
    values: new Map(nodes.map(({ name, outputs }) => [name, outputs[0]!])),
    aliases: new Map(nodes.map(({ name, outputs }) => [outputs[0]!, name])),
    nodes: new Map(nodes.map((node) => [node.name, node])),
    pictures: new Set(),
    hasModules: false,
  };
}

const numbered = listOf([
  ["net_1/conv_1/BiasAdd"],
  ["net_1/conv_1/Relu"],
  ["net_1/conv_1_1/Relu"],
  ["Conv__7", "net_1/block_1/conv_1/merged_input:0", "net_1/block_1/bn_1/batchnorm/sub:0"],
  ["net_1/block_1/relu_1/Relu"],
  ["net_1/shared_1/Relu"],
  ["net_1/between_1/Relu"],
  ["net_1/shared_3/Relu"],
  ["Conv__8", "net_1/twice_1/merged_input:0"],
  ["Conv__9", "net_1/twice_1/merged_input:0"],
]);

const plain = listOf([["net_1/conv/Relu"], ["net_1/conv_1/Relu"]]);

const cases: readonly [name: string, list: LayerList, path: string | undefined, isFused?: boolean][] = [
  ["conv", numbered, "net_1/conv_1/Relu"],
  ["conv_1", numbered, "net_1/conv_1_1/Relu"],
  ["block/relu", numbered, "net_1/block_1/relu_1/Relu"],
  ["block/bn", numbered, "Conv__7", true],
  ["shared", numbered, "net_1/shared_1/Relu"],
  ["shared:1", numbered, "net_1/shared_3/Relu"],
  ["twice", numbered, undefined], // nothing says which call is which
  ["nothing", numbered, undefined],
  ["conv", plain, "net_1/conv/Relu"],
  ["conv_1", plain, "net_1/conv_1/Relu"],
];

Deno.test("findKerasName() finds the nodes of layers, numbered as Keras 3 exports them or not", async (t) => {
  for (const [name, list, path, isFused = false] of cases) {
    await t.step(`${name}${list === plain ? " of a plain file" : ""}`, () => {
      const found = findKerasName(name, list);
      assertEquals(found?.path, path);
      const said = `The converter fused layer "${name}" into "${path}": the map is taken there`;
      if (found) assertEquals(found.warnings, isFused ? [said] : []);
    });
  }
});
