import * as tf from "@tensorflow/tfjs";
import { type KerasLayer, registeredName } from "./keras_layer.ts";

/** An activation: a function of each element, or of each vector along the last axis. */
type Activation = (x: tf.Tensor) => tf.Tensor;

const hardSigmoid: Activation = (x) => tf.relu6(x.add(3)).mul(1 / 6);

/** Activations that TensorFlow.js lacks, spells otherwise or computes as older versions of Keras do. */
const activations: Readonly<Record<string, Activation>> = {
  silu: (x) => x.mul(tf.sigmoid(x)),
  hard_sigmoid: hardSigmoid,
  hard_silu: (x) => x.mul(hardSigmoid(x)),
  hard_sigmoid_keras2: (x) => tf.clipByValue(x.mul(0.2).add(0.5), 0, 1),
  leaky_relu: (x) => tf.leakyRelu(x, 0.2),
  exponential: (x) => tf.exp(x),
  log_softmax: (x) => tf.logSoftmax(x),
  gelu_tanh: (x) => tf.tanh(x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI))).add(1).mul(x).mul(0.5),
  mish: (x) => x.mul(tf.tanh(tf.softplus(x))),
  log_sigmoid: (x) => tf.logSigmoid(x),
  hard_tanh: (x) => tf.clipByValue(x, -1, 1),
  soft_shrink: (x) => tf.relu(x.sub(0.5)).sub(tf.relu(x.neg().sub(0.5))),
};

/** The name that an activation is registered by; TensorFlow.js respells names with underscores. */
function registeredActivation(name: string): string {
  return registeredName(name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

/** Other spellings of the same. */
const synonyms: Readonly<Record<string, string>> = {
  swish: "silu",
  hard_swish: "hard_silu",
};

/** What TensorFlow.js computes as Keras does, under the same name. */
const shared = new Set([
  "elu",
  "gelu",
  "linear",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "tanh",
]);

/**
 * The name by which TensorFlow.js finds an activation.
 *
 * @param name As Keras writes it.
 * @param isKeras2 Whether Keras 2 wrote it: its hard_sigmoid is another.
 * @returns `undefined` if there is none.
 */
export function activationName(name: string, isKeras2: boolean): string | undefined {
  if (shared.has(name)) return name;
  const plain = synonyms[name] ?? name;
  const own = plain === "hard_sigmoid" && isKeras2 ? "hard_sigmoid_keras2" : plain;
  return Object.hasOwn(activations, own) ? registeredActivation(own) : undefined;
}

/** Compute an activation by the name that `activationName` gives. */
export function applyActivation(name: string, x: tf.Tensor): tf.Tensor {
  const own = Object.entries(activations).find(([key]) => registeredActivation(key) === name)?.[1];
  if (own) return own(x);
  if (name === "linear") return x;
  return tf.layers.activation({ activation: name as "relu" }).apply(x) as tf.Tensor;
}

/** Register all activations with TensorFlow.js. */
export function registerActivations(): void {
  for (const [name, compute] of Object.entries(activations)) {
    class Registered extends tf.serialization.Serializable {
      static className = registeredActivation(name);

      getConfig(): tf.serialization.ConfigDict {
        return {};
      }

      apply(x: tf.Tensor): tf.Tensor {
        return tf.tidy(() => compute(x));
      }
    }
    tf.serialization.registerClass(Registered as tf.serialization.SerializableConstructor<Registered>);
  }
}

/** The layer Softmax over several axes, or one that is not the last. */
export const softmaxLayer: KerasLayer = {
  className: "Softmax",
  shape: (input) => input,
  call([x], { axis = -1 }) {
    const axes = [axis].flat() as number[];
    const powers = tf.exp(x!.sub(x!.max(axes, true)));
    return powers.div(powers.sum(axes, true));
  },
};
