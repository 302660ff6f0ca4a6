import type { Json } from "../inbound.ts";
import { convolution, dense, meanOfTokens } from "./blocks.ts";
import { toSnakeCase } from "../names.ts";
import type { HubClass } from "./hub_class.ts";
import { type HubValue, Network, tensorOf } from "./network.ts";
import { nameIn, pictureShape, whole, wholes } from "./settings.ts";

/** How a classifier goes on from its backbone to the values that its last layer takes. */
type Head = (network: Network, x: HubValue, settings: Json) => HubValue;

/** The shape of the pictures that a backbone takes, and the class and name under which it is noted. */
function backboneOf(settings: Json): { layer: Json; config: Json; shape: readonly (number | null)[] } {
  const layer = settings.backbone as Json;
  const config = layer.config as Json;
  const layers = config.layers as readonly Json[] | undefined;
  const own = layers?.find(({ class_name: className }) => className === "InputLayer")?.config as
    | Json
    | undefined;
  const shape = own?.batch_shape ??
    [null, ...pictureShape(config, config.image_shape ? "image_shape" : "input_shape")];
  return { layer, config, shape: shape as readonly (number | null)[] };
}

/** What a backbone of VGG gives: each stack halves rows and columns. */
function vggShape({ config }: Json): readonly (number | null)[] {
  const filters = wholes(config as Json, "stackwise_num_filters");
  const [height, width] = pictureShape(config as Json);
  const halved = (side: number | null) => side === null ? null : Math.floor(side / 2 ** filters.length);
  return [null, halved(height), halved(width), filters.at(-1)!];
}

/** The classifier's layers after a backbone of VGG, in a model of their own that gives the scores. */
function writeVggHead(network: Network, x: HubValue, settings: Json): HubValue {
  const width = whole(settings, "pooling_hidden_dim"), isFlat = settings.pooling === "flatten";
  const layer = (className: string, config: Json) => ({
    module: "keras.layers",
    class_name: className,
    config,
  });
  const last = layer("Dense", {
    name: "predictions",
    units: whole(settings, "num_classes"),
    activation: settings.activation ?? "linear",
  });
  const bent = { activation: "relu", use_bias: true };
  const dense = (name: string) => layer("Dense", { name, units: width, ...bent });
  const convolve = (name: string, size: number, padding: string) =>
    layer("Conv2D", { name, filters: width, kernel_size: [size, size], strides: [1, 1], padding, ...bent });
  const pool = settings.pooling === "max" ? "GlobalMaxPooling2D" : "GlobalAveragePooling2D";
  const layers = isFlat
    ? [layer("Flatten", { name: "flatten" }), dense("fc1"), dense("fc2"), last]
    : [convolve("fc1", 7, "valid"), convolve("fc2", 1, "same"), layer(pool, { name: "pooler" }), last];
  const [first, ...others] = layers;
  const batch_input_shape = vggShape(settings.backbone as Json);
  const shaped = { ...first!, config: { ...first!.config as Json, batch_input_shape } };
  return network.layer(["Sequential", "head"], x, { config: { layers: [shaped, ...others] } });
}

/** The network of a classifier: its backbone is a model inside it. */
function writeClassifier(settings: Json, head: Head): Json {
  const { layer, config, shape } = backboneOf(settings);
  const network = new Network(nameIn(settings, "classifier"));
  const images = network.input("images", shape);
  const className = String(layer.class_name);
  const name = nameIn(config, toSnakeCase(className)); // that of VGG is not noted
  const features = network.layer([className, name], images, {
    config,
    module: String(layer.module ?? "keras_hub"),
    shape: undefined,
  });
  const x = head(network, features, settings);
  if (head === writeVggHead) return network.done(x);
  const units = whole(settings, "num_classes");
  return network.done(dense(network, [x, "predictions"], { units, activation: settings.activation }));
}

/** The mean or the largest value over all pixels. */
function pooled(network: Network, x: HubValue, { pooling }: Json): HubValue {
  const className = pooling === "max" ? "GlobalMaxPooling2D" : "GlobalAveragePooling2D";
  return network.layer([className, "pooler"], x);
}

/** The first token, or the mean of all. */
function token(network: Network, x: HubValue, settings: Json): HubValue {
  const all = { class_name: "__slice__", config: { start: null, stop: null, step: null } };
  const one = settings.pooling === "gap"
    ? meanOfTokens(network, x)
    : network.layer(["GetItem", "get_item"], x, {
      module: "keras.src.ops.numpy",
      args: [tensorOf(x), [all, 0]],
    });
  if (typeof settings.intermediate_dim !== "number") return one;
  return dense(network, [one, "pre_logits"], { units: settings.intermediate_dim, activation: "tanh" });
}

/** A further convolution of the mean pixel. */
function mobile(network: Network, x: HubValue, settings: Json): HubValue {
  let y = network.layer(["GlobalAveragePooling2D", "pooler"], x, { config: { keepdims: true } });
  y = convolution(network, [y, "classifier_conv"], {
    filters: whole(settings, "num_features"),
    kernel: 1,
    bias: true,
    activation: "hard_silu",
  });
  return network.layer(["Flatten", "flatten"], y);
}

/** What classifiers do between backbone and scores, where that is no pool alone. */
const heads: Readonly<Record<string, Head>> = {
  DeiTImageClassifier: token,
  MobileNetImageClassifier: mobile,
  SwinTransformerImageClassifier: (network, x) => meanOfTokens(network, x),
  VGGImageClassifier: writeVggHead,
  ViTImageClassifier: token,
};

/** Classifiers of any backbone. */
export const classifierClasses: readonly HubClass[] = [
  "CSPNetImageClassifier",
  "DeiTImageClassifier",
  "DenseNetImageClassifier",
  "EfficientNetImageClassifier",
  "ImageClassifier",
  "MiTImageClassifier",
  "MobileNetImageClassifier",
  "ResNetImageClassifier",
  "SwinTransformerImageClassifier",
  "VGGImageClassifier",
  "ViTImageClassifier",
  "XceptionImageClassifier",
].map((className) => ({
  className,
  write: (settings) => writeClassifier(settings, heads[className] ?? pooled),
}));
