import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "../../base/errors.ts";
import { readMetadataProps } from "./metadata_props.ts";

Deno.test("readMetadataProps() reads the names of classes", async (t) => {
  const cases: readonly (readonly [notes: Record<string, string>, labels: readonly string[] | undefined])[] =
    [
      [{ names: "{0: 'tench', 1: \"it's a 'dog'\"}" }, ["tench", "it's a 'dog'"]],
      [{ names: "['a', 'b',]" }, ["a", "b"]],
      [{ id2label: '{"0": "cat", "1": "dog"}' }, ["cat", "dog"]],
      [{ classes: '["cat", "dog"]' }, ["cat", "dog"]],
      [{ class_names: "cat\ndog\n" }, ["cat", "dog"]],
      [{ labels: "cat, dog, hen" }, ["cat", "dog", "hen"]],
      [{ names: "{0: {1: 2}}", labels: "cat, dog" }, ["cat", "dog"]],
      [{ names: `${"[".repeat(1e5)}${"]".repeat(1e5)}`, labels: "cat, dog" }, ["cat", "dog"]],
      [{ names: "", classes: "7" }, undefined],
      [{ producer: "cat, dog" }, undefined],
    ];
  for (const [notes, labels] of cases) {
    await t.step(
      JSON.stringify(notes),
      () => assertEquals(readMetadataProps(notes, "m.onnx").labels, labels),
    );
  }
});

Deno.test("readMetadataProps() reads how pixels are scaled", async (t) => {
  const cases: readonly (readonly [string, Record<string, string>, Record<string, unknown> | undefined])[] = [
    [
      "0 … 255, blue first",
      {
        "Image.BitmapPixelFormat": "Bgr8",
        "Image.ColorSpaceGamma": "SRGB",
        "Image.NominalPixelRange": "NominalRange_0_255",
      },
      { mean: [0], std: [1], channels: "bgr" },
    ],
    ["0 … 1", { "image.nominalpixelrange": "NORMALIZED_0_1" }, { mean: [0], std: [255], channels: "rgb" }],
    ["−1 … 1", { "Image.NominalPixelRange": "Normalized_1_1" }, { mean: [127.5], std: [127.5] }],
    [
      "Custom Vision's own mean and deviation",
      {
        "Image.NominalPixelRange": "Normalized_0_1",
        "CustomVision.Preprocess.NormalizeMean": "[0.5, 0.25, 0.75]",
        "CustomVision.Preprocess.NormalizeStd": "[1.0, 0.5, 2.0]",
      },
      { mean: [127.5, 63.75, 191.25], std: [255, 127.5, 510] },
    ],
    ["a range of another name", { "Image.NominalPixelRange": "Mine" }, undefined],
    [
      "a classifier of Ultralytics'",
      { author: "Ultralytics", task: "classify", imgsz: "[224, 320]" },
      { mean: [0], std: [255], fit: "crop", interpolation: "bilinear", size: [224, 320] },
    ],
    [
      "a detector of Ultralytics'",
      { author: "Ultralytics", task: "detect", imgsz: "640" },
      { fit: "letterbox", border: [114], size: [640, 640] },
    ],
    ["nothing", { author: "me", imgsz: "[224, 224]" }, undefined],
  ];
  for (const [name, notes, expected] of cases) {
    await t.step(name, () => {
      const { preprocessing, preprocessingFrom } = readMetadataProps(notes, "m.onnx");
      const found: Record<string, unknown> = { ...preprocessing };
      const said = preprocessing &&
        Object.fromEntries(Object.keys(expected ?? {}).map((key) => [key, found[key]]));
      assertEquals(said, expected);
      assertEquals(preprocessingFrom, expected && "the file's metadata");
    });
  }
});

Deno.test("readMetadataProps() says what makes no sense", () => {
  assertThrows(
    () => readMetadataProps({ author: "Ultralytics", imgsz: "[100000, 9]" }, "m.onnx"),
    ModelError,
    'Cannot use the metadata of model "m.onnx": Cannot use size [100000, 9]',
  );
});
