import * as tf from "../../../base/tfjs.ts";
import { registeredName } from "./keras_layer.ts";
import { largest } from "./sorting.ts";

/** An activation: a function of each element, or of each vector along the last axis. */
type Activation = (x: tf.Tensor) => tf.Tensor;

const hardSigmoid: Activation = (x) => tf.relu6(x.add(3)).mul(1 / 6);

/** 1 where a condition holds and 0 elsewhere, as a number to multiply with. */
function oneWhere(condition: tf.Tensor): tf.Tensor {
  return condition.cast("float32");
}

/** x where it is farther than a threshold from 0, else 0. */
export function hardShrink(x: tf.Tensor, threshold = 0.5): tf.Tensor {
  return x.mul(oneWhere(tf.greater(tf.abs(x), threshold)));
}

/** x brought nearer to 0 by a threshold, 0 where it lay nearer than that. */
export function softShrink(x: tf.Tensor, threshold = 0.5): tf.Tensor {
  return tf.relu(x.sub(threshold)).sub(tf.relu(x.neg().sub(threshold)));
}

/** x above 0, and α (eˣ − 1) below; with a scale s of its own for x, α (eˣᐟˢ − 1). */
export function exponentialLinear(x: tf.Tensor, alpha = 1, scale = 1): tf.Tensor {
  return tf.relu(x).add(tf.elu(tf.neg(tf.relu(x.neg())).div(scale)).mul(alpha));
}

/** (x + √(x² + b)) / 2 */
export function squarePlus(x: tf.Tensor, b = 4): tf.Tensor {
  return x.add(tf.sqrt(x.square().add(b))).mul(0.5);
}

/** One half of x, split along an axis, gated by the sigmoid of the other. */
export function gatedLinear(x: tf.Tensor, axis = -1): tf.Tensor {
  const [value, gate] = tf.split(x, 2, axis);
  return value!.mul(tf.sigmoid(gate!));
}

/** 0 up to −1, x from 1 on, and a parabola between. */
function sparsePlus(x: tf.Tensor): tf.Tensor {
  const bounded = tf.clipByValue(x, -1, 1).add(1);
  return bounded.square().mul(0.25).add(tf.relu(x.sub(1)));
}

/**
 * Keras's sparsemax, along the last axis: x less a threshold, nothing below 0. With z sorted downwards and s₍ⱼ₎ its
 * running sums, the k largest, for which z₍ⱼ₎ − (s₍ⱼ₎ − 1) / j > 0, set the threshold (s₍₁₎ + … + s₍ₖ₎ − 1) / k. (The
 * paper has s₍ₖ₎ in place of the sum; these are Keras's numbers.)
 */
function sparsemax(x: tf.Tensor): tf.Tensor {
  const sorted = largest(x, x.shape.at(-1)!); // [..., n]
  const sums = tf.cumsum(sorted, x.rank - 1);
  const counts = tf.range(1, x.shape.at(-1)! + 1);
  const members = oneWhere(tf.greater(sorted.sub(sums.sub(1).div(counts)), 0));
  return tf.relu(x.sub(sums.mul(members).sum(-1, true).sub(1).div(members.sum(-1, true))));
}

/** The Gaussian error linear unit by its approximation with tanh. */
function geluTanh(x: tf.Tensor): tf.Tensor {
  const inner = x.add(x.square().mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return tf.tanh(inner).add(1).mul(x).mul(0.5);
}

/** Activations that TensorFlow.js lacks, spells otherwise or computes as older versions of Keras do. */
const activations: Readonly<Record<string, Activation>> = {
  silu: (x) => x.mul(tf.sigmoid(x)),
  hard_sigmoid: hardSigmoid,
  hard_silu: (x) => x.mul(hardSigmoid(x)),
  hard_sigmoid_keras2: (x) => tf.clipByValue(x.mul(0.2).add(0.5), 0, 1),
  leaky_relu: (x) => tf.leakyRelu(x, 0.2),
  exponential: (x) => tf.exp(x),
  log_softmax: (x) => tf.logSoftmax(x),
  gelu_tanh: geluTanh,
  mish: (x) => x.mul(tf.tanh(tf.softplus(x))),
  log_sigmoid: (x) => tf.neg(tf.softplus(x.neg())),
  hard_tanh: (x) => tf.clipByValue(x, -1, 1),
  hard_shrink: (x) => hardShrink(x),
  soft_shrink: (x) => softShrink(x),
  tanh_shrink: (x) => x.sub(tf.tanh(x)),
  celu: (x) => exponentialLinear(x),
  glu: (x) => gatedLinear(x),
  squareplus: (x) => squarePlus(x),
  sparse_plus: sparsePlus,
  sparse_sigmoid: (x) => tf.minimum(1, tf.maximum(0, x.add(1).mul(0.5))),
  sparsemax,
  threshold: (x) => x.mul(oneWhere(tf.greater(x, 0))),
};

/** The name that an activation is registered by; TensorFlow.js respells names with underscores. */
function registeredActivation(name: string): string {
  return registeredName(name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

/** Other spellings of the same. */
const synonyms: Readonly<Record<string, string>> = {
  exp: "exponential",
  hard_swish: "hard_silu",
  log_softmax_v2: "log_softmax",
  softmax_v2: "softmax",
  swish: "silu",
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
  const plain = Object.hasOwn(synonyms, name) ? synonyms[name]! : name;
  if (shared.has(plain)) return plain;
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
