/**
 * Activations that Keras notes as an object: a layer without weights, such as `LeakyReLU(0.1)`, in the place of a name.
 *
 * @module
 */
import * as tf from "../../../base/tfjs.ts";
import { applyActivation } from "./activations.ts";
import { type KerasLayer, registeredName, type Settings } from "./keras_layer.ts";
import { eluLayer, leakyReluLayer, reluLayer, thresholdedReluLayer } from "./relu.ts";
import { softmaxLayer } from "./softmax.ts";

/** The layers that can be an activation, by class. */
const activationLayers: ReadonlyMap<string, KerasLayer> = new Map(
  [eluLayer, leakyReluLayer, reluLayer, softmaxLayer, thresholdedReluLayer].map((
    layer,
  ) => [layer.className, layer]),
);

const className = registeredName("LayerActivation");

/** An activation as a configuration has it: a name, or a layer with its settings as text. */
export type ActivationConfig = string | {
  readonly class_name: string;
  readonly config: { readonly layer: string; readonly settings: string };
};

/** The configuration of an activation that is a layer; `undefined` if the class is none of them. */
export function layerActivation(layer: string, settings: Settings): ActivationConfig | undefined {
  if (layer === "Softmax" && [settings.axis ?? -1].flat().join() === "-1") return "softmax"; // which has a logit
  if (!activationLayers.has(layer)) return undefined;
  const text = JSON.stringify(settings).replaceAll("_", "\\u005f"); // TensorFlow.js respells text with underscores
  return { class_name: className, config: { layer, settings: text } };
}

function applyLayer(layer: string, settings: string, x: tf.Tensor): tf.Tensor {
  return activationLayers.get(layer)!.call([x], JSON.parse(settings), []) as tf.Tensor;
}

/** Compute the activation of a layer's settings. */
export function activate(activation: unknown, x: tf.Tensor): tf.Tensor {
  if (typeof activation !== "object" || activation === null) {
    return applyActivation(String(activation ?? "linear"), x);
  }
  const { class_name: name, config } = activation as Exclude<ActivationConfig, string>;
  if (name === className) return applyLayer(config.layer, config.settings, x);
  const own = { className: name, config } as unknown as "relu"; // a user's own class, which the type does not foresee
  return tf.layers.activation({ activation: own }).apply(x) as tf.Tensor;
}

/** Register them with TensorFlow.js. */
export function registerActivationObjects(): void {
  class Registered extends tf.serialization.Serializable {
    static className = className;
    readonly #layer: string;
    readonly #settings: string;

    constructor(config: { layer: string; settings: string }) {
      super();
      this.#layer = config.layer;
      this.#settings = config.settings;
    }

    getConfig(): tf.serialization.ConfigDict {
      return { layer: this.#layer, settings: this.#settings };
    }

    apply(x: tf.Tensor): tf.Tensor {
      return tf.tidy(() => applyLayer(this.#layer, this.#settings, x));
    }
  }
  tf.serialization.registerClass(
    Registered as unknown as tf.serialization.SerializableConstructor<Registered>,
  );
}
