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
  const fitting = {
    fit: "crop",
    interpolation: "lanczos",
    cropFraction: 0.875,
    cropRounding: "even",
    size: [192, 224],
  };
  assertEquals(parsePreprocessing({ mean: 0, std: 1, border: 114, ...fitting, more: true }) as unknown, {
    name: "custom",
    mean: [0],
    std: [1],
    channels: "rgb",
    border: [114],
    ...fitting,
  });
});

Deno.test("prepareInput() puts a border of its colour around a photo, red first, also where blue is", () => {
  const preprocessing: Preprocessing = { ...preprocessings.none, fit: "letterbox", border: [9, 8, 7] };
  const wide = { height: 2, width: 3, channels: 3 };
  const first = (
    channels: "rgb" | "bgr",
  ) => [...prepareInput(photo, wide, { preprocessing: { ...preprocessing, channels } }).data.subarray(0, 6)];
  assertEquals(first("rgb"), [9, 8, 7, 255, 0, 51]);
  assertEquals(first("bgr"), [7, 8, 9, 51, 0, 255]);
});

Deno.test("prepareInput() takes the fit that is asked for as a whole", () => {
  const rows = { data: new Uint8ClampedArray(4 * 4 * 4).map((_, at) => 60 * (at >> 4)), height: 4, width: 4 };
  const preprocessing: Preprocessing = {
    ...preprocessings.none,
    fit: "crop",
    cropFraction: 0.5,
    cropRounding: "down",
  };
  const placed = (options: object) =>
    prepareInput(rows, { height: 2, width: 2, channels: 3 }, { preprocessing, ...options }).placement;
  assertEquals(placed({}), { x: 1, y: 1, width: 2, height: 2 });
  assertEquals(placed({ fit: "crop" }), { x: 0, y: 0, width: 4, height: 4 });
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
    [{ mean: 0, std: 1, interpolation: "cubic" }, 'Unknown interpolation "cubic": use one of bicubic, '],
    [{ mean: 0, std: 1, cropFraction: 0 }, "Cannot use crop fraction 0: use a number above 0, 2 at most"],
    [{ mean: 0, std: 1, cropRounding: "up" }, 'Unknown crop rounding "up": use one of '],
    [
      { mean: 0, std: 1, border: [1, 2] },
      "Cannot use border [1, 2]: use one number, or three, from 0 to 255",
    ],
    [
      { mean: 0, std: 1, size: [1.5, 2] },
      "Cannot use size [1.5, 2]: use [height, width], whole pixels, 4096 at most",
    ],
    ["tff", 'Unknown preprocessing "tff": use one of tf, '],
  ];
  for (const [record, message] of cases) {
    await t.step(JSON.stringify(record), () => {
      assertThrows(() => parsePreprocessing(record), Error, message);
    });
  }
  assertThrows(() => resolvePreprocessing("toString" as PreprocessingName), RangeError, "Unknown");
});
