import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { ModelError } from "../base/errors.ts";
import { encodePng } from "./image/encode_png.ts";
import { writeDeepPng } from "./image/testing.ts";
import type { RgbaImage } from "./image/types.ts";
import type { ImageInput } from "./image_input.ts";
import type { InputOptions } from "./input_options.ts";
import { type ModelInput, planInput, type SeeingInput } from "./plan.ts";
import { toldBy } from "./evidence.ts";
import { type Preprocessing, preprocessings } from "./preprocess.ts";
import type { Shape, TensorInfo } from "../split/model.ts";
import { leavingNoTensors } from "../testing/mod.ts";

/** As much of a model as an input is made for. */
function modelTaking(
  shape: Shape,
  { dtype, preprocessing = preprocessings.none }: {
    readonly dtype?: TensorInfo["dtype"];
    readonly preprocessing?: Preprocessing | undefined;
  } = {},
): SeeingInput {
  const evidence = preprocessing ? [toldBy("the test", preprocessing)] : [];
  return { input: { name: "image", shape, ...(dtype && { dtype }) }, evidence };
}

/** A planned input, made at once. */
async function prepare(
  image: ImageInput,
  model: SeeingInput,
  options: InputOptions,
): Promise<ModelInput & { readonly x: tf.Tensor4D }> {
  const input = await planInput(image, model, options)();
  return { ...input, x: input.toTensor() };
}

/** 2 wide and 1 high: red, and half transparent green. */
const photo: RgbaImage = {
  data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 51),
  height: 1,
  width: 2,
};

Deno.test("planInput() brings a photo to the model's size and channels", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly options?: InputOptions;
    /** What its files say that photos were brought to. */
    readonly trained?: readonly [number, number];
    /** Of the model's input, or of its values where they are few. */
    readonly result: readonly number[];
    readonly warnings?: readonly string[];
  }[] = [
    { name: "as the model says", shape: [null, 3, 5, 3], result: [1, 3, 5, 3] },
    { name: "the same said again", shape: [null, 3, 5, 3], options: { size: [3, 5] }, result: [1, 3, 5, 3] },
    {
      name: "any size, one number",
      shape: [null, null, null, 3],
      options: { size: 6 },
      result: [1, 6, 6, 3],
    },
    { name: "any size", shape: [null, null, null, 1], options: { size: [2, 7] }, result: [1, 2, 7, 1] },
    { name: "any height", shape: [null, null, 4, 3], options: { size: [6, 4] }, result: [1, 6, 4, 3] },
    { name: "any channels", shape: [null, 2, 3, null], result: [1, 2, 3, 3] },
    {
      name: "any size, not said",
      shape: [null, null, null, 3],
      result: [1, 224, 224, 3],
      warnings: ['The model takes any size: the photo is brought to 224 × 224 (option "size")'],
    },
    {
      name: "any width, not said",
      shape: [null, 7, null, 3],
      result: [1, 7, 224, 3],
      warnings: ['The model takes any size: the photo is brought to 7 × 224 (option "size")'],
    },
    { name: "any size, trained at one", shape: [null, null, null, 3], trained: [4, 6], result: [1, 4, 6, 3] },
    {
      name: "any size, asked for another than it was trained at",
      shape: [null, null, null, 3],
      options: { size: [3, 5] },
      trained: [4, 6],
      result: [1, 3, 5, 3],
    },
    {
      name: "another size than its files say",
      shape: [null, 3, 5, 3],
      trained: [4, 6],
      result: [1, 3, 5, 3],
      warnings: [
        "The model's files say that photos were 4 × 6: the photo is brought to 3 × 5, which it takes",
      ],
    },
  ];
  for (const { name, shape, options = {}, trained, result, warnings = [] } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const preprocessing = { ...preprocessings.none, size: trained };
        const prepared = await prepare(photo, modelTaking(shape, { preprocessing }), options);
        assertEquals([prepared.x.shape, prepared.warnings], [result, warnings]);
        prepared.x.dispose();
      }));
  }
});

