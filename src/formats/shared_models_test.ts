/**
 * Models and mistakes that people really have. They are not part of the project: the test runs where the folder
 * `../shared/data` lies beside the checkout, and is skipped elsewhere.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LayerNotFoundError, ModelError } from "../base/errors.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { PreprocessingName } from "../input/preprocess.ts";
import type { ExplainableModel } from "../split/model.ts";
import { exists, largestMagnitude, leavingNoTensors, tryBackend } from "../testing/mod.ts";
import { loadModel } from "./mod.ts";

const models = new URL("../../../shared/data/models/", import.meta.url);
const ignore = !await exists(models);

/** A class that a photo belongs to: its name, or its number for a model without labels. */
type Seen = readonly [photo: string, label: string | number];

/** A model, the layer that is taken when none is named (none at all without one), an inner layer, and what it sees. */
interface Case {
  readonly file: string;
  readonly format: string;
  readonly layer?: string;
  readonly inner?: string;
  readonly preprocess?: PreprocessingName;
  /** The names of the classes, where they do not lie beside the model. */
  readonly labels?: string;
  /** How many names lie beside the model. */
  readonly found?: number;
  readonly sees?: readonly Seen[];
}

const mobilenetSees: readonly Seen[] = [
  ["imagenet/n01443537_goldfish.JPEG", "goldfish, Carassius auratus"],
  ["imagenet/n02391049_zebra.JPEG", "zebra"],
  ["imagenet/n07873807_pizza.JPEG", "pizza, pizza pie"],
];

const darknetSees: readonly Seen[] = [
  ["imagenet/n02510455_giant_panda.JPEG", "giant panda"],
  ["imagenet/n03345487_fire_engine.JPEG", "fire engine"],
  ["imagenet/n02504458_African_elephant.JPEG", "African elephant"],
];

const digitsSeen: readonly Seen[] = [0, 1, 2, 3, 4].map((digit) => [`digits/${digit}.png`, digit] as const);

const mobilenet = {
  layer: "conv_pw_13_relu",
  preprocess: "tf",
  labels: "imagenet.json",
  sees: mobilenetSees,
} as const;
const darknet = { layer: "conv2d_16", labels: "imagenet_darknet.json", sees: darknetSees } as const;

/** A doodle in neither case: both forms see the same in it. */
const doodles: readonly Seen[] = [["digits/0.png", 163], ["digits/1.png", 38]];

