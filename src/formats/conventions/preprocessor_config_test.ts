import { assertEquals, assertThrows } from "@std/assert";
import { type Preprocessing, preprocessings } from "../../input/preprocess.ts";
import { readPreprocessorConfig } from "./preprocessor_config.ts";

type Expected = Partial<Preprocessing>;

/** What matters of it, where it is said. */
function summary(preprocessing: Preprocessing | undefined, wanted: Expected): Expected | undefined {
  if (!preprocessing) return undefined;
  const names = Object.keys(wanted) as (keyof Preprocessing)[];
  return Object.fromEntries(names.map((name) => [name, preprocessing[name]]));
}

const { mean, std } = preprocessings.torch;

const cases: readonly (readonly [name: string, file: object, expected: Expected | undefined])[] = [
  [
    "ViT of 2021, a feature extractor with a size of one number",
    {
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: "ViTFeatureExtractor",
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      resample: 2,
      size: 224,
    },
    {
      name: "ViTFeatureExtractor",
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      fit: "squash",
      interpolation: "bilinear",
      size: [224, 224],
    },
  ],
  [
    "DeiT of 2021: squashed to 256, of which 224 are cut out",
    {
      crop_size: 224,
      do_center_crop: true,
      feature_extractor_type: "DeiTFeatureExtractor",
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      resample: 3,
      size: 256,
    },
    { mean, std, fit: "squash", cropFraction: 0.875, cropRounding: "down", interpolation: "bicubic" },
  ],
  [
    "CLIP of 2021: one number is the shorter side",
    {
      crop_size: 224,
      do_center_crop: true,
      feature_extractor_type: "CLIPFeatureExtractor",
      image_mean: [0.48145466, 0.4578275, 0.40821073],
      image_std: [0.26862954, 0.26130258, 0.27577711],
      resample: 3,
      size: 224,
    },
    { fit: "crop", cropFraction: 1, size: [224, 224], interpolation: "bicubic" },
  ],
  [
    "ResNet: ConvNeXt's class, 224 of 256",
    {
      crop_pct: 0.875,
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      image_processor_type: "ConvNextImageProcessor",
      resample: 3,
      size: { shortest_edge: 224 },
    },
    { mean, std, fit: "crop", cropFraction: 0.875, size: [224, 224] },
  ],
  [
    "ConvNeXt of 384: squashed, nothing is cut off",
    { image_processor_type: "ConvNextImageProcessorFast", size: { shortest_edge: 384 }, crop_pct: null },
    { fit: "squash", cropFraction: undefined, size: [384, 384] },
  ],
  [
    "DINOv2: 224 of 256 on the shorter side",
    {
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_rescale: true,
      image_processor_type: "BitImageProcessor",
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      rescale_factor: 0.00392156862745098,
      size: { shortest_edge: 256 },
    },
    { mean, std, fit: "crop", cropFraction: 0.875, size: [224, 224] },
  ],
  [
    "height and width that differ",
    { image_processor_type: "ViTImageProcessor", size: { height: 192, width: 320 } },
    { fit: "squash", size: [192, 320] },
  ],
  [
    "an unknown class, which says all of it",
    {
      image_processor_type: "MineImageProcessor",
      do_normalize: false,
      do_rescale: true,
      resample: 1,
      size: { longest_edge: 300 },
      something: { else: true },
    },
    { name: "MineImageProcessor", mean: [0], std: [255], interpolation: "lanczos", fit: "letterbox" },
  ],
  [
    "pixels as they are",
    { image_processor_type: "ViTImageProcessor", do_rescale: false, do_normalize: false },
    { mean: [0], std: [1] },
  ],
  [
    "pixels of −1 … 1 by the factor alone",
    {
      image_processor_type: "ViTImageProcessor",
      do_normalize: false,
      rescale_factor: 1 / 127.5,
      rescale_offset: true,
    },
    { mean: [127.5], std: [127.5] },
  ],
  [
    "blue first",
    { image_processor_type: "MobileViTImageProcessor", do_flip_channel_order: true },
    { channels: "bgr", mean: [0], std: [255] },
  ],
  [
    "a processor within that of pictures and texts",
    { processor_class: "CLIPProcessor", image_processor: { image_processor_type: "CLIPImageProcessor" } },
    { fit: "crop", size: [224, 224] },
  ],
  [
    "a limit in the place of a size, and the name of an interpolation",
    { image_processor_type: "MineImageProcessor", size: { max_height: 1333 }, resample: "bilinear" },
    { fit: "squash", size: undefined, interpolation: "bilinear" },
  ],
  [
    "what is null is not done",
    { image_processor_type: "MineImageProcessor", do_normalize: null, image_mean: [0.5], image_std: [0.5] },
    { mean: [0], std: [255] },
  ],
  ["sound", { feature_extractor_type: "Wav2Vec2FeatureExtractor", sampling_rate: 16_000 }, undefined],
  ["something else", { version: 3 }, undefined],
];

Deno.test("readPreprocessorConfig() reads processors of all ages", async (t) => {
  for (const [name, file, expected] of cases) {
    await t.step(name, () => {
      assertEquals(summary(readPreprocessorConfig(JSON.stringify(file)), expected ?? {}), expected);
    });
  }
});

Deno.test("readPreprocessorConfig() says what makes no sense", async (t) => {
  const vit = { image_processor_type: "ViTImageProcessor" };
  const wrong: readonly (readonly [file: unknown, message: string])[] = [
    [[1], "it is no object"],
    [{ ...vit, size: "large" }, 'size "large" is no size: it is one number, or height and width'],
    [{ ...vit, size: { height: -3, width: 4 } }, "size an object is no size"],
    [{ ...vit, size: 100_000 }, "Cannot use size [100000, 100000]: use [height, width], whole pixels"],
    [{ ...vit, resample: 9 }, "resample 9 is none of Pillow's numbers, 0 to 5"],
    [{ ...vit, image_mean: ["a"] }, 'image_mean ["a"] are no numbers'],
    [{ ...vit, image_mean: [1, 2] }, 'Cannot read preprocessing: "mean" and "std" are one number, three'],
    [{ ...vit, image_std: 0 }, 'Cannot use preprocessing: "std" must not be 0'],
    [{ ...vit, rescale_factor: 0 }, "rescale_factor 0 is not above 0"],
    [
      { image_processor_type: "CLIPImageProcessor", size: { shortest_edge: 10 } },
      "Cannot use crop fraction 22.4: use a number above 0, 2 at most",
    ],
  ];
  for (const [file, message] of wrong) {
    await t.step(message, () => {
      assertThrows(() => readPreprocessorConfig(JSON.stringify(file)), Error, message);
    });
  }
});
