import { pathToFileURL } from "node:url";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { ensureBackend } from "../../../backends/mod.ts";
import { joinBytes } from "../../base/bytes.ts";
import { ModelError } from "../../base/errors.ts";
import * as tf from "../../base/tfjs.ts";
import { leavingNoTensors, testdata } from "../../testing/mod.ts";
import { loadModel } from "../mod.ts";
import { attribute, ends, field, graph, model, node, small, tensor, value, weight } from "./testing.ts";

/** The scores of a model for a picture that counts up. */
async function scoresOf(source: Parameters<typeof loadModel>[0]): Promise<number[]> {
  const opened = await loadModel(source);
  const x = tf.tidy(() => tf.range(0, 72).div(72).reshape([1, 6, 4, 3])) as tf.Tensor4D;
  const scores = opened.predict(x);
  const numbers = Array.from(await scores.data());
  tf.dispose([x, scores]);
  opened.dispose();
  return numbers.map((number) => Number(number.toPrecision(5)));
}

const whole = model(graph(...small, ...ends));

Deno.test("openOnnx() opens the same network in many forms", async (t) => {
  await ensureBackend({ backend: "cpu" });
  const wanted = await scoresOf(whole);
  const numbers = Float32Array.from({ length: 108 }, (_, at) => at / 100);
  const raw = new Uint8Array(numbers.buffer);
  const others = small.slice(0, 5), rest = small.slice(6);
  const external = (location: string, offset = "4") =>
    model(
      graph(
        ...others,
        ...rest,
        ...ends,
        tensor("w", [4, 3, 3, 3], { type: 1, external: { location, offset } }),
      ),
    );
  const inFunction = model(graph(node("Block x w -> b", [], "own"), ...small.slice(2), ...ends), {
    more: [
      field(8, joinBytes([field(1, "own"), field(2, 1)])),
      field(
        25,
        joinBytes([
          ...[field(1, "Block"), field(10, "own"), field(4, "p"), field(4, "q"), field(5, "r")],
          ...["Conv p q -> a", "Relu a -> r"].map((text) => {
            const bytes = node(text, text.startsWith("Conv") ? [attribute("pads", [1, 1, 1, 1])] : []);
            return joinBytes([Uint8Array.of(7 * 8 + 2), bytes.subarray(1)]);
          }),
        ]),
      ),
    ],
  });
  const branch = (text: string) => graph(node(text), value(12, "b", []));
  const forms = {
    "weights in another file": {
      "model.onnx": external("w.bin"),
      "w.bin": joinBytes([new Uint8Array(4), raw]),
    },
    "a function": inFunction,
    "a branch that is known": model(graph(
      small[0]!,
      node("If yes -> b", [
        attribute("then_branch", branch("Relu a -> b")),
        attribute("else_branch", branch("Neg a -> b")),
      ]),
      ...small.slice(2),
      ...ends,
      tensor("yes", [], { type: 9, raw: Uint8Array.of(1) }),
    )),
    "a branch that leads nowhere": model(graph(...small, node("Unknown x -> z"), ...ends)),
    "weights that are computed of others, and used twice": model(graph(
      node("Neg w -> v"),
      node("Neg v -> u"),
      node("Neg u -> t"),
      node("Sub v t -> zero"),
      node("Add u zero -> sum"),
      node("Conv x sum -> a", [attribute("pads", [1, 1, 1, 1])]),
      ...small.slice(1),
      ...ends,
    )),
    "nodes in another order": model(graph(...small.toReversed(), ...ends)),
  };
  for (const [name, source] of Object.entries(forms)) {
    await t.step(name, async () => {
      assertEquals(await leavingNoTensors(() => scoresOf(source)), wanted);
    });
  }
});

Deno.test("openOnnx() gives channels last, layers with strides, and names", async () => {
  await ensureBackend({ backend: "cpu" });
  using opened = await loadModel(whole);
  assertEquals(opened.inputs, [{ name: "x", shape: [null, 6, 4, 3] }]);
  assertEquals(opened.layers.map(({ kind }) => kind), [
    "Conv",
    "Relu",
    "GlobalAveragePool",
    "Flatten",
    "Gemm",
  ]);
  assertEquals(opened.layers[1]!.outputShape, [null, 6, 4, 4]);
  assertEquals(opened.layers[1]!.stride, [1, 1]);
  assertEquals(opened.split("a").layer, "Conv_node");
  assertEquals(opened.split().layer, "Relu_node");
});