Deno.test("planInput() blends transparency on white, but for models that take opacity", async (t) => {
  await selectBackend({ backend: "cpu" });
  // Green a fifth opaque on white: 255 · 0.8 of red and blue. As grey: 0.299 · 204 + 0.587 · 255 + 0.114 · 204.
  const cases: readonly (readonly [channels: number, values: readonly number[]])[] = [
    [1, [76, 234]],
    [3, [255, 0, 0, 204, 255, 204]],
    [4, [255, 0, 0, 255, 0, 255, 0, 51]],
  ];
  for (const [channels, values] of cases) {
    await t.step(`${channels} channels`, () =>
      leavingNoTensors(async () => {
        const prepared = await prepare(photo, modelTaking([null, 1, 2, channels]), {});
        assertEquals([...await prepared.x.data()], [...values]);
        assertEquals([...prepared.photo!.data], [255, 0, 0, 255, 204, 255, 204, 255], "What people see");
        assertEquals(photo.data[7], 51, "The caller's pixels are left alone");
        prepared.x.dispose();
      }));
  }
  await t.step("scaled, four channels", () =>
    leavingNoTensors(async () => {
      const preprocessing = { name: "own", mean: [0, 0, 0, 51], std: [255, 255, 255, 1] };
      const { x } = await prepare(photo, modelTaking([null, 1, 2, 4], { preprocessing }), {});
      assertEquals([...await x.data()], [1, 0, 0, 204, 0, 1, 0, 0]);
      x.dispose();
    }));
});

Deno.test("planInput() takes photos in a range of their values, files as pixels", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = modelTaking([null, 1, 2, 3]);
  const pixels = { data: Uint8ClampedArray.of(10, 20, 30, 255, 60, 40, 20, 255), height: 1, width: 2 };
  const images: Readonly<Record<string, ImageInput>> = {
    pixels,
    "a PNG of 8 bits": await encodePng(pixels),
    "a PNG of 16": await writeDeepPng([10, 20, 30, 60, 40, 20], { height: 1, width: 2 }),
  };
  for (const [name, image] of Object.entries(images)) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        for (const range of ["auto", [10, 60]] as const) {
          const { x, photo, warnings } = await prepare(image, model, { range });
          assertEquals([[...await x.data()], warnings], [[0, 51, 102, 255, 153, 51], []]);
          assertEquals([...photo!.data], [0, 51, 102, 255, 255, 153, 51, 255], "What people see");
          x.dispose();
        }
      }));
  }
  assertEquals(pixels.data[0], 10, "The caller's pixels are left alone");
});

Deno.test("planInput() gives whole numbers where the model takes no others", async () => {
  await selectBackend({ backend: "cpu" });
  const model = { ...modelTaking([null, 1, 2, 3], { dtype: "int32" }), evidence: [] };
  await leavingNoTensors(async () => {
    const { x, warnings } = await prepare(photo, model, {});
    assertEquals([x.dtype, [...await x.data()], warnings], ["int32", [255, 0, 0, 204, 255, 204], []]);
    const given = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3]);
    const { x: same } = await prepare(given, model, {});
    assertEquals([same.dtype, same.shape, [...await same.data()]], ["int32", [1, 1, 2, 3], [
      1,
      2,
      3,
      4,
      5,
      6,
    ]]);
    tf.dispose([x, given, same]);
  });
});

Deno.test("planInput() takes tensors as they are", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const given = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 3, 2, 1]);
    for (const image of [given, tf.tidy(() => given.squeeze<tf.Tensor3D>([0]))]) {
      const { x, photo, placement } = await prepare(image, modelTaking([null, null, 2, 1]), { size: 9 });
      assertEquals([x.shape, photo, placement], [[1, 3, 2, 1], undefined, undefined]);
      assertEquals([...await x.data()], [1, 2, 3, 4, 5, 6]);
      tf.dispose([x, image]);
    }
  });
});

Deno.test("planInput() takes whole numbers, as tf.browser.fromPixels() gives them, where the model says no type", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const given = tf.tensor3d([1, 2, 3, 4, 5, 255], [2, 3, 1], "int32");
    const { x } = await prepare(given, modelTaking([null, 2, 3, 1]), {});
    assertEquals([x.dtype, [...await x.data()]], ["float32", [1, 2, 3, 4, 5, 255]]);
    tf.dispose([x, given]);
  });
});