const cases: readonly Case[] = [
  { file: "mobilenet_v1_025_224/", format: "tfjs-layers", inner: "conv_pw_5_relu", ...mobilenet },
  {
    file: "derived/mobilenet_v1_025_224_layers_1shard/",
    format: "tfjs-layers",
    inner: "conv_pw_5_relu",
    ...mobilenet,
  },
  {
    file: "derived/mobilenet_v1_025_224_graph/",
    format: "tfjs-graph",
    inner: "conv_pw_5_relu",
    ...mobilenet,
    layer: "StatefulPartitionedCall/mobilenet_0.25_224/conv_pw_13_relu/Relu6",
  },
  { file: "derived/mobilenet_v1_025_224_k2.h5", format: "keras-h5", inner: "conv_dw_3", ...mobilenet },
  {
    file: "derived/mobilenet_v1_025_224_keras3.keras",
    format: "keras-zip",
    inner: "conv_dw_3",
    ...mobilenet,
  },
  { file: "darknet_tiny/", format: "tfjs-layers", inner: "conv2d_10", ...darknet },
  { file: "derived/darknet_tiny_layers_1shard/", format: "tfjs-layers", inner: "conv2d_10", ...darknet },
  {
    file: "derived/darknet_tiny_graph/",
    format: "tfjs-graph",
    inner: "conv2d_10",
    ...darknet,
    layer: "StatefulPartitionedCall/model_1/conv2d_16/BiasAdd",
  },
  { file: "derived/darknet_tiny_k2.h5", format: "keras-h5", inner: "conv2d_10", ...darknet },
  {
    file: "doodlenet/doodleNet-model.h5",
    format: "keras-h5",
    layer: "dropout",
    inner: "conv2d_2",
    sees: doodles,
  },
  { file: "doodlenet/tfjs/", format: "tfjs-layers", layer: "dropout", inner: "conv2d_2", sees: doodles },
  {
    file: "flower_graph/",
    format: "tfjs-graph",
    layer: "StatefulPartitionedCall/sequential_3_1/activation_12_1/Relu",
    found: 5,
    sees: [["imagenet/n11939491_daisy.JPEG", "Chrysanthemum"]],
  },
  {
    file: "mini_xception_emotion/fer2013_mini_XCEPTION.102-0.66.hdf5",
    format: "keras-h5",
    layer: "conv2d_7",
    inner: "add_2",
    sees: [["skimage/astronaut.png", 3]], // happy
  },
  {
    file: "mini_xception_emotion/gender_mini_XCEPTION.21-0.95.hdf5",
    format: "keras-h5",
    layer: "conv2d_7",
    inner: "add_2",
  },
  {
    file: "mnist_keras3/mnist_cnn.keras",
    format: "keras-zip",
    layer: "max_pooling2d_1",
    inner: "conv2d",
    sees: digitsSeen,
  },
  { file: "mnist_keras3/mnist_mlp.keras", format: "keras-zip" },
  {
    file: "mnist_keras3/tfjs_model/",
    format: "tfjs-graph",
    layer: "StatefulPartitionedCall/sequential_1/max_pooling2d_1_2/MaxPool2d",
    sees: digitsSeen,
  },
  { file: "mnist_keras3/tfjs_model_mlp/", format: "tfjs-graph" },
  {
    file: "mnist_tfjs_layers/",
    format: "tfjs-layers",
    layer: "dropout_2",
    inner: "conv2d_1",
    sees: digitsSeen,
  },
  {
    file: "pneumonia_h5/",
    format: "keras-h5",
    layer: "dropout_4",
    inner: "conv2d_2",
    sees: [
      ["xray/person40_virus_87.jpeg", 0], // an AVIF
      ["xray/person46_virus_96.jpeg", 0],
      ["xray/akash_person1000_bacteria_2931.jpeg", 0],
      ["xray/akash_pneumonia.jpg", 0],
      ["xray/akash_normal.jpg", 1],
      ["xray/akash_normal_lung.jpeg", 1],
    ],
  },
  {
    file: "rocks/",
    format: "tfjs-layers",
    layer: "sequential_3/model2",
    inner: "sequential_3/model2/block_12_expand",
    found: 4,
    sees: [["skimage/chelsea.png", "Obsidian"]], // as Keras sees it: 0.997
  },
  {
    file: "tm_waste_h5/",
    format: "keras-h5",
    layer: "sequential_1/model1",
    inner: "sequential_1/model1/block_7_add",
    found: 4,
    sees: [["skimage/chelsea.png", "cardboard"]], // as Keras sees it: 0.960
  },
];

/** Open a model, with its labels where they lie elsewhere, and do something with it. */
async function withModel(
  { file, labels }: Case,
  use: (model: ExplainableModel) => Promise<void>,
): Promise<void> {
  const names = labels && JSON.parse(await Deno.readTextFile(new URL(`../labels/${labels}`, models)));
  const model = await loadModel(new URL(file, models), names ? { labels: names } : {});
  try {
    await use(model);
  } finally {
    model.dispose();
  }
}

/** All files and folders that hold a model, as the cases name them. */
async function listModels(folder: URL, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && name !== "bad_inputs") {
      found.push(...await listModels(new URL(`${name}/`, folder), `${prefix}${name}/`));
    }
    if (name === "model.json") found.push(prefix);
    if (/\.(keras|h5|hdf5)$/.test(name)) found.push(prefix + name);
  }
  return found;
}

