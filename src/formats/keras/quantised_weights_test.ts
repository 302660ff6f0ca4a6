/** Weights that Keras has quantised, against its own outputs and by hand. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { ModelError } from "../../base/errors.ts";
import { largestDifference, leavingNoTensors, testdata } from "../../testing/mod.ts";
import { loadModel } from "../mod.ts";
import type { KerasArray } from "./keras_file.ts";
import { quantisationOf } from "./quantisation.ts";
import { dequantise } from "./quantised_weights.ts";

const folder = new URL("keras_quantised/", testdata);
const { rows }: { rows: Record<string, { output: number[]; dynamic?: number[] }> } = JSON.parse(
  await Deno.readTextFile(new URL("index.json", folder)),
);

Deno.test("loadModel() opens what Keras has quantised", async (t) => {
  await selectBackend({ backend: "cpu" });
  for (const [file, { output, dynamic }] of Object.entries(rows)) {
    await t.step(file, () =>
      leavingNoTensors(async () => {
        const model = await loadModel(new URL(file, folder));
        const image = Float32Array.from({ length: 60 }, (_, index) => Math.sin(0.5 + 12.9898 * index));
        const x = tf.tensor4d(image, [1, 4, 5, 3]);
        const scores = model.predict(x);
        const values = await scores.data() as Float32Array;
        assertLessOrEqual(largestDifference(values, output), 1e-6);
        if (dynamic) assertLessOrEqual(largestDifference(values, dynamic), 5e-3);
        assert(model.notes.some((note) => /made float32 again/.test(note)), model.notes.join());
        tf.dispose([x, scores]);
        model.dispose();
      }));
  }
});

function array(name: string, shape: number[], values: number[]): KerasArray {
  return { name, shape, readInto: (target) => target.set(values) };
}

/** What a layer of some class takes of the arrays in a file. */
function valuesOf(
  arrays: KerasArray[],
  mode: string,
  shapes: number[][],
  className = "Dense",
  more: object = {},
): number[][] {
  const settings = { dtype: { config: { mode } }, ...more };
  const node = { name: "a", className, trainable: true, layers: [], settings };
  const taken = dequantise(arrays, { where: "Layer", node, quantised: quantisationOf(settings)!, shapes });
  return taken.map(({ shape, readInto }) => {
    const target = new Float32Array(shape.reduce((product, size) => product * size, 1));
    readInto(target);
    return [...target];
  });
}

Deno.test("dequantise() makes a layer's own weights of those in the file", async (t) => {
  await t.step("int8 of a Dense layer, as archives number them", () => {
    const kept = [
      array("layers/dense/vars/0", [2, 3], [2, -4, 6, 8, 10, -12]),
      array("layers/dense/vars/1", [3], [7, 8, 9]),
      array("layers/dense/vars/2", [3], [2, 4, 8]),
    ];
    assertEquals(valuesOf(kept, "int8", [[2, 3], [3]]), [[1, -1, 0.75, 4, 2.5, -1.5], [7, 8, 9]]);
  });
  await t.step("int8 of an EinsumDense layer whose equation turns the axes", () => {
    const kept = [
      array("a/bias", [2], [1, 2]),
      array("a/kernel", [1, 2, 3], [6, 6, 6, 6, 6, 6]), // c, d, e
      array("a/kernel_scale", [1, 1, 3, 2], [1, 2, 3, 4, 5, 6]), // …, e, d
    ];
    const settings = { equation: "abc,cde->abed" };
    assertEquals(valuesOf(kept, "int8", [[1, 2, 3], [2]], "EinsumDense", settings), [
      [6, 2, 6 / 5, 3, 1.5, 1].map(Math.fround),
      [1, 2],
    ]);
  });
  await t.step("int8 of an Embedding", () => {
    const kept = [
      array("e/embeddings", [2, 3], [2, 4, 6, 4, 8, 12]),
      array("e/embeddings_scale", [2], [2, 4]),
    ];
    assertEquals(valuesOf(kept, "int8", [[2, 3]], "Embedding"), [[1, 2, 3, 1, 2, 3]]);
  });
  await t.step("int4 packed along rows of an odd number, as Keras 3.11 to 3.13 do", () => {
    const kept = [
      array("d/vars/0", [2, 2], [0x21, -0x01, 0x0f, 0x08]), // 1 and 2, −1 and −1; −1, −8
      array("d/vars/1", [2], [1, 2]),
    ];
    assertEquals(valuesOf(kept, "int4", [[3, 2]]), [[1, -0.5, 2, -0.5, -1, -4]]);
  });
  await t.step("int4 of one unit, a number in each byte", () => {
    const kept = [array("d/vars/0", [3, 1], [0x01, 0x0f, 0x08]), array("d/vars/1", [1], [2])];
    assertEquals(valuesOf(kept, "int4/-1", [[3, 1]]), [[0.5, -0.5, -4]]);
  });
  await t.step("int4 by blocks of rows", () => {
    const kept = [
      array("d/vars/0", [3, 1], [0x21, 0x43, 0x65]), // 1, 2 · 3, 4 · 5, 6
      array("d/vars/1", [2], [7, 8]),
      array("d/vars/2", [2, 2], [1, 10, 100, 1000]),
      array("d/vars/3", [2, 2], [0, 1, 2, 3]),
      array("d/vars/4", [3], [0, 0, 1]),
    ];
    assertEquals(valuesOf(kept, "int4/2", [[3, 2], [2]]), [[1, 10, 3, 30, 300, 3000], [7, 8]]);
  });
  await t.step("float8, whose kernel is kept as it was", () => {
    const state = [2, 3, 4, 5, 6, 7].map((at) => array(`d/vars/${at}`, [], [1]));
    const kept = [array("d/vars/0", [1, 2], [0.3, 0.4]), array("d/vars/1", [2], [1, 2]), ...state];
    assertEquals(valuesOf(kept, "float8", [[1, 2], [2]]), [[0.3, 0.4].map(Math.fround), [1, 2]]);
  });
  await t.step("a kernel and what was learned beside it", () => {
    const kept = [
      array("d/bias", [3], [7, 8, 9]),
      array("d/lora_kernel_a", [2, 1], [1, 2]),
      array("d/lora_kernel_b", [1, 3], [1, 10, 100]),
      array("d/kernel", [2, 3], [1, 1, 1, 1, 1, 1]),
    ];
    const settings = { lora_rank: 1, lora_alpha: 2, dtype: "float32" };
    assertEquals(valuesOf(kept, "", [[2, 3], [3]], "Dense", settings), [
      [3, 21, 201, 5, 41, 401],
      [7, 8, 9],
    ]);
  });
  await t.step("but not of arrays that do not belong together", () => {
    const kept = [array("d/vars/0", [2, 3], [1, 2, 3, 4, 5, 6]), array("d/vars/1", [2], [1, 2])];
    assertThrows(
      () => valuesOf(kept, "int8", [[2, 3]]),
      ModelError,
      "Layer takes weights [2, 3], which [2, 3] with scales [2] in the file are not",
    );
    assertThrows(
      () => valuesOf([kept[0]!, array("d/vars/1", [3], [1, 1, 1])], "int4", [[2, 3]]),
      ModelError,
      "Layer takes weights [2, 3]",
    );
  });
});
