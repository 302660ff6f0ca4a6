import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  parsePreprocessing,
  prepareInput,
  type Preprocessing,
  type PreprocessingName,
  preprocessings,
  resolvePreprocessing,
} from "./preprocess.ts";

/** Two pixels, one above the other, so that height and width cannot be swapped unseen. */
const photo = { data: new Uint8ClampedArray([255, 0, 51, 255, 0, 102, 255, 255]), height: 2, width: 1 };
const size = { height: 2, width: 1, channels: 3 };

/** By hand, with the means and deviations that the papers give. */
const expected: Readonly<Record<PreprocessingName, readonly number[]>> = {
  tf: [1, -1, -0.6, -1, -0.2, 1],
  unit: [1, 0, 0.2, 0, 0.4, 1],
  caffe: [51 - 103.939, -116.779, 255 - 123.68, 255 - 103.939, 102 - 116.779, -123.68],
  torch: [
    (1 - 0.485) / 0.229,
    -0.456 / 0.224,
    (0.2 - 0.406) / 0.225,
    -0.485 / 0.229,
    (0.4 - 0.456) / 0.224,
    (1 - 0.406) / 0.225,
  ],
  none: [255, 0, 51, 0, 102, 255],
};

Deno.test("prepareInput() scales pixels as each preprocessing says", async (t) => {
  for (const name of Object.keys(preprocessings) as PreprocessingName[]) {
    await t.step(name, () => {
      const { data, shape } = prepareInput(photo, size, { preprocessing: preprocessings[name] });
      assertEquals(shape, [1, 2, 1, 3]);
      data.forEach((value, at) => assertAlmostEquals(value, expected[name][at]!, 1e-4));
    });
  }
});

Deno.test("prepareInput() scales grey, and colours with opacity", async (t) => {
  const translucent = { data: new Uint8ClampedArray([255, 0, 51, 0, 0, 102, 255, 255]), height: 2, width: 1 };
  const cases: readonly (readonly [string, number, Preprocessing, readonly number[]])[] = [
    ["grey, one mean", 1, preprocessings.tf, [82 / 127.5 - 1, 89 / 127.5 - 1]], // 0.299, 0.587 and 0.114 of the colours
    ["grey, the first of three means", 1, preprocessings.caffe, [82 - 103.939, 89 - 103.939]],
    ["opacity, one mean", 4, preprocessings.unit, [1, 0, 0.2, 0, 0, 0.4, 1, 1]],
    [
      "opacity, three means, blue first",
      4,
      preprocessings.caffe,
      [51 - 103.939, -116.779, 255 - 123.68, -103.939, 255 - 103.939, 102 - 116.779, -123.68, 255 - 103.939],
    ],
    [
      "opacity, four means",
      4,
      { name: "own", mean: [0, 0, 0, 127.5], std: [255, 255, 255, 127.5] },
      [1, 0, 0.2, -1, 0, 0.4, 1, 1],
    ],
  ];
  for (const [name, channels, preprocessing, values] of cases) {
    await t.step(name, () => {
      const { data, shape } = prepareInput(translucent, { ...size, channels }, { preprocessing });
      assertEquals(shape, [1, 2, 1, channels]);
      data.forEach((value, at) => assertAlmostEquals(value, values[at]!, 1e-4));
    });
  }
});

Deno.test("prepareInput() fits the photo as asked, else as the preprocessing says", () => {
  const wide = { data: new Uint8ClampedArray(6 * 2 * 4).fill(255), height: 2, width: 6 };
  const preprocessing = { ...preprocessings.unit, fit: "crop" as const };
  assertEquals(prepareInput(wide, size, { preprocessing }).placement, { x: 2.5, y: 0, width: 1, height: 2 });
  const squashed = prepareInput(wide, size, { preprocessing, fit: "squash" });
  assertEquals(squashed.placement, { x: 0, y: 0, width: 6, height: 2 });
});

Deno.test("parsePreprocessing() reads a record", () => {
  assertEquals(parsePreprocessing({ mean: 127, std: [128], fit: "letterbox" }), {
    name: "custom",
    mean: [127],
    std: [128],
    channels: "rgb",
    fit: "letterbox",
  });
  assertEquals(parsePreprocessing("caffe"), preprocessings.caffe);
});

Deno.test("parsePreprocessing() refuses what makes no sense", async (t) => {
  const cases: readonly (readonly [unknown, string])[] = [
    [null, 'Cannot read preprocessing: an object with "mean" and "std" is wanted'],
    [{ mean: 1 }, 'Cannot read preprocessing: an object with "mean" and "std" is wanted'],
    [
      { mean: [1, 2], std: 1 },
      'Cannot read preprocessing: "mean" and "std" are one number, three, or four with opacity',
    ],
    [
      { mean: "a", std: 1 },
      'Cannot read preprocessing: "mean" and "std" are one number, three, or four with opacity',
    ],
    [{ mean: 0, std: 0 }, 'Cannot use preprocessing: "std" must not be 0'],
    [{ mean: 0, std: 1, channels: "hsv" }, 'Unknown channels "hsv": use one of rgb, bgr'],
    [{ mean: 0, std: 1, fit: "zoom" }, 'Unknown fit "zoom": use one of squash, crop, letterbox'],
    ["tff", 'Unknown preprocessing "tff": use one of tf, '],
  ];
  for (const [record, message] of cases) {
    await t.step(JSON.stringify(record), () => {
      assertThrows(() => parsePreprocessing(record), Error, message);
    });
  }
  assertThrows(() => resolvePreprocessing("toString" as PreprocessingName), RangeError, "Unknown");
});
