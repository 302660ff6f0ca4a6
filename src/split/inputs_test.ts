import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { ModelError } from "../base/errors.ts";
import { shapeText } from "../base/tensor_info.ts";
import { findImageInput, otherInputs } from "./inputs.ts";
import type { TensorInfo } from "./model.ts";

const photo: TensorInfo = { name: "photo", shape: [null, 8, 6, 3] };
const age: TensorInfo = { name: "age", shape: [null, 1] };
const site: TensorInfo = { name: "site", shape: [null, 4] };
const second: TensorInfo = { name: "second", shape: [null, 8, 6, 1] };
const features: TensorInfo = { name: "features", shape: [null, 4, 3, 32] };

Deno.test("findImageInput() finds the input that takes the image", async (t) => {
  const cases:
    readonly (readonly [string, readonly TensorInfo[], number, (number | string | undefined)?, string[]?])[] =
      [
        ["the only input", [photo], 0],
        ["the only picture", [age, site, photo], 2],
        ["a picture rather than features", [features, photo], 1],
        ["features where there is no picture", [age, features], 1],
        ["the picture that is given no values", [photo, second], 1, undefined, ["photo"]],
        ["by index", [photo, second], 1, 1],
        ["by name", [photo, second], 0, "photo"],
        ["features by name", [features, photo], 0, "features"],
      ];
  for (const [name, inputs, expected, wanted, given] of cases) {
    await t.step(name, () => assertEquals(findImageInput(inputs, wanted, given), expected));
  }
});

Deno.test("findImageInput() refuses what takes no image", async (t) => {
  const cases: readonly {
    readonly name: string;
    readonly inputs: readonly TensorInfo[];
    readonly wanted?: number | string;
    readonly type: new (message?: string) => Error;
    readonly message: string;
  }[] = [
    {
      name: "no picture",
      inputs: [age, site],
      type: ModelError,
      message:
        'Cannot explain a model with inputs "age" [?, 1], "site" [?, 4]: one image [?, H, W, C] is needed',
    },
    {
      name: "one input, no picture",
      inputs: [age],
      type: ModelError,
      message: 'Cannot explain a model with input "age" [?, 1]: one image [?, H, W, C] is needed',
    },
    {
      name: "two pictures",
      inputs: [photo, age, second],
      type: RangeError,
      message: 'Cannot tell which input takes the image, "photo" [?, 8, 6, 3], "second" [?, 8, 6, 1]: ' +
        'name it with the option "input"',
    },
    {
      name: "a misspelt name",
      inputs: [age, photo],
      wanted: "foto",
      type: RangeError,
      message: 'Cannot find input "foto": the inputs are "photo" [?, 8, 6, 3], "age" [?, 1]',
    },
    { name: "an index", inputs: [age, photo], wanted: 2, type: RangeError, message: 'Cannot find input "2"' },
    {
      name: "a fraction",
      inputs: [photo],
      wanted: 0.5,
      type: RangeError,
      message: 'Cannot find input "0.5"',
    },
    {
      name: "an input that is no picture",
      inputs: [age, photo],
      wanted: "age",
      type: RangeError,
      message: 'Cannot feed an image into input "age" [?, 1]: one [?, H, W, C] is needed',
    },
  ];
  for (const { name, inputs, wanted, type, message } of cases) {
    await t.step(name, () => {
      assertThrows(() => findImageInput(inputs, wanted), type, message);
    });
  }
});

Deno.test("otherInputs() puts values in the model's order", async (t) => {
  await selectBackend({ backend: "cpu" });
  const inputs = [site, photo, age];
  const [one, four, three] = [tf.zeros([1, 1]), tf.zeros([1, 4]), tf.zeros([1, 3])];
  assertEquals(otherInputs(inputs, 1, { age: one, site: four }), [four, undefined, one]);
  assertEquals(otherInputs([photo], 0), [undefined]);
  const cases:
    readonly (readonly [Record<string, tf.Tensor>, typeof RangeError | typeof TypeError, string])[] = [
      [
        {},
        RangeError,
        'Cannot run the model without its inputs "site" [?, 4], "age" [?, 1]: give values by name (option "inputs", --input-values)',
      ],
      [{ site: four }, RangeError, 'Cannot run the model without its input "age" [?, 1]: give values'],
      [
        { site: four, agge: one },
        RangeError,
        'Cannot give values to input "agge": the inputs are "age" [?, 1], "site" [?, 4], "photo" [?, 8, 6, 3]',
      ],
      [{ site: four, age: one, photo: one }, RangeError, 'input "photo": it takes the image'],
      [{ site: three, age: one }, TypeError, 'Cannot give values [1, 3] to input "site" [?, 4]'],
      [{ toString: four, age: one }, RangeError, 'Cannot give values to input "toString"'],
    ];
  for (const [given, type, message] of cases) {
    await t.step(Object.keys(given).join(", ") || "nothing", () => {
      assertThrows(() => otherInputs(inputs, 1, given), type, message);
    });
  }
  tf.dispose([one, four, three]);
});

Deno.test("shapeText() shows what is not known", () => {
  assertEquals(shapeText([null, 8, null, 3]), "?, 8, ?, 3");
});