Deno.test("openOnnx() refuses what cannot be opened in one line, and leaves no tensor", async (t) => {
  await ensureBackend({ backend: "cpu" });
  const [, ...without] = small;
  const elsewhere = (location: string, more: object = {}) =>
    model(graph(
      ...small.filter((_, at) => at !== 5),
      ...ends,
      tensor("w", [4, 3, 3, 3], { type: 1, external: { location, ...more } }),
    ));
  const bad: Record<string, [source: Parameters<typeof loadModel>[0], why: string]> = {
    "a data file that is missing": [elsewhere("w.bin"), 'its data file "w.bin" is missing'],
    "a data file outside": [elsewhere("../w.bin"), 'its data file "../w.bin" does not lie in its folder'],
    "a data file with a root": [elsewhere("/etc/passwd"), "does not lie in its folder"],
    "a data file that is too short": [
      { "model.onnx": elsewhere("w.bin", { length: "432" }), "w.bin": new Uint8Array(9) },
      'its data file "w.bin" holds 9 bytes',
    ],
    "a data file that was not fetched": [
      {
        "model.onnx": elsewhere("w.bin"),
        "w.bin": new TextEncoder().encode("version https://git-lfs.github.com"),
      },
      "Git LFS pointer",
    ],
    "an unknown domain": [
      model(graph(node("Conv x w -> a", [], "mine"), ...without, ...ends)),
      'its node "Conv_node" ("Conv") is of the domain "mine", which is not known',
    ],
    "an unknown operator": [
      model(graph(node("Wonder x w -> a"), ...without, ...ends)),
      'its node "Wonder_node" ("Wonder") is an operator that is not known',
    ],
    "a loop": [
      model(graph(node("Loop x w -> a"), ...without, ...ends)),
      'its node "Loop_node" ("Loop") is a loop',
    ],
    "nodes that take each other's values": [
      model(graph(node("Add x b -> a"), ...without, ...ends)),
      "takes its own output",
    ],
    "a value that is not there": [
      model(graph(node("Relu z -> a"), ...without, ...ends)),
      'its graph takes "z", which it does not have',
    ],
    "weights that do not fit": [
      model(graph(...small.slice(0, 5), small[6]!, weight("w", [4, 5, 3, 3]), ...ends)),
      'its node "Conv_node" ("Conv") has weights that do not fit',
    ],
    "weights that are cut off": [
      model(graph(...small.slice(0, 5), small[6]!, weight("w", [4, 3, 3, 3], [1, 2]), ...ends)),
      'its weight "w" cannot be read: it holds 8 bytes',
    ],
    "a model of strings": [
      model(graph(node("Identity x -> y"), value(11, "x", ["n"], 8), value(12, "y", ["n"], 8))),
      'its input "x" is no tensor of numbers',
    ],
    "a text model": [
      model(graph(
        node("Gather table input_ids -> y"),
        weight("table", [5, 4]),
        value(11, "input_ids", ["batch", "sequence"], 7),
        value(11, "attention_mask", ["batch", "sequence"], 7),
        value(12, "y", ["batch", "sequence", 4]),
      )),
      'it takes "input_ids" [batch, sequence], "attention_mask" [batch, sequence], as models of texts',
    ],
    "an audio model": [
      model(graph(node("Relu x -> y"), value(11, "x", [1, 16000]), value(12, "y", [1, 16000]))),
      'it takes "x" [1, 16000], as models of texts or sounds do: a picture [N, C, H, W] is needed',
    ],
    "operators of an old version": [
      model(graph(...small, ...ends), { opset: 6 }),
      "its operators are of version 6, 7 and up are known: convert it with onnx.version_converter",
    ],
    "trees": [
      model(graph(node("TreeEnsemble x -> y", [], "ai.onnx.ml"), ...ends), { domain: "ai.onnx.ml" }),
      "no networks of pictures",
    ],
    "a size that it does not take": [
      model(graph(
        node("Reshape x s -> y"),
        tensor("s", [2], { type: 7, raw: new Uint8Array(BigInt64Array.of(1n, 5n).buffer) }),
        value(11, "x", ["n", 3, "h", "w"]),
        value(12, "y", [1, 5]),
      )),
      "cannot be given the shape [1, 5]; it says no size of pictures, and was tried with 224 × 224",
    ],
    "outputs of constants": [
      model(graph(node("Relu w -> y"), small[5]!, ...ends)),
      "its outputs do not depend on its inputs",
    ],
    "an input beyond measure": [
      model(graph(node("Relu x -> y"), value(11, "x", [1, 3, 1e6, 1e6]), ends[1]!)),
      "is too large",
    ],
    "a name that every object has": [
      model(graph(node("constructor x -> a"), ...without, ...ends)),
      "is an operator that is not known",
    ],
    "a function that calls itself": [
      model(graph(node("Self x -> y", [], "own"), ...ends), {
        more: [field(
          25,
          joinBytes([
            field(1, "Self"),
            field(10, "own"),
            field(4, "p"),
            field(5, "r"),
            joinBytes([Uint8Array.of(58), node("Self p -> r", [], "own").subarray(1)]),
          ]),
        )],
      }),
      'its function "Self" calls itself',
    ],
    "a cut file": [whole.subarray(0, whole.length - 40), "it is cut off"],
  };
  for (const [name, [source, why]] of Object.entries(bad)) {
    await t.step(name, async () => {
      await leavingNoTensors(async () => {
        const error = await assertRejects(() => loadModel(source), ModelError);
        assertStringIncludes(error.message, why);
        assertEquals(error.message.split("\n").length, 1);
      });
    });
  }
});

