/**
 * Converted graphs that are written by hand. It is not published.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** A node as a graph's file has it. */
export interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: object;
}

/** A weight of a graph: its shape and its numbers. */
export interface GraphWeight {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly dtype?: "float32" | "int32";
}

/** A graph written by hand. */
export interface HandGraph {
  /** Its nodes; those of the weights are added. */
  readonly nodes: readonly NodeJson[];
  readonly weights: Readonly<Record<string, GraphWeight>>;
  /** The nodes that are its outputs; those whose values no other node takes if left out. */
  readonly outputs?: readonly string[];
}

/** Attributes as TensorFlow writes them. */
export const attributes = {
  float: { type: "DT_FLOAT" },
  strings: (...texts: string[]) => ({ list: { s: texts.map((text) => btoa(text)) } }),
  ints: (...numbers: number[]) => ({ list: { i: numbers.map(String) } }),
  text: (text: string) => ({ s: btoa(text) }),
} as const;

/** An input of a graph; −1 for what may be of any size. */
export function placeholder(name: string, shape: readonly number[]): NodeJson {
  const dim = shape.map((size) => ({ size: String(size) }));
  return { name, op: "Placeholder", attr: { dtype: attributes.float, shape: { shape: { dim } } } };
}

/** A node of numbers. */
export function node(op: string, name: string, input: readonly string[], attr: object = {}): NodeJson {
  return { name, op, input, attr: { T: attributes.float, ...attr } };
}

/** What convolutions have in common: a stride of 1, and no padding that would matter for a filter of one pixel. */
export const pointwise: object = {
  strides: attributes.ints(1, 1, 1, 1),
  dilations: attributes.ints(1, 1, 1, 1),
  padding: attributes.text("SAME"),
  data_format: attributes.text("NHWC"),
};

function weightNode([name, { dtype = "float32" }]: readonly [string, GraphWeight]): NodeJson {
  const type = dtype === "int32" ? "DT_INT32" : "DT_FLOAT";
  return { name, op: "Const", attr: { dtype: { type }, value: { tensor: { dtype: type } } } };
}

function signatureOf(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { name: `${name}:0`, dtype: "DT_FLOAT" }]));
}

/** A graph in memory, as a converter would have written it. */
export function graphArtifacts({ nodes, weights, outputs }: HandGraph): tf.io.ModelArtifacts {
  const entries = Object.entries(weights);
  const bytes = entries.flatMap(([_, { values, dtype }]) => {
    const numbers = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
    return [...new Uint8Array(numbers.buffer)];
  });
  return {
    format: "graph-model",
    modelTopology: { node: [...entries.map(weightNode), ...nodes], versions: { producer: 1 } },
    ...(outputs && {
      signature: {
        inputs: signatureOf(nodes.filter(({ op }) => op === "Placeholder").map(({ name }) => name)),
        outputs: signatureOf(outputs),
      },
    }),
    weightSpecs: entries.map(([name, { shape, dtype = "float32" }]) => ({ name, shape: [...shape], dtype })),
    weightData: new Uint8Array(bytes).buffer,
  };
}

/** The same as TensorFlow.js opens it; the caller disposes it. */
export async function graphModel(graph: HandGraph): Promise<tf.GraphModel> {
  return await tf.loadGraphModel(tf.io.fromMemory(graphArtifacts(graph)));
}

/** The same as the files of a model. */
export function graphFiles(graph: HandGraph): Record<string, Uint8Array<ArrayBuffer>> {
  const { weightSpecs, weightData, ...rest } = graphArtifacts(graph);
  const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
  return {
    "model.json": new TextEncoder().encode(JSON.stringify({ ...rest, weightsManifest })),
    "weights.bin": new Uint8Array(weightData as ArrayBuffer),
  };
}
