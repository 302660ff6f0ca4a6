/** Where the weights of layers lie in HDF5, by name and by order, on files that are plain objects. */
import { assertEquals } from "@std/assert";
import { findPlaces } from "./h5_places.ts";
import type { Hdf5 } from "./hdf5.ts";

/** A file of groups, each with its arrays; without names where the groups are numbered. */
function fileOf(groups: Readonly<Record<string, readonly string[]>>, root = ""): Hdf5 {
  const names = Object.keys(groups);
  const inside = (path: string) => groups[path.slice(root.length)];
  return {
    keys: (path) => path === "model_weights" ? (root === "" ? undefined : names) : inside(path),
    texts(path, attribute) {
      if (names[0] === "layer_0") return undefined;
      if (attribute === "layer_names") return path === root.replace("/", "") ? names : undefined;
      return inside(path);
    },
  } as Hdf5;
}

const cases: Record<
  string,
  { file: Hdf5; layers: Record<string, number>; expected: Record<string, string> }
> = {
  "by name": {
    file: fileOf({ a: ["W", "b"], r: [], c: ["W"] }),
    layers: { c: 1, a: 2 },
    expected: { c: "c", a: "a" },
  },
  "by order, where a network was built anew": {
    file: fileOf({ conv_4: ["W", "b"], relu_4: [], conv_5: ["W", "b"], dense_2: ["W"] }, "model_weights/"),
    layers: { conv: 2, conv_5: 2, dense: 1 },
    expected: {
      conv: "model_weights/conv_4",
      conv_5: "model_weights/conv_5",
      dense: "model_weights/dense_2",
    },
  },
  "by order, where names are others' and numbers agree": {
    file: fileOf({ conv_1: ["W"], conv_2: ["W"] }),
    layers: { conv: 1, conv_1: 1 },
    expected: { conv: "conv_1", conv_1: "conv_2" },
  },
  "by number, as the first versions have it": {
    file: fileOf({ layer_0: ["param_0", "param_1"], layer_1: [], layer_2: ["param_1", "param_0"] }),
    layers: { conv: 2, dense: 2 },
    expected: { conv: "layer_0", dense: "layer_2" },
  },
  "not by order, where the layers take other numbers of arrays": {
    file: fileOf({ x: ["W"], y: ["W", "b"] }),
    layers: { conv: 2, dense: 2 },
    expected: { conv: "conv", dense: "dense" },
  },
  "not by order, where there are more layers": {
    file: fileOf({ x: ["W"], y: ["W"], z: ["W"] }),
    layers: { conv: 1, dense: 1 },
    expected: { conv: "conv", dense: "dense" },
  },
};

Deno.test("findPlaces() finds the weights of layers as Keras does", async (t) => {
  for (const [name, { file, layers, expected }] of Object.entries(cases)) {
    await t.step(name, () => {
      const places = findPlaces(file, new Map(Object.entries(layers)));
      assertEquals(Object.fromEntries([...places].map(([layer, { group }]) => [layer, group])), expected);
    });
  }
  await t.step("numbered arrays in the order of their numbers", () => {
    const numbers = Array.from({ length: 12 }, (_, index) => `param_${11 - index}`);
    const [place] = findPlaces(fileOf({ layer_0: numbers }), new Map([["a", 12]])).values();
    assertEquals(place!.names, numbers.toReversed());
  });
});