Deno.test({
  name: "loadModel() opens models of others, which are explained at their default and at an inner layer",
  ignore,
  async fn(t) {
    await tryBackend("wasm");
    for (const test of cases) {
      const { file, format, layer, inner, found, preprocess = "unit", sees } = test;
      await t.step(file, () =>
        leavingNoTensors(() =>
          withModel(test, async (model) => {
            assertEquals(model.format, format);
            if (found !== undefined) assertEquals(model.labels?.length, found);
            if (layer === undefined) {
              assertThrows(() => model.split(), LayerNotFoundError, "Could not find 4D layer");
              return;
            }
            const options = model.preprocessing ? {} : { preprocess };
            for (const [photo, label] of sees ?? []) {
              const image = new URL(`../photos/${photo}`, models);
              const { scores: [best], ...explanation } = await gradcam(model, image, options);
              assertEquals(explanation.layer, layer);
              assertEquals(typeof label === "string" ? best!.label : best!.classIndex, label, photo);
            }
            const [, height, width, channels] = model.inputs[0]!.shape;
            const x = tf.randomUniform<tf.Rank.R4>([1, height!, width!, channels!], 0, 1, "float32", 5);
            for (const at of [undefined, inner ?? layer]) {
              const { heatmap } = await gradcam(model, x, { score: "logit", ...(at && { layer: at }) });
              assert(heatmap.data.every(Number.isFinite), at);
              assert(largestMagnitude(heatmap.data) > 0.99, at);
            }
            x.dispose();
          })
        ));
    }
    await t.step("no model is left out", async () => {
      const places = cases.map(({ file }) => file);
      const left = (await listModels(models)).filter((file) =>
        !places.includes(file) && !places.includes(file.replace(/[^/]+$/, ""))
      );
      assertEquals(left, []);
    });
  },
});

Deno.test({
  name: "loadModel() takes labels and pixels of Teachable Machine from what lies beside its models",
  ignore,
  async fn() {
    await tryBackend("cpu");
    for (
      const [file, labels] of Object.entries({
        "rocks/": ["Andesite", "Basalt", "Diorite", "Obsidian"],
        "tm_waste_h5/": ["cardboard", "plastic", "glass", "metal"],
        "tm_waste_h5/keras_model.h5": ["cardboard", "plastic", "glass", "metal"],
      })
    ) {
      const model = await loadModel(new URL(file, models));
      const { name, fit, mean } = model.preprocessing!;
      assertEquals([model.labels, name, fit, mean], [labels, "teachable-machine", "crop", [127.5]]);
      model.dispose();
    }
  },
});

Deno.test({
  name: "loadModel() says in one line what people took for a model by mistake",
  ignore,
  async fn(t) {
    await tryBackend("cpu");
    const mistakes: readonly (readonly [string, string])[] = [
      ["html_page_mobilenetv2-7.onnx", "it is a web page or XML, not a model"],
      ["lfs_pointer_mask_detector.model", "it is a Git LFS pointer"],
      ["lfs_pointer_resnet18.onnx", "it is a Git LFS pointer"],
      ["../mobilenet_v1_025_224/model.upstream-manifest.json", "they are in the wrong order"],
      ["../mobilenet_v1_025_224/model.weights-only.json", "it holds weights but no architecture"],
      ["../mnist_keras3/", "it holds several models: give one of mnist_cnn.keras, mnist_mlp.keras"],
      ["mismatched_manifest_model.json", 'its weights file "group1-shard1of1" is missing'],
      ["missing_shards_model.json", 'its weights file "group1-shard1of4.bin" is missing'],
      ["not_hdf5_pneumonia_model.h5", 'it is a text that begins with "# Import libraries'],
      ["null_topology_model.json", "it holds weights but no architecture"],
      ["tfjs0x_frozen", "it holds a model of TensorFlow.js 0.x"],
      ["tfjs0x_frozen/tensorflowjs_model.pb", "it is a TensorFlow graph (.pb)"],
      ["tfjs0x_frozen/weights_manifest.json", "weights_manifest.json of TensorFlow.js 0.x"],
      ["truncated_mnist-8.onnx", 'it is a text that begins with "Real ONNX model'],
      ["weights_only_lenet.keras", "it holds weights but no architecture: save the whole model"],
    ];
    for (const [file, message] of mistakes) {
      await t.step(file, () =>
        leavingNoTensors(async () => {
          const error = await assertRejects(
            () => loadModel(new URL(`bad_inputs/${file}`, models)),
            ModelError,
            message,
          );
          assert(!error.message.includes("\n"));
        }));
    }
  },
});