Deno.test("openOnnx() reads weights beside it piece by piece, and closes their file", async () => {
  await ensureBackend({ backend: "cpu" });
  const folder = await Deno.makeTempDir();
  try {
    const numbers = Float32Array.from({ length: 108 }, (_, at) => at / 100);
    const others = small.filter((_, at) => at !== 5);
    const file = model(
      graph(...others, ...ends, tensor("w", [4, 3, 3, 3], { type: 1, external: { location: "w #1.bin" } })),
    );
    await Deno.writeFile(`${folder}/model.onnx`, file);
    const missing = await assertRejects(() => loadModel(`${folder}/model.onnx`), ModelError);
    assertStringIncludes(missing.message, 'its data file "w #1.bin" is missing');
    await Deno.writeFile(`${folder}/w #1.bin`, new Uint8Array(numbers.buffer));
    assertEquals(await scoresOf(`${folder}/model.onnx`), await scoresOf(whole));
    assertEquals(await scoresOf(pathToFileURL(`${folder}/model.onnx`)), await scoresOf(whole));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openOnnx() takes no weights of others, and passes no layers over", async () => {
  await ensureBackend({ backend: "cpu" });
  for (
    const [options, why] of [
      [{ weights: new Uint8Array(9) }, "it is an ONNX file, which takes its own alone"],
      [{ identity: ["Relu"] }, "it is a graph, which has no layers"],
    ] as const
  ) {
    const error = await leavingNoTensors(() => assertRejects(() => loadModel(whole, options), ModelError));
    assertStringIncludes(error.message, why);
  }
});

Deno.test("openOnnx() finds layers by the names that Python's authors write", async () => {
  await ensureBackend({ backend: "cpu" });
  using opened = await loadModel(new URL("onnx/residual/torchscript17.onnx", testdata));
  const names = {
    "layer2[-1]": "layer2.1",
    "model.layer2[-1]": "layer2.1",
    "net.layer2[0].relu": "layer2.0.relu",
    "model.layer1": "layer1",
    "model.layer2[-1].bn2": "layer2.1.conv2",
  };
  for (const [name, path] of Object.entries(names)) assertEquals(opened.split(name).layer, path, name);
  assertThrows(() => opened.split("model.layer2[-3]"), Error, "Cannot find layer");
});
