/** One network as converters and programs of all times would have written it: the scores are the same. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { joinBytes } from "../base/bytes.ts";
import { ModelError } from "../base/errors.ts";
import { largestDifference, leavingNoTensors, readFloats, testdata, tryBackend } from "../testing/mod.ts";
import { loadModel, type ModelFiles } from "./mod.ts";
import {
  bytesOf,
  encode,
  type Files,
  type Parts,
  putTogether,
  specOf,
  takeApart,
  type TestWeight,
} from "./testing.ts";

const network = "nested";

/** The scores that a model gives for the network's own input. */
async function scoresOf(files: ModelFiles): Promise<Float32Array> {
  const x = tf.tensor4d(await readFloats(new URL(`zoo/${network}/input.f32`, testdata)), [1, 16, 24, 3]);
  const model = await loadModel(files);
  const scores = model.predict(x);
  try {
    return await scores.data() as Float32Array;
  } finally {
    tf.dispose([x, scores]);
    model.dispose();
  }
}

/** Weights in files of a size, whose bounds are no bounds of weights. */
function inShards({ json, weights }: Parts, size: number, nameOf: (index: number) => string): Files {
  const bytes = bytesOf(weights);
  const count = Math.ceil(bytes.length / size);
  const paths = Array.from({ length: count }, (_, index) => nameOf(index));
  const weightsManifest = [{ paths, weights: weights.map(specOf) }];
  return {
    "model.json": encode(JSON.stringify({ ...json, weightsManifest })),
    ...Object.fromEntries(paths.map((path, index) => [path, bytes.slice(index * size, (index + 1) * size)])),
  };
}

/** A file for each weight, in groups of its own. */
function inGroups({ json, weights }: Parts): Files {
  const files: Files = {};
  const weightsManifest = weights.map((weight, index) => {
    files[`group${index + 1}-shard1of1`] = weight.bytes;
    return { paths: [`group${index + 1}-shard1of1`], weights: [specOf(weight)] };
  });
  return { "model.json": encode(JSON.stringify({ ...json, weightsManifest })), ...files };
}

/** The JSON changed, the weights as they are. */
function withJson(change: (json: Parts["json"]) => object): (parts: Parts) => Files {
  return ({ json, weights }) => putTogether({ json: change(json), weights });
}

function withNames(change: (name: string) => string): (parts: Parts) => Files {
  return ({ json, weights }) =>
    putTogether({ json, weights: weights.map((weight) => ({ ...weight, name: change(weight.name) })) });
}

function inline({ json, weights }: Parts, weightData: (bytes: Uint8Array) => unknown): Files {
  const text = JSON.stringify({
    ...json,
    weightSpecs: weights.map(specOf),
    weightData: weightData(bytesOf(weights)),
  });
  return { "model.json": encode(text) };
}

/** Weights of other types before the network's own, so that these no longer begin at multiples of four bytes. */
const foreignWeights: readonly TestWeight[] = [
  { name: "flags", shape: [3], dtype: "bool", bytes: Uint8Array.of(1, 0, 1), group: "optimizer" },
  {
    name: "names",
    shape: [2],
    dtype: "string",
    bytes: joinBytes([Uint8Array.of(3, 0, 0, 0), encode("cat"), Uint8Array.of(2, 0, 0, 0), encode("ox")]),
    group: "optimizer",
  },
  { name: "iterations", shape: [], dtype: "int32", bytes: Uint8Array.of(7, 0, 0, 0), group: "optimizer" },
];

