import type { PixelEvidence } from "../../input/evidence.ts";
import { type Preprocessing, preprocessings } from "../../input/preprocess.ts";
import { teachableMachine } from "../../input/teachable_machine.ts";

/** A network whose published weights were trained with a known scaling. */
interface Architecture {
  /** What people call it. */
  readonly name: string;
  /** Names of layers that it alone has together. */
  readonly layers: readonly string[];
  /** How its published weights see pixels. */
  readonly preprocessing: Preprocessing;
  /** What shows it, where that also tells how such models are trained. */
  readonly because?: string;
}

const { tf, caffe, torch } = preprocessings;

/** Those of keras.applications that do not scale pixels themselves, and others; what has more names stands first. */
const architectures: readonly Architecture[] = [
  {
    name: "Teachable Machine's",
    layers: ["block_16_project", "dense_Dense1", "dense_Dense2"],
    preprocessing: teachableMachine,
    because: "its layers are named as Teachable Machine names them",
  },
  { name: "VGG19", layers: ["block1_conv1", "block5_conv3", "block5_conv4"], preprocessing: caffe },
  { name: "VGG16", layers: ["block1_conv1", "block5_conv3"], preprocessing: caffe },
  { name: "ResNetV2", layers: ["conv1_conv", "conv2_block1_preact_bn"], preprocessing: tf },
  { name: "DenseNet", layers: ["conv2_block1_concat", "pool2_conv"], preprocessing: torch },
  {
    name: "ResNeXt",
    layers: ["conv1_conv", "conv2_block1_3_conv", "conv2_block1_2_reduce"],
    preprocessing: torch,
  },
  { name: "ResNet", layers: ["conv1_conv", "conv2_block1_out", "conv5_block3_out"], preprocessing: caffe },
  { name: "ResNet50", layers: ["bn_conv1", "res2a_branch2a", "res5c_branch2c"], preprocessing: caffe },
  { name: "Xception", layers: ["block1_conv1", "block14_sepconv2"], preprocessing: tf },
  { name: "InceptionResNetV2", layers: ["mixed_5b", "mixed_6a", "mixed_7a"], preprocessing: tf },
  { name: "InceptionV3", layers: ["mixed0", "mixed10"], preprocessing: tf },
  { name: "MobileNet", layers: ["conv1", "conv_dw_1", "conv_pw_13"], preprocessing: tf },
  { name: "MobileNetV2", layers: ["Conv1", "block_1_expand", "block_16_project"], preprocessing: tf },
  { name: "NASNet", layers: ["stem_conv1", "stem_bn1"], preprocessing: tf },
];

/** All names that the paths of layers or nodes are made of. */
function partsOf(paths: Iterable<string>): Set<string> {
  const parts = new Set<string>();
  for (const path of paths) for (const part of path.split("/")) parts.add(part.replace(/:\d+$/, ""));
  return parts;
}

/** How many classes ImageNet has: a network with as many was hardly trained further. */
const imagenetClasses = 1000;

/**
 * Which published weights a network may have begun with, by the names of its layers.
 *
 * @param paths The paths of its layers, or of the nodes of a graph.
 * @param classes How many classes it tells apart, where that is known.
 * @returns `undefined` if it is none of those that are known.
 */
export function architectureEvidence(
  paths: Iterable<string>,
  classes: number | undefined,
): PixelEvidence | undefined {
  const parts = partsOf(paths);
  const found = architectures.find(({ layers }) => layers.every((layer) => parts.has(layer)));
  if (!found) return undefined;
  const { name, preprocessing, because } = found;
  const isWhole = because !== undefined || classes === imagenetClasses;
  const common = classes === imagenetClasses ? "layers and classes" : "layers";
  return {
    source: "name",
    preprocessing,
    because: because ?? `its ${common} are those of ${name}, whose published weights see pixels so`,
    margin: isWhole ? Infinity : 1,
    isSure: isWhole,
    isTakenOver: !isWhole,
  };
}
