/** Whose arrays are whose, in both containers, on files that are plain objects. */
import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "../../base/errors.ts";
import { readArchiveWeights } from "./archive_weights.ts";
import { readH5Weights } from "./h5_weights.ts";
import type { Hdf5 } from "./hdf5.ts";
import type { WeightedLayer } from "./keras_file.ts";
import type { LayerNode } from "./layer_tree.ts";

/** A file of groups, each with what is inside it; arrays are empty ones, which bear their own paths as names. */
type Groups = Readonly<Record<string, { readonly names?: readonly string[]; readonly name?: string }>>;

function fileOf(groups: Groups, arrays: readonly string[]): Hdf5 {
  const paths = [...Object.keys(groups), ...arrays];
  return {
    keys(group) {
      const prefix = group === "" ? "" : `${group}/`;
      const inside = paths.filter((path) => path.startsWith(prefix) && path !== group)
        .map((path) => path.slice(prefix.length).split("/")[0]!);
      return inside.length > 0 || group in groups ? [...new Set(inside)] : undefined;
    },
    text: (path, attribute) => attribute === "name" ? groups[path]?.name : undefined,
    texts: (path, attribute) => attribute === "weight_names" ? groups[path]?.names : undefined,
    array: (path) => arrays.includes(path) ? { name: path, shape: [], readInto() {} } : undefined,
  } as Hdf5;
}

function node(name: string, options: Partial<LayerNode> = {}): LayerNode {
  return { name, className: "Conv2D", trainable: true, layers: [], ...options };
}

function layer(path: string, trainable: number, fixed = 0): WeightedLayer {
  return { path: path.split("/"), trainable, fixed };
}

/** The names of each layer's arrays, without what is common to all. */
function namesOf(readers: ReturnType<ReturnType<typeof readH5Weights>["assign"]>, root: string) {
  return readers.map((read) => read()?.map(({ name }) => name.slice(root.length)));
}

Deno.test("readH5Weights() deals a nested model's arrays out as Keras does", async (t) => {
  const inside = [layer("nest/a", 1), layer("nest/bn", 2, 2), layer("nest/b", 1)];
  const cases: {
    name: string;
    names: string[];
    frozen?: string[];
    expected: string[][];
  }[] = [
    {
      name: "by names, in whatever order",
      names: ["b/k", "a/k", "bn/gamma", "bn/beta", "bn/mean", "bn/variance"],
      expected: [["a/k"], ["bn/gamma", "bn/beta", "bn/mean", "bn/variance"], ["b/k"]],
    },
    {
      name: "by order where names are others: those that are trained first",
      names: ["1/k", "2/g", "2/b", "3/k", "2/m", "2/v"],
      expected: [["1/k"], ["2/g", "2/b", "2/m", "2/v"], ["3/k"]],
    },
    {
      name: "by order, a frozen layer's among the others",
      names: ["1/k", "3/k", "2/g", "2/b", "2/m", "2/v"],
      frozen: ["bn"],
      expected: [["1/k"], ["2/g", "2/b", "2/m", "2/v"], ["3/k"]],
    },
    {
      name: "without what SpectralNormalization keeps for training",
      names: ["1/k", "2/g", "2/b", "3/k", "1/vector_u", "2/m", "2/v"],
      expected: [["1/k"], ["2/g", "2/b", "2/m", "2/v"], ["3/k"]],
    },
  ];
  for (const { name, names, frozen = [], expected } of cases) {
    await t.step(name, () => {
      const layers = ["a", "bn", "b"].map((each) => node(each, { trainable: !frozen.includes(each) }));
      const tree = node("model", { layers: [node("nest", { layers })] });
      const arrays = names.map((each) => `model_weights/nest/${each}`);
      const file = fileOf({ "model_weights/nest": { names } }, arrays);
      const given = readH5Weights(file, tree, "x.h5").assign(inside);
      assertEquals(namesOf(given, "model_weights/nest/"), expected);
    });
  }
  await t.step("neither more nor fewer than the layers take", () => {
    const tree = node("model", { layers: [node("nest", { layers: [node("a"), node("b")] })] });
    const file = fileOf({ "model_weights/nest": { names: ["1/k", "2/k", "3/k"] } }, []);
    assertThrows(
      () => readH5Weights(file, tree, "x.h5").assign([layer("nest/a", 1), layer("nest/b", 1)]),
      ModelError,
      'Cannot open model "x.h5": the layers inside "nest" take 2 arrays of weights, the file has 3',
    );
  });
});

Deno.test("readArchiveWeights() finds the groups of layers", async (t) => {
  const layers = [node("first"), node("second"), node("dense", { className: "Dense" })];
  const tree = node("model", { layers });
  const asked = [layer("first", 1), layer("second", 1), layer("dense", 1)];
  const arrays = ["conv2d", "conv2d_1", "dense"].map((key) => `layers/${key}/vars/0`);
  await t.step("by class and order", () => {
    const given = readArchiveWeights(fileOf({}, arrays), tree, "x.keras").assign(asked);
    assertEquals(namesOf(given, "layers/"), [["conv2d/vars/0"], ["conv2d_1/vars/0"], ["dense/vars/0"]]);
  });
  await t.step("by the names that are noted, and by these alone", () => {
    const file = fileOf(
      { "layers/conv2d/vars": { name: "second" }, "layers/dense/vars": { name: "dense" } },
      arrays,
    );
    const given = readArchiveWeights(file, tree, "x.keras").assign(asked);
    assertEquals(namesOf(given, "layers/"), [undefined, ["conv2d/vars/0"], ["dense/vars/0"]]);
  });
  await t.step("in the parts that a layer is made of, in Keras's order", () => {
    const parts = ["_key_dense", "_output_dense", "_query_dense", "_value_dense"];
    const keys = parts.map((part) => `layers/multi_head_attention/${part}/vars/0`);
    const attention = node("model", { layers: [node("mha", { className: "MultiHeadAttention" })] });
    const given = readArchiveWeights(fileOf({}, keys), attention, "x.keras").assign([layer("mha", 4)]);
    const order = ["_query_dense", "_key_dense", "_value_dense", "_output_dense"].map((part) =>
      `${part}/vars/0`
    );
    assertEquals(namesOf(given, "layers/multi_head_attention/"), [order]);
  });
  await t.step("but not in parts whose order is not known", () => {
    const keys = ["left", "right"].map((part) => `layers/my_layer/${part}/vars/0`);
    const own = node("model", { layers: [node("mine", { className: "MyLayer" })] });
    const [read] = readArchiveWeights(fileOf({}, keys), own, "x.keras").assign([layer("mine", 2)]);
    assertThrows(
      () => read!(),
      ModelError,
      'layer "mine" keeps its weights in the parts "left", "right", whose order is not known: save the model as .h5',
    );
  });
});