/** Ways of writing that both kinds of model know. */
const both: Record<string, (parts: Parts) => Files> = {
  "one weights file": putTogether,
  "no format field": withJson(({ format: _, ...json }) => json),
  "a byte order mark": (parts) => {
    const files = putTogether(parts);
    return { ...files, "model.json": joinBytes([Uint8Array.of(0xef, 0xbb, 0xbf), files["model.json"]!]) };
  },
  "the topology as text": withJson((json) => ({
    ...json,
    modelTopology: JSON.stringify(json.modelTopology),
  })),
  "shards across weights": (parts) => inShards(parts, 1001, (index) => `group1-shard${index + 1}of9.bin`),
  "a group a weight": inGroups,
  "files in sub-folders": (parts) => inShards(parts, 1500, (index) => `weights/part ${index}/w.bin`),
  "escaped names": (parts) => {
    const files = inShards(parts, 1500, (index) => `part%20${index}.bin`);
    return Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [decodeURIComponent(name), bytes]),
    );
  },
  "names with a dot before": (parts) => {
    const files = inShards(parts, 1500, (index) => `./part${index}.bin`);
    return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name.replace("./", ""), bytes]));
  },
  "weights in the JSON, in base64": (parts) => inline(parts, (bytes) => bytes.toBase64()),
  "weights in the JSON, as a list": (parts) => inline(parts, (bytes) => [...bytes]),
  "weights in the JSON, as Node's Buffer": (parts) =>
    inline(parts, (bytes) => ({ type: "Buffer", data: [...bytes] })),
  "another name, as by downloads://": (parts) => {
    const { "model.json": main, "weights.bin": weights } = putTogether(parts);
    const text = new TextDecoder().decode(main).replace('"weights.bin"', '"my-model.weights.bin"');
    return { "my-model.json": encode(text), "my-model.weights.bin": weights!, "labels.json": encode("[]") };
  },
  "a packed folder, unpacked on a Mac": (parts) => {
    const { "model.json": main, "weights.bin": weights } = putTogether(parts);
    return {
      "__MACOSX/export/._model.json": Uint8Array.of(0, 5, 22, 7),
      "export/.DS_Store": Uint8Array.of(0),
      "export/model.json": main!,
      "export/weights.bin": weights!,
    };
  },
  "null for no quantisation": ({ json, weights }) =>
    putTogether({ json, weights: weights.map((weight) => ({ ...weight, quantization: null })) }),
  "weights of other types before": ({ json, weights }) =>
    putTogether({ json, weights: [...foreignWeights, ...weights] }),
  "fields that mean nothing here": withJson((json) => ({
    ...json,
    trainingConfig: { loss: "mse" },
    userDefinedMetadata: { author: "someone" },
  })),
};

const layers: Record<string, (parts: Parts) => Files> = {
  ...both,
  "a topology without model_config": withJson(({ modelTopology: { model_config, ...rest }, ...json }) => ({
    ...json,
    modelTopology: { ...model_config, ...rest },
  })),
  "names with the models around them": withNames((name) => {
    const isInner = name.startsWith("first") || name.startsWith("second");
    return `nested/${isInner ? `backbone/${name}` : name}`;
  }),
  "names with :0": withNames((name) => `${name}:0`),
  "names with a cell": withNames((name) => name.replace("/", "/part/")),
};

const graph: Record<string, (parts: Parts) => Files> = {
  ...both,
  "the signature in the metadata": withJson(({ signature, ...json }) => ({
    ...json,
    userDefinedMetadata: { signature },
  })),
  "no signature": withJson(({ signature: _, ...json }) => json),
  "no versions": withJson((json) => ({ ...json, modelTopology: { node: json.modelTopology.node } })),
  "nodes in reverse": withJson((json) => ({
    ...json,
    modelTopology: { ...json.modelTopology, node: json.modelTopology.node.toReversed() },
  })),
};

for (const [form, ways] of Object.entries({ layers, graph })) {
  Deno.test(`loadModel() opens ${form} models however they were written`, async (t) => {
    await tryBackend("cpu");
    const { outputs: [{ values }] } = JSON.parse(
      await Deno.readTextFile(new URL(`zoo/${network}/golden.json`, testdata)),
    );
    for (const [way, write] of Object.entries(ways)) {
      await t.step(way, () =>
        leavingNoTensors(async () => {
          const scores = await scoresOf(write(await takeApart(network, form as "layers" | "graph")));
          assertLessOrEqual(largestDifference(scores, values), 1e-5);
        }));
    }
  });
}

/** A quantisation: how a weight is stored, and how far it may stray for it. */
interface Stored {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly quantization: { readonly dtype: string; readonly min?: number; readonly scale?: number };
  readonly values: Float32Array<ArrayBuffer>;
  readonly bound: number;
}

/** As the converter does it: the range in equal steps; a step of 1 where all are the same. */
function inSteps(values: Float32Array, type: Uint8ArrayConstructor | Uint16ArrayConstructor): Stored {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const scale = min === max ? 1 : (max - min) / (2 ** (8 * type.BYTES_PER_ELEMENT) - 1);
  const steps = type.from(values.map((value) => Math.round((value - min) / scale)));
  return {
    bytes: new Uint8Array(steps.buffer as ArrayBuffer),
    quantization: { dtype: type === Uint8Array ? "uint8" : "uint16", min, scale },
    values: Float32Array.from(steps, (step) => step * scale + min),
    bound: scale * 0.501,
  };
}

