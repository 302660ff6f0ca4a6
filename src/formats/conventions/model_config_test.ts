import { assertEquals, assertThrows } from "@std/assert";
import { preprocessings } from "../../input/preprocess.ts";
import { imageNetNames } from "./imagenet_names.ts";
import { readModelConfig } from "./model_config.ts";

const cfg = {
  input_size: [3, 224, 224],
  crop_pct: 0.95,
  crop_mode: "center",
  interpolation: "bicubic",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

Deno.test("readModelConfig() reads the names of classes", async (t) => {
  const cases: readonly (readonly [name: string, config: object, labels: readonly string[] | undefined])[] = [
    ["by their numbers", { id2label: { "0": "cat", "1": "dog" }, label2id: { cat: 0, dog: 1 } }, [
      "cat",
      "dog",
    ]],
    ["numbers by names alone", { label2id: { dog: 1, cat: 0 } }, ["cat", "dog"]],
    ["out of order, with a gap", { id2label: { "3": "d", "0": "a" } }, ["a", "", "", "d"]],
    ["placeholders are none", { id2label: { "0": "LABEL_0", "1": "LABEL_1" } }, undefined],
    ["timm's", { architecture: "resnet18", label_names: ["cat", "dog"] }, ["cat", "dog"]],
    [
      "timm's with what they mean",
      { label_names: ["n1", "n2"], label_descriptions: { n1: "cat, feline" } },
      ["cat, feline", "n2"],
    ],
    ["timm's within its record", { pretrained_cfg: { ...cfg, label_names: ["a"] } }, ["a"]],
    ["none", { model_type: "vit", id2label: {} }, undefined],
    ["a configuration of something else", { class_name: "Functional", config: {} }, undefined],
  ];
  for (const [name, config, labels] of cases) {
    await t.step(name, () => assertEquals(readModelConfig(JSON.stringify(config)).labels, labels));
  }
  await t.step("a file of another kind, which is not even JSON", () => {
    assertEquals(readModelConfig("// settings\n{ a: 1 }"), {});
  });
});

Deno.test("readModelConfig() knows timm's networks that have ImageNet's classes", async () => {
  const told = (fields: object, tag: string) =>
    readModelConfig(JSON.stringify({ ...fields, pretrained_cfg: { ...cfg, tag } })).isOfImageNet ?? false;
  assertEquals(told({ num_classes: 1000 }, "a1_in1k"), true);
  assertEquals(told({ num_classes: 1000 }, "augreg_in21k_ft_in1k"), true);
  assertEquals(told({ num_classes: 1000 }, "augreg_in21k"), false);
  assertEquals(told({ num_classes: 10 }, "in1k"), false);
  assertEquals(told({ num_classes: 1000, label_names: ["mine"] }, "in1k"), false);
  const names = await imageNetNames();
  assertEquals([names.length, names[285]], [1000, "Egyptian cat"]);
});

Deno.test("readModelConfig() reads how timm brings photos to a model", async (t) => {
  const read = (changes: object) =>
    readModelConfig(JSON.stringify({ pretrained_cfg: { ...cfg, ...changes } }));
  const { mean, std } = preprocessings.torch;
  await t.step("the middle", () => {
    assertEquals(read({}).preprocessing, {
      name: "timm",
      mean,
      std,
      channels: "rgb",
      fit: "crop",
      interpolation: "bicubic",
      cropFraction: 224 / 235,
      cropRounding: "even",
      size: [224, 224],
    });
  });
  await t.step("squashed, any interpolation", () => {
    const { fit, interpolation, cropFraction } = read({
      crop_mode: "squash",
      crop_pct: 1,
      interpolation: "random",
    }).preprocessing!;
    assertEquals([fit, interpolation, cropFraction], ["squash", "bilinear", 1]);
  });
  await t.step("in a border of the mean", () => {
    const { fit, border } = read({ crop_mode: "border", crop_pct: 1 }).preprocessing!;
    assertEquals([fit, border], ["letterbox", [124, 116, 104]]);
  });
  await t.step("what it takes where nothing is said", () => {
    const { preprocessing } = readModelConfig('{"pretrained_cfg": {}}');
    assertEquals([preprocessing!.mean, preprocessing!.cropFraction], [mean, 0.875]);
  });
  const wrong: readonly (readonly [changes: object, message: string])[] = [
    [{ crop_mode: "round" }, 'crop_mode "round" is none of center, squash, border'],
    [{ crop_pct: -1 }, "crop_pct -1 is not above 0"],
    [{ input_size: [3, 224] }, "input_size [3, 224] is no [channels, height, width]"],
    [{ interpolation: "magic" }, 'Unknown interpolation "magic": use one of '],
    [{ mean: "grey" }, 'mean "grey" are no numbers'],
  ];
  for (const [changes, message] of wrong) {
    await t.step(message, () => {
      assertThrows(() => read(changes), Error, message);
    });
  }
});
