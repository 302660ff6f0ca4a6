import * as tf from "../../../base/tfjs.ts";
import { gelu, geluTanh } from "../../../operations/gelu.ts";
import type { NodeTranslators } from "../translator.ts";
import { activate, unary } from "./activations.ts";

/** Above 0 a line, below an exponential curve. */
function exponential(x: tf.Tensor, above: number, below: number, width = 1): tf.Tensor {
  const curve = tf.minimum(x, 0).div(width).exp().sub(1).mul(below);
  return tf.relu(x).mul(above).add(curve);
}

const seluAlpha = 1.67326319217681884765625, seluGamma = 1.05070102214813232421875;

/** Functions of each number that no kernel joins. */
export const functionNodes: NodeTranslators = {
  Abs: unary((x) => tf.abs(x)),
  Acos: unary((x) => tf.acos(x)),
  Acosh: unary((x) => tf.acosh(x)),
  Asin: unary((x) => tf.asin(x)),
  Asinh: unary((x) => tf.asinh(x)),
  Atan: unary((x) => tf.atan(x)),
  Atanh: unary((x) => tf.atanh(x)),
  Ceil: unary((x) => tf.ceil(x)),
  Celu(node) {
    const alpha = node.attributes.float("alpha", 1);
    return activate(node, { name: "celu", apply: (x) => exponential(x, 1, alpha, alpha) });
  },
  Cos: unary((x) => tf.cos(x)),
  Cosh: unary((x) => tf.cosh(x)),
  Erf: unary((x) => tf.erf(x)),
  Exp: unary((x) => tf.exp(x)),
  Floor: unary((x) => tf.floor(x)),
  Gelu(node) {
    const isApproximate = node.attributes.text("approximate", "none") === "tanh";
    return activate(node, isApproximate ? geluTanh : gelu);
  },
  Log: unary((x) => tf.log(x)),
  Mish: unary((x) => x.mul(tf.softplus(x).tanh())),
  Neg: unary((x) => tf.neg(x)),
  Reciprocal: unary((x) => tf.reciprocal(x)),
  Round: unary((x) => tf.round(x)),
  Selu(node) {
    const alpha = node.attributes.float("alpha", seluAlpha),
      gamma = node.attributes.float("gamma", seluGamma);
    return activate(node, { name: "selu", apply: (x) => exponential(x, gamma, alpha * gamma) });
  },
  Shrink(node) {
    const bias = node.attributes.float("bias", 0), lambda = node.attributes.float("lambd", 0.5);
    const apply = (x: tf.Tensor) => {
      const [above, below] = [tf.greater(x, lambda), tf.less(x, -lambda)].map((one) => one.cast("float32"));
      return above!.mul(x.sub(bias)).add(below!.mul(x.add(bias)));
    };
    return activate(node, { name: "shrink", apply });
  },
  Sign: unary((x) => tf.sign(x)),
  Sin: unary((x) => tf.sin(x)),
  Sinh: unary((x) => tf.sinh(x)),
  Softplus: unary((x) => tf.softplus(x)),
  Softsign: unary((x) => x.div(tf.abs(x).add(1))),
  Sqrt: unary((x) => tf.sqrt(x)),
  Swish(node) {
    const alpha = node.attributes.float("alpha", 1);
    return activate(node, { name: "swish_alpha", apply: (x) => x.mul(tf.sigmoid(x.mul(alpha))) });
  },
  Tan: unary((x) => tf.tan(x)),
  ThresholdedRelu(node) {
    const alpha = node.attributes.float("alpha", 1);
    return activate(node, {
      name: "thresholded_relu",
      apply: (x) => x.mul(tf.greater(x, alpha).cast("float32")),
      passes: (x) => tf.greater(x, alpha).cast("float32"),
    });
  },
};
