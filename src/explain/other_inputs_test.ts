import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { type OtherInputs, resolveInputs } from "./other_inputs.ts";
import type { TensorInfo } from "../split/model.ts";
import { leavingNoTensors } from "../testing/mod.ts";

const inputs: readonly TensorInfo[] = [
  { name: "age", shape: [null, 1] },
  { name: "photo", shape: [null, 8, 6, 3] },
  { name: "words", shape: [null, null, 2], dtype: "int32" },
];

Deno.test("resolveInputs() brings numbers into the shape that the model takes", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly (readonly [string, OtherInputs, readonly number[], readonly number[]])[] = [
    ["a number", { age: 0.5, words: [1, 2] }, [0.5], [1, 1, 2]],
    ["a list", { age: [0.25], words: [1, 2, 3, 4, 5, 6] }, [0.25], [1, 3, 2]],
    ["a typed array", { age: Float32Array.of(0.75), words: Int32Array.of(1, 2, 3, 4) }, [0.75], [1, 2, 2]],
  ];
  for (const [name, given, age, shape] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const { image, values, own } = resolveInputs(inputs, { inputs: given });
        assertEquals(image, 1);
        assertEquals([values.age!.shape, [...await values.age!.data()]], [[1, 1], [...age]]);
        assertEquals([values.words!.shape, values.words!.dtype], [[...shape], "int32"]);
        assertEquals(own.length, 2);
        tf.dispose([...own]);
      }));
  }
  await t.step("a tensor, which stays the caller's", () =>
    leavingNoTensors(() => {
      const words = tf.zeros([1, 5, 2], "int32");
      const { values, own } = resolveInputs(inputs, { inputs: { words, age: 1 } });
      assertEquals([values.words, own.length], [words, 1]);
      tf.dispose([words, ...own]);
    }));
  assertEquals(resolveInputs([inputs[1]!], {}), { image: 0, values: {}, photos: new Map(), own: [] });
});

Deno.test("resolveInputs() refuses what does not fit, and leaves nothing behind", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["one is missing", { age: 1 }, 'without its input "words" [?, ?, 2]: give values by name'],
    ["too many", { age: [1, 2], words: [1, 2] }, 'Cannot give 2 numbers to input "age" [?, 1]: 1 are needed'],
    ["none", { age: [], words: [1, 2] }, 'Cannot give 0 numbers to input "age" [?, 1]'],
    [
      "no whole rows",
      { age: 1, words: [1, 2, 3] },
      'Cannot give 3 numbers to input "words" [?, ?, 2]: a multiple of 2',
    ],
    ["NaN", { age: 1, words: [1, NaN] }, 'Cannot give NaN to input "words": give numbers'],
    ["a text", { age: "old", words: [1, 2] }, 'Cannot give "old" to input "age" [?, 1]: it takes numbers'],
    ["an input of another name", { age: 1, word: [1, 2] }, 'Cannot give values to input "word"'],
    [
      "the image",
      { age: 1, words: [1, 2], photo: 0 },
      'Cannot give values to input "photo": it takes the image',
    ],
  ];
  for (const [name, given, message] of cases) {
    await t.step(name, () =>
      leavingNoTensors(() => {
        assertThrows(() => resolveInputs(inputs, { inputs: given as OtherInputs }), Error, message);
      }));
  }
  await t.step("a tensor of another shape", () =>
    leavingNoTensors(() => {
      const words = tf.zeros([1, 5, 3]);
      assertThrows(
        () => resolveInputs(inputs, { inputs: { age: 1, words } }),
        TypeError,
        'Cannot give values [1, 5, 3] to input "words" [?, ?, 2]',
      );
      words.dispose();
    }));
  await t.step("two unknown sizes", () => {
    const unknown: TensorInfo = { name: "any", shape: [null, null, null] };
    assertThrows(
      () => resolveInputs([inputs[1]!, unknown], { inputs: { any: [1, 2] } }),
      RangeError,
      'Cannot give 2 numbers to input "any" [?, ?, ?]: give a tensor',
    );
  });
});