Deno.test("planInput() refuses what does not fit", async (t) => {
  await selectBackend({ backend: "cpu" });
  const any: Shape = [null, null, null, 3];
  const cases: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly options?: unknown;
    readonly image?: () => unknown;
    readonly type: new (message?: string) => Error;
    readonly message: string;
  }[] = [
    {
      name: "another size",
      shape: [null, 3, 5, 3],
      options: { size: 5 },
      type: RangeError,
      message: "Cannot use size 5: the model takes 3 × 5",
    },
    {
      name: "another width, the height being free",
      shape: [null, null, 5, 3],
      options: { size: [5, 6] },
      type: RangeError,
      message: "Cannot use size 5 × 6: the model takes any × 5",
    },
    {
      name: "no size",
      shape: any,
      options: { size: 0 },
      type: RangeError,
      message: "Cannot use size 0: give",
    },
    {
      name: "half",
      shape: any,
      options: { size: [5, 2.5] },
      type: RangeError,
      message: "size 5 × 2.5: give",
    },
    {
      name: "NaN",
      shape: any,
      options: { size: NaN },
      type: RangeError,
      message: "Cannot use size NaN: give",
    },
    {
      name: "one side",
      shape: any,
      options: { size: [5] },
      type: RangeError,
      message: "Cannot use size 5: give",
    },
    { name: "three", shape: any, options: { size: [5, 5, 3] }, type: RangeError, message: "5 × 5 × 3: give" },
    { name: "a text", shape: any, options: { size: "5x5" }, type: RangeError, message: "size 5x5: give" },
    {
      name: "more than memory holds",
      shape: any,
      options: { size: 99_999 },
      type: RangeError,
      message: "Cannot use size 99999: use 16777216 pixels at most",
    },
    {
      name: "two channels",
      shape: [null, 3, 5, 2],
      type: RangeError,
      message: "Cannot feed a photo into a model of 2 channels",
    },
    {
      name: "channels first",
      shape: [null, 3, 224, 300],
      type: ModelError,
      message: 'input "image" [?, 3, 224, 300]: its channels come first: convert the model to channels last',
    },
    {
      name: "channels first, any size",
      shape: [null, 3, null, null],
      type: ModelError,
      message: 'input "image" [?, 3, ?, ?]: its channels come first',
    },
    {
      name: "a tensor of another size",
      shape: [null, 3, null, 3],
      image: () => tf.zeros([2, 3, 3]),
      type: TypeError,
      message: "Cannot explain a tensor [2,3,3]: the model takes [3, any, 3] or [1, 3, any, 3]",
    },
    {
      name: "two pictures",
      shape: any,
      image: () => tf.zeros([2, 3, 3, 3]),
      type: TypeError,
      message: "Cannot explain a tensor [2,3,3,3]",
    },
    {
      name: "nothing",
      shape: any,
      image: () => null,
      type: TypeError,
      message: "Cannot read a photo: give a path, a URL, bytes, pixels or a tensor",
    },
    {
      name: "fewer values than pixels",
      shape: any,
      image: () => ({ ...photo, height: 2 }),
      type: TypeError,
      message: "Cannot explain 2 × 2 pixels: they have 16 values, red, green, blue and alpha each, not 8",
    },
    {
      name: "pixels of 16 bits",
      shape: any,
      image: () => ({ data: new Uint16Array(8), height: 1, width: 2 }),
      type: TypeError,
      message:
        "Cannot explain pixels in a Uint16Array: give 8 bits a channel, a Uint8ClampedArray, or a tensor",
    },
    {
      name: "a range that is none",
      shape: any,
      options: { range: [5, 5] },
      type: RangeError,
      message: "Cannot use range 5 … 5: give two numbers, the lower one first",
    },
    {
      name: "no pixels",
      shape: any,
      image: () => ({ data: new Uint8ClampedArray(), height: 0, width: 5 }),
      type: TypeError,
      message: "Cannot explain 5 × 0 pixels: width and height are whole and above 0",
    },
  ];
  for (const { name, shape, options, image = () => photo, type, message } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const given = image();
        const model = modelTaking(shape);
        await assertRejects(
          () => prepare(given as ImageInput, model, (options ?? {}) as InputOptions),
          type,
          message,
        );
        if (given instanceof tf.Tensor) given.dispose();
      }));
  }
});