function inHalf(values: Float32Array): Stored {
  const halves = Float16Array.from(values);
  const largest = Math.max(...values.map(Math.abs));
  return {
    bytes: new Uint8Array(halves.buffer as ArrayBuffer),
    quantization: { dtype: "float16" },
    values: Float32Array.from(halves),
    bound: largest * 2 ** -11 + 2 ** -25,
  };
}

const quantizations: Record<string, (values: Float32Array) => Stored> = {
  uint8: (values) => inSteps(values, Uint8Array),
  uint16: (values) => inSteps(values, Uint16Array),
  float16: inHalf,
};

Deno.test("loadModel() reads quantised weights to the quantisation's own bound", async (t) => {
  await tryBackend("cpu");
  for (const form of ["layers", "graph"] as const) {
    for (const [name, quantize] of Object.entries(quantizations)) {
      await t.step(`${form} ${name}`, () =>
        leavingNoTensors(async () => {
          const { json, weights } = await takeApart(network, form);
          const isQuantized = ({ dtype }: TestWeight) => dtype === "float32";
          const stored = weights.map((weight) => {
            const values = new Float32Array(weight.bytes.buffer);
            return isQuantized(weight) ? { ...quantize(values), given: values } : undefined;
          });
          for (const one of stored) {
            if (one) assertLessOrEqual(largestDifference(one.values, one.given), one.bound);
          }
          const small = putTogether({
            json,
            weights: weights.map((weight, at) => ({ ...weight, ...stored[at] })),
          });
          const plain = putTogether({
            json,
            weights: weights.map((weight, at) =>
              stored[at] ? { ...weight, bytes: new Uint8Array(stored[at].values.buffer) } : weight
            ),
          });
          assert(small["weights.bin"]!.length < plain["weights.bin"]!.length * 0.6);
          assertLessOrEqual(largestDifference(await scoresOf(small), await scoresOf(plain)), 1e-6);
        }));
    }
  }
});

Deno.test("loadModel() takes subarrays of a larger buffer", async () => {
  await tryBackend("cpu");
  const files = putTogether(await takeApart(network, "layers"));
  const all = joinBytes([Uint8Array.of(9), files["model.json"]!, files["weights.bin"]!]);
  const main = all.subarray(1, 1 + files["model.json"]!.length);
  const scores = await scoresOf({ "model.json": main, "weights.bin": all.subarray(1 + main.length) });
  assertEquals(scores, await scoresOf(files));
});

