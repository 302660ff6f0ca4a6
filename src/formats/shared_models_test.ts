/**
 * Models and mistakes that people really have. They are not part of the project: the test runs where the folder
 * `../shared/data` lies beside the checkout, and is skipped elsewhere.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LayerNotFoundError, ModelError } from "../errors.ts";
import { gradcam } from "../gradcam.ts";
import { exists, leavingNoTensors, tryBackend } from "../testing.ts";
import { loadModel } from "./mod.ts";

const models = new URL("../../../shared/data/models/", import.meta.url);
const ignore = !await exists(models);

/** A model, the layer that is taken when none is named (none at all without one), and an inner layer. */
interface Case {
  readonly file: string;
  readonly format: string;
  readonly layer?: string;
  readonly inner?: string;
  readonly labels?: number;
}

const cases: readonly Case[] = [
  { file: "mobilenet_v1_025_224/", format: "tfjs-layers", layer: "conv_pw_13_relu", inner: "conv_pw_5_relu" },
  { file: "darknet_tiny/", format: "tfjs-layers", layer: "conv2d_16", inner: "conv2d_10" },
  {
    file: "derived/mobilenet_v1_025_224_k2.h5",
    format: "keras-h5",
    layer: "conv_pw_13_relu",
    inner: "conv_dw_3",
  },
  {
    file: "derived/mobilenet_v1_025_224_keras3.keras",
    format: "keras-zip",
    layer: "conv_pw_13_relu",
    inner: "conv_dw_3",
  },
  { file: "derived/darknet_tiny_k2.h5", format: "keras-h5", layer: "conv2d_16", inner: "conv2d_10" },
  { file: "doodlenet/doodleNet-model.h5", format: "keras-h5", layer: "dropout", inner: "conv2d_2" },
  { file: "doodlenet/tfjs/", format: "tfjs-layers", layer: "dropout", inner: "conv2d_2" },
  {
    file: "flower_graph/",
    format: "tfjs-graph",
    layer: "StatefulPartitionedCall/sequential_3_1/activation_12_1/Relu",
  },
  {
    file: "mini_xception_emotion/fer2013_mini_XCEPTION.102-0.66.hdf5",
    format: "keras-h5",
    layer: "conv2d_7",
    inner: "add_2",
  },
  {
    file: "mini_xception_emotion/gender_mini_XCEPTION.21-0.95.hdf5",
    format: "keras-h5",
    layer: "conv2d_7",
    inner: "add_2",
  },
  { file: "mnist_keras3/mnist_cnn.keras", format: "keras-zip", layer: "max_pooling2d_1", inner: "conv2d" },
  { file: "mnist_keras3/mnist_mlp.keras", format: "keras-zip" },
  {
    file: "mnist_keras3/tfjs_model/",
    format: "tfjs-graph",
    layer: "StatefulPartitionedCall/sequential_1/max_pooling2d_1_2/MaxPool2d",
  },
  { file: "mnist_keras3/tfjs_model_mlp/", format: "tfjs-graph" },
  { file: "mnist_tfjs_layers/", format: "tfjs-layers", layer: "dropout_2", inner: "conv2d_1" },
  { file: "pneumonia_h5/", format: "keras-h5", layer: "dropout_4", inner: "conv2d_2" },
  {
    file: "rocks/",
    format: "tfjs-layers",
    layer: "sequential_3/model2",
    inner: "sequential_3/model2/block_12_expand",
    labels: 4,
  },
  {
    file: "tm_waste_h5/",
    format: "keras-h5",
    layer: "sequential_1/model1",
    inner: "sequential_1/model1/block_7_add",
    labels: 4,
  },
];

Deno.test({
  name: "loadModel() opens models of others, which are explained at their default and at an inner layer",
  ignore,
  async fn(t) {
    await tryBackend("wasm");
    for (const { file, format, layer, inner, labels } of cases) {
      await t.step(file, () =>
        leavingNoTensors(async () => {
          const model = await loadModel(new URL(file, models));
          try {
            assertEquals(model.format, format);
            if (labels !== undefined) assertEquals(model.labels?.length, labels);
            if (layer === undefined) {
              assertThrows(() => model.split(), LayerNotFoundError, "Could not find 4D layer");
              return;
            }
            const [, height, width, channels] = model.inputs[0]!.shape;
            const x = tf.randomUniform<tf.Rank.R4>([1, height!, width!, channels!], 0, 1, "float32", 5);
            const explanation = await gradcam(model, x, { score: "logit" });
            assertEquals(explanation.layer, layer);
            if (inner) {
              assert((await gradcam(model, x, { layer: inner })).heatmap.data.every(Number.isFinite), inner);
            }
            x.dispose();
          } finally {
            model.dispose();
          }
        }));
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
      ["mismatched_manifest_model.json", "is missing"],
      ["missing_shards_model.json", 'its weights file "group1-shard1of4.bin" is missing'],
      ["not_hdf5_pneumonia_model.h5", "it is"],
      ["null_topology_model.json", "it holds weights but no architecture"],
      ["tfjs0x_frozen", "it holds a model of TensorFlow.js 0.x"],
      ["truncated_mnist-8.onnx", "it is"],
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
