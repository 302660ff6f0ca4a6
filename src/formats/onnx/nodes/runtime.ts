import { countOf } from "../../../base/tensor_info.ts";
import { Activation, findActivation, leakyRelu } from "../../../operations/activation.ts";
import type { NodeContext, NodeTranslator, NodeTranslators } from "../translator.ts";
import { constantOf, type Value } from "../value.ts";
import { inFloat, withinRange } from "./quantised.ts";

/** The newest version of the operators that ONNX Runtime's stand for. */
const newest = 21;

/** A result in the range of its integers, by the scale and the zero point that are inputs. */
function ranged(node: NodeContext, result: Value, at: number): Value {
  const scale = node.inputs[at] && node.constant(at), zero = node.inputs[at + 1] && node.constant(at + 1);
  return scale && result.kind === "live"
    ? withinRange(node, result, scale, zero, zero?.type ?? "uint8")
    : result;
}

/** An operator of quantised values: that of the same name of what they stand for. */
function quantised(operator: string, count = 1): NodeTranslator {
  return (node) => {
    if (node.attributes.int("channels_last", 0) === 1) node.fail("takes channels last, which is not known");
    const values = Array.from({ length: count }, (_, at) => inFloat(node, node.input(3 * at), 3 * at + 1));
    const opset = node.attributes.int("opset", newest);
    return ranged(node, node.as(operator, values, { part: "float", opset }), 3 * count);
  };
}

const quantisedConcat: NodeTranslator = (node) => {
  const count = Math.floor((node.inputs.length - 2) / 3);
  const values = Array.from({ length: count }, (_, at) => inFloat(node, node.input(2 + 3 * at), 3 + 3 * at));
  return ranged(node, node.as("Concat", values, { part: "float", opset: newest }), 0);
};

const quantisedGemm: NodeTranslator = (node) => {
  const axis = node.attributes.int("transB", 0) === 1 ? 0 : 1;
  const a = inFloat(node, node.input(0), 1),
    b = inFloat(node, node.input(3), 4, axis),
    bias = node.constant(6);
  const input = node.constant(1)!.read()[0]!, scales = node.constant(4)!.read();
  const own = bias && constantOf(
    "float32",
    bias.shape,
    Float32Array.from(bias.read(), (value, at) => value * input * (scales[at] ?? scales[0]!)),
  );
  const inputs = [a, b, own].filter((value) => value !== undefined);
  return ranged(node, node.as("Gemm", inputs, { part: "float", opset: newest }), 7);
};

/** What a convolution is joined with. */
const fusedConvolution: NodeTranslator = (node) => {
  const kind = node.attributes.text("activation", ""),
    [slope = 0.01] = node.attributes.floats("activation_params") ?? [];
  const inputs = node.inputs.slice(0, 3).filter((value) => value !== undefined);
  const product = node.as("Conv", inputs, { part: "product", opset: newest });
  const sum = node.inputs[3]
    ? node.as("Add", [product, node.inputs[3]], { part: "sum", opset: newest })
    : product;
  if (kind === "" || sum.kind === "constant") return sum;
  const activation = kind === "LeakyRelu" ? leakyRelu(slope) : findActivation(kind.toLowerCase());
  if (!activation) return node.fail(`ends in ${JSON.stringify(kind)}, which is not known`);
  return node.emit(new Activation(sum.id, node.id(), activation), { ...sum });
};

/** A layer norm, of a sum maybe. */
const skipLayerNorm: NodeTranslator = (node) => {
  const [x, skip, gamma, beta, bias] = [0, 1, 2, 3, 4].map((at) => node.inputs[at]);
  const sum = node.as("Add", [x!, skip!], { part: "skip", opset: newest });
  const whole = bias ? node.as("Add", [sum, bias], { part: "sum", opset: newest }) : sum;
  const weights = [gamma, beta].filter((value) => value !== undefined);
  const normal = node.as("LayerNormalization", [whole, ...weights], { opset: newest });
  const none = constantOf("float32", [0], new Float32Array(countOf([0])));
  return [normal, none, none, whole];
};

const gelu: NodeTranslator = (node) => node.as("Gelu", [node.input(0)], { opset: newest });

/** The same, after a bias. */
const biasGelu: NodeTranslator = (node) => {
  const sum = node.inputs[1]
    ? node.as("Add", [node.input(0), node.input(1)], { part: "sum", opset: newest })
    : node.input(0);
  return node.as("Gelu", [sum], { opset: newest });
};

/** What ONNX Runtime's tools write: quantised operators, and those that its optimiser joined. */
export const runtimeNodes: NodeTranslators = {
  "com.microsoft.BiasGelu": biasGelu,
  "com.microsoft.DequantizeLinear": (node) => inFloat(node, node.input(0), 1, node.attributes.int("axis", 1)),
  "com.microsoft.FusedConv": fusedConvolution,
  "com.microsoft.Gelu": gelu,
  "com.microsoft.QGemm": quantisedGemm,
  "com.microsoft.QLinearAdd": quantised("Add", 2),
  "com.microsoft.QLinearAveragePool": quantised("AveragePool"),
  "com.microsoft.QLinearConcat": quantisedConcat,
  "com.microsoft.QLinearGlobalAveragePool": quantised("GlobalAveragePool"),
  "com.microsoft.QLinearLeakyRelu": quantised("LeakyRelu"),
  "com.microsoft.QLinearMul": quantised("Mul", 2),
  "com.microsoft.QLinearSigmoid": quantised("Sigmoid"),
  "com.microsoft.QLinearSoftmax": quantised("Softmax"),
  "com.microsoft.QuantizeLinear": (node) => ranged(node, node.live(0), 1),
  "com.microsoft.SkipLayerNormalization": skipLayerNorm,
};