Deno.test("loadModel() says what is wrong with a TensorFlow.js model", async (t) => {
  await tryBackend("cpu");
  const one = (change: (weight: TestWeight) => object) => (parts: Parts) => {
    const [first, ...rest] = parts.weights;
    return putTogether({ ...parts, weights: [{ ...first!, ...change(first!) }, ...rest] });
  };
  const withWeights =
    (change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) => (parts: Parts) => {
      const files = putTogether(parts);
      return { ...files, "weights.bin": change(files["weights.bin"]!) };
    };
  const withNode = (...nodes: object[]) =>
    withJson((json) => ({
      ...json,
      modelTopology: { ...json.modelTopology, node: [...json.modelTopology.node, ...nodes] },
    }));
  const negative = (parts: Parts) => {
    const weights = parts.weights.map((weight) =>
      weight.name.endsWith("first_bn/moving_variance")
        ? { ...weight, bytes: new Uint8Array(new Float32Array(weight.bytes.length / 4).fill(-2).buffer) }
        : weight
    );
    return putTogether({ ...parts, weights });
  };
  const rows: [string, "layers" | "graph", (parts: Parts) => Files, string][] = [
    ["weights cut short", "layers", withWeights((bytes) => bytes.slice(0, -4)), "but the manifest says"],
    [
      "weights that are a pointer",
      "graph",
      withWeights(() => encode("version https://git-lfs.github.com/spec/v1")),
      "it is a Git LFS pointer",
    ],
    [
      "weights that are a page",
      "layers",
      withWeights(() => encode("<!doctype html>")),
      'its weights file "weights.bin" holds no weights: it is a web page',
    ],
    [
      "no weights",
      "layers",
      (parts) => ({ "model.json": putTogether(parts)["model.json"]! }),
      'its weights file "weights.bin" is missing',
    ],
    [
      "no manifest",
      "layers",
      ({ json }) => ({ "model.json": encode(JSON.stringify(json)) }),
      "it has no weights for layer",
    ],
    [
      "no manifest",
      "graph",
      ({ json }) => ({ "model.json": encode(JSON.stringify(json)) }),
      "it has no weights for node",
    ],
    [
      "a weight of another layer",
      "layers",
      one(() => ({ name: "other/kernel" })),
      'its weights hold "other/kernel" for no layer of its architecture',
    ],
    [
      "a weight twice",
      "layers",
      one(() => ({ name: "second_conv/kernel" })),
      'its weights hold "second_conv/kernel" twice',
    ],
    [
      "a weight of another shape",
      "layers",
      one(({ shape }) => ({ shape: shape.toReversed() })),
      'layer "backbone/first_conv" takes weights [3, 3, 4, 5], "first_conv/kernel" in the file has [5, 4, 3, 3]',
    ],
    [
      "a shape that is none",
      "layers",
      one(() => ({ shape: [-1, 3] })),
      "has the shape [-1,3], which is none",
    ],
    ["a type that is not known", "layers", one(() => ({ dtype: "float64" })), 'is of type "float64"'],
    [
      "a quantisation without scale",
      "layers",
      one(() => ({ quantization: { dtype: "uint8" } })),
      "lacks min and scale",
    ],
    [
      "a quantisation that is not known",
      "graph",
      one(() => ({ quantization: { dtype: "int4" } })),
      'is quantised as "int4"',
    ],
    ["a negative variance", "layers", negative, "its weights files are damaged or in the wrong order"],
    ["groups in the wrong order", "layers", (parts) => {
      const files = inGroups(parts);
      const [a, b] = [files["group1-shard1of1"]!, files["group2-shard1of1"]!];
      return { ...files, "group1-shard1of1": b, "group2-shard1of1": a };
    }, "they are in the wrong order"],
    [
      "an architecture alone",
      "layers",
      ({ json }) => ({ "model.json": encode(JSON.stringify(json.modelTopology.model_config)) }),
      "it holds an architecture but no weights",
    ],
    [
      "JSON cut short",
      "layers",
      (parts) => ({ "model.json": putTogether(parts)["model.json"]!.slice(0, 2000) }),
      "its JSON is damaged or cut short",
    ],
    ["a list", "layers", () => ({ "model.json": encode("[1]") }), "it is a JSON list"],
    [
      "a node of a missing one",
      "graph",
      withNode({ name: "late", op: "Relu", input: ["early"] }),
      'its node "late" takes the output of "early"',
    ],
    [
      "a node of itself",
      "graph",
      withNode({ name: "late", op: "Relu", input: ["late"] }),
      'its node "late" takes its own output',
    ],
    [
      "a node twice",
      "graph",
      withNode({ name: "image", op: "Relu", input: [] }),
      "two nodes of its graph have one name",
    ],
    [
      "a hash table",
      "graph",
      withNode({ name: "table", op: "HashTableV2" }, {
        name: "label",
        op: "LookupTableFindV2",
        input: ["table", "image"],
      }),
      'its node "table" is a "HashTableV2", which cannot be explained',
    ],
    [
      "a loop",
      "graph",
      withNode({ name: "loop", op: "While", input: ["image"] }),
      'its node "loop" is a "While"',
    ],
    [
      "a loop in parts, as of a recurrent layer",
      "graph",
      withNode(
        { name: "merge", op: "Merge", input: ["image", "next"] },
        { name: "next", op: "NextIteration", input: ["merge"] },
      ),
      "its graph has a loop, which a recurrent layer becomes: convert the model to a layers model instead",
    ],
    [
      "a graph that is none",
      "graph",
      withJson((json) => ({ ...json, modelTopology: { node: [3] } })),
      "its graph is damaged",
    ],
    [
      "no outputs",
      "graph",
      withJson((json) => ({
        ...json,
        signature: { ...json.signature, outputs: { scores: { name: "nowhere:0" } } },
      })),
      "its graph has no input or no output",
    ],
  ];
  for (const [name, form, write, message] of rows) {
    await t.step(`${name}, ${form}`, () =>
      leavingNoTensors(async () => {
        const files = write(await takeApart(network, form));
        const error = await assertRejects(() => loadModel(files), ModelError, message);
        assert(!error.message.includes("\n"), error.message);
      }));
  }
});
