import { assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import type { ModelFolder } from "./model_folder.ts";
import { readSidecars } from "./sidecars.ts";

/** A folder of files with texts, whose main file begins as some format does. */
function folderOf(files: Readonly<Record<string, string>>, head = "{", holder?: string): ModelFolder {
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    name: "model",
    holder,
    main: Uint8Array.from(head, (character) => character.charCodeAt(0)),
    read: (name) => Promise.resolve(files[name] === undefined ? undefined : encode(files[name])),
  };
}

const ml5 = (record: object) => JSON.stringify({ inputUnits: [28, 28, 4], ...record });
const outputs = { label: { dtype: "string", uniqueValues: ["a", "b"] } };

const vit = '{"image_processor_type": "ViTImageProcessor"}';

Deno.test("readSidecars() reads what lies beside a model", async (t) => {
  const cases: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly head?: string;
    /** The folder that the model lies in. */
    readonly holder?: string;
    readonly labels?: readonly string[];
    /** Mean and deviation, and which file says so. */
    readonly pixels?: readonly [mean: number, std: number, from: string];
  }[] = [
    { name: "nothing", files: {} },
    { name: "a page in place of a file", files: { "labels.txt": "<!doctype html>" } },
    { name: "names", files: { "label.txt": "cat\ndog\n" }, labels: ["cat", "dog"] },
    {
      name: "Keras's indices of folders",
      files: { "class_indices.json": '{"dog": 1, "cat": 0}' },
      labels: ["cat", "dog"],
    },
    { name: "a list", files: { "class_names.json": '["cat", "dog"]' }, labels: ["cat", "dog"] },
    { name: "what only bears the name", files: { "classes.json": '{"a": {"b": 1}}' } },
    {
      name: "numbers of Teachable Machine beside its .h5",
      files: { "labels.txt": "0 cat\n1 dog" },
      head: "\x89HDF\r\n\x1a\n",
      labels: ["cat", "dog"],
      pixels: [127.5, 127.5, "labels.txt"],
    },
    {
      name: "Teachable Machine's record",
      files: { "metadata.json": '{"labels": ["cat", "dog"]}' },
      labels: ["cat", "dog"],
      pixels: [127.5, 127.5, "metadata.json"],
    },
    {
      name: "ml5's record",
      files: {
        "model_meta.json": ml5({ inputs: { image: { min: 0, max: 255 } }, outputs, isNormalized: true }),
      },
      labels: ["a", "b"],
      pixels: [0, 255, "model_meta.json"],
    },
    {
      name: "ml5's record of another range",
      files: {
        "model_meta.json": ml5({ inputs: { image: { min: 51, max: 204 } }, outputs, isNormalized: true }),
      },
      labels: ["a", "b"],
      pixels: [51, 153, "model_meta.json"],
    },
    {
      name: "ml5's record of pixels as they are",
      files: {
        "model_meta.json": ml5({ inputs: { image: { min: 0, max: 255 } }, outputs, isNormalized: false }),
      },
      labels: ["a", "b"],
      pixels: [0, 1, "model_meta.json"],
    },
    {
      name: "ml5's record of several numbers, which is of no picture",
      files: {
        "model_meta.json": ml5({
          inputs: { x: { min: 0, max: 3 }, y: { min: 1, max: 2 } },
          outputs,
          isNormalized: true,
        }),
      },
      labels: ["a", "b"],
    },
    {
      name: "Hugging Face's files",
      files: { "preprocessor_config.json": vit, "config.json": '{"id2label": {"0": "cat", "1": "dog"}}' },
      labels: ["cat", "dog"],
      pixels: [127.5, 127.5, "preprocessor_config.json"],
    },
    {
      name: "Hugging Face's files beside the folder of a repository's ONNX files",
      files: { "../preprocessor_config.json": vit, "../config.json": '{"id2label": {"0": "cat"}}' },
      holder: "onnx",
      labels: ["cat"],
      pixels: [127.5, 127.5, "preprocessor_config.json"],
    },
    {
      name: "those within it before them",
      files: { "config.json": '{"id2label": {"0": "cat"}}', "../config.json": '{"id2label": {"0": "dog"}}' },
      holder: "onnx",
      labels: ["cat"],
    },
    {
      name: "no files beside any other folder",
      files: { "../preprocessor_config.json": vit, "../config.json": '{"id2label": {"0": "cat"}}' },
      holder: "models",
    },
    {
      name: "a processor of pictures and texts",
      files: { "processor_config.json": `{"image_processor": ${vit}}` },
      pixels: [127.5, 127.5, "processor_config.json"],
    },
    {
      name: "timm's file, whose word on pixels comes after a processor's",
      files: {
        "config.json": '{"label_names": ["cat"], "pretrained_cfg": {"mean": [0, 0, 0], "std": [1, 1, 1]}}',
      },
      labels: ["cat"],
      pixels: [0, 255, "config.json"],
    },
    {
      name: "an architecture of Keras's of the same name",
      files: { "config.json": '{"class_name": "Functional", "config": {}}' },
    },
    {
      name: "Custom Vision's record",
      files: {
        "labels.txt": "cat\ndog",
        "metadata_properties.json": '{"Image.NominalPixelRange": "Normalized_0_1"}',
      },
      labels: ["cat", "dog"],
      pixels: [0, 255, "metadata_properties.json"],
    },
    {
      name: "our own record before all others",
      files: {
        "metadata.json": '{"labels": ["cat", "dog"]}',
        "preprocessing.json": '"unit"',
        "labels.json": '["Katze", "Hund"]',
      },
      labels: ["Katze", "Hund"],
      pixels: [0, 255, "preprocessing.json"],
    },
  ];
  for (const { name, files, head, holder, labels, pixels } of cases) {
    await t.step(name, async () => {
      const told = await readSidecars(folderOf(files, head, holder));
      const { preprocessing, preprocessingFrom } = told;
      assertEquals(told.labels, labels);
      const said = preprocessing && [preprocessing.mean[0], preprocessing.std[0], preprocessingFrom];
      assertEquals(said, pixels && [...pixels]);
    });
  }
});

Deno.test("readSidecars() refuses a file of its own that makes no sense", async () => {
  for (
    const [file, content] of [
      ["preprocessing.json", "[]"],
      [
        "class_indices.json",
        '{"a": "b"}',
      ],
      ["preprocessor_config.json", "{"],
      ["preprocessor_config.json", '{"resample": 9}'],
      [
        "config.json",
        '{"id2label": {"99999999999": "a"}}',
      ],
      ["config.json", '{"id2label": '],
    ]
  ) {
    const error = await assertRejects(() => readSidecars(folderOf({ [file!]: content! })), ModelError);
    assertEquals(error.message.startsWith(`Cannot use ${file} beside model "model"`), true, error.message);
  }
});
