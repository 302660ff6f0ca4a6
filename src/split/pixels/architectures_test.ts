import { assertEquals } from "@std/assert";
import { architectureEvidence } from "./architectures.ts";

Deno.test("architectureEvidence() knows networks by the names of their layers", async (t) => {
  const cases: readonly {
    readonly name: string;
    readonly paths: readonly string[];
    readonly classes?: number;
    readonly expected: string | undefined;
    readonly isSure?: boolean;
  }[] = [
    { name: "VGG16", paths: ["block1_conv1", "block5_conv3"], expected: "caffe" },
    {
      name: "VGG19, nested",
      paths: ["vgg/block1_conv1", "vgg/block5_conv3", "vgg/block5_conv4"],
      expected: "caffe",
    },
    {
      name: "VGG16, whole",
      paths: ["block1_conv1", "block5_conv3"],
      classes: 1000,
      expected: "caffe",
      isSure: true,
    },
    {
      name: "MobileNet, converted",
      paths: ["net/conv1/Conv2D", "net/conv_dw_1/depthwise", "net/conv_pw_13/Conv2D"],
      expected: "tf",
    },
    {
      name: "ResNet50 of Keras 2.2",
      paths: ["bn_conv1", "res2a_branch2a", "res5c_branch2c"],
      expected: "caffe",
    },
    {
      name: "ResNet50V2, whose layers are partly ResNet50's",
      paths: ["conv1_conv", "conv2_block1_preact_bn", "conv2_block1_out", "conv5_block3_out"],
      expected: "tf",
    },
    {
      name: "Teachable Machine",
      paths: ["a/model1/block_16_project", "b/dense_Dense1", "b/dense_Dense2"],
      expected: "teachable-machine",
      isSure: true,
    },
    { name: "a part of the names", paths: ["block1_conv1"], expected: undefined },
    { name: "other names", paths: ["conv2d", "dense"], classes: 1000, expected: undefined },
  ];
  for (const { name, paths, classes, expected, isSure = false } of cases) {
    await t.step(name, () => {
      const found = architectureEvidence(paths, classes);
      assertEquals(found?.preprocessing.name, expected);
      if (found) assertEquals([found.isSure, found.isTakenOver], [isSure, !isSure]);
    });
  }
});
