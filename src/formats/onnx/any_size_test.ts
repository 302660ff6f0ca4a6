/** ONNX files that take pictures of any height and width, against the same files with these written down. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ensureBackend } from "../../../backends/mod.ts";
import * as tf from "../../base/tfjs.ts";
import { gradcam } from "../../explain/gradcam.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { largestDifference, largestMagnitude, leavingNoTensors, testdata } from "../../testing/mod.ts";
import { loadModel } from "../mod.ts";
import { attribute, graph, model, node, tensor, value, weight } from "./testing.ts";

type Size = number | string;

const ones = [1, 1, 1, 1];
const ints = (name: string, numbers: readonly number[]) =>
  tensor(name, [numbers.length], {
    type: 7,
    raw: new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer),
  });

/** A strided convolution, whose padding is another at odd sizes, a batch norm, and a number that is made of the size. */
function classifier(height: Size, width: Size) {
  return model(graph(
    node("Conv x w -> a", [attribute("pads", ones), attribute("strides", [2, 2])]),
    node("BatchNormalization a gamma beta mean variance -> n"),
    node("Relu n -> r"),
    node("Shape r -> s"),
    node("Reshape r s -> q"),
    node("Size q -> z"),
    node("Cast z -> f", [attribute("to", 1)]),
    node("Div q f -> p"),
    node("Conv p v -> c", [attribute("pads", ones)]),
    node("Tanh c -> t"),
    node("GlobalAveragePool t -> g"),
    node("Flatten g -> d"),
    node("Gemm d m -> y"),
    weight("w", [4, 3, 3, 3], Array.from({ length: 108 }, (_, at) => Math.sin(at))),
    weight("v", [5, 4, 3, 3], Array.from({ length: 180 }, (_, at) => 9 * Math.cos(at))),
    weight("m", [5, 2], [1, -2, 3, 4, -5, 6, 7, -8, 9, 10]),
    weight("gamma", [4], [1, 2, 3, 4]),
    weight("beta", [4], [0.1, 0.2, -0.3, 0.4]),
    weight("mean", [4], [0.5, -0.4, 0.3, 0.2]),
    weight("variance", [4], [1, 2, 3, 0.5]),
    value(11, "x", ["n", 3, height, width]),
    value(12, "y", ["n", 2]),
  ));
}

/** A picture with something in it. */
function picture(height: number, width: number): tf.Tensor4D {
  const values = Float32Array.from({ length: height * width * 3 }, (_, at) => Math.sin(at * at));
  return tf.tensor4d(values, [1, height, width, 3]);
}

async function scoresOf(model: ExplainableModel, x: tf.Tensor4D): Promise<Float32Array> {
  const scores = model.predict(x);
  const numbers = await scores.data<"float32">();
  scores.dispose();
  return numbers;
}

async function rawMap(model: ExplainableModel, x: tf.Tensor4D, layer: string): Promise<Float32Array> {
  const { maps: [map] } = await gradcam(model, x, { layer, classIndex: 1 });
  return Float32Array.from(map!.raw.data);
}

function assertNear(found: Float32Array, wanted: Float32Array): void {
  assertEquals(found.length, wanted.length);
  assert(largestDifference(found, wanted) <= 1e-5 * largestMagnitude(Array.from(wanted)));
}

Deno.test("an ONNX file of free height and width takes pictures of any", async (t) => {
  await ensureBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    using free = await loadModel(classifier("h", "w"), { preprocess: "none" });
    assertEquals(free.inputs, [{ name: "x", shape: [null, null, null, 3] }]);
    assertEquals(free.outputs, [{ name: "y", shape: [null, 2] }]);
    assertEquals(free.layers[0]!.outputShape, [null, 112, 112, 4]);
    // More sizes than are kept, and one of them again.
    for (const [height, width] of [[7, 10], [8, 8], [9, 11], [12, 7], [13, 13], [6, 14], [7, 10]] as const) {
      await t.step(`${height} × ${width}`, async () => {
        const x = picture(height, width);
        using fixed = await loadModel(classifier(height, width), { preprocess: "none" });
        await leavingNoTensors(async () => {
          assertNear(await scoresOf(free, x), await scoresOf(fixed, x));
          for (const layer of ["a", "n", "r", "c"]) {
            assertNear(await rawMap(free, x, layer), await rawMap(fixed, x, layer));
          }
        });
        x.dispose();
      });
    }
  });
});

Deno.test("a cut of an ONNX file of free sizes goes on from the layer as from the picture", async () => {
  await ensureBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    using free = await loadModel(classifier("h", 10), { preprocess: "none" });
    assertEquals(free.inputs[0]!.shape, [null, null, 10, 3]);
    const split = free.split("r");
    const pictures = [picture(7, 10), picture(12, 10)];
    const heads = pictures.map((x) => split.head(x));
    for (const [at, { activation, carried }] of heads.entries()) {
      const [own] = await scoresOf(free, pictures[at]!);
      const direct = split.tail(activation, carried);
      const rerun = await split.rerun(activation, carried, () => Promise.resolve());
      for (const scores of [direct, rerun]) assertAlmostEquals(scores.dataSync()[0]!, own!, 1e-5);
      tf.dispose([direct, rerun, activation, carried]);
    }
    tf.dispose(pictures);
  });
});

Deno.test("the option size says what a photo is brought to for an ONNX file of free sizes", async () => {
  await ensureBackend({ backend: "cpu" });
  const photo = await Deno.readFile(new URL("photos/chelsea.png", testdata));
  await leavingNoTensors(async () => {
    using free = await loadModel(classifier("h", "w"), { preprocess: "none" });
    const { maps: [map] } = await gradcam(free, photo, { layer: "r", size: [20, 31] });
    assertEquals([map!.raw.height, map!.raw.width], [10, 16]);
  });
});

Deno.test("an ONNX file whose shapes are written down says which node takes no other size", async () => {
  await ensureBackend({ backend: "cpu" });
  const flat = model(graph(
    node("Conv x w -> a"),
    node("Reshape a s -> d"),
    node("MatMul d m -> y"),
    weight("w", [1, 3, 1, 1]),
    ints("s", [1, 224 * 224]),
    weight("m", [224 * 224, 2]),
    value(11, "x", [1, 3, "h", "w"]),
    value(12, "y", [1, 2]),
  ));
  await leavingNoTensors(async () => {
    using opened = await loadModel(flat, { preprocess: "none" });
    const x = picture(6, 9);
    const message =
      'Cannot use size 6 × 9 with this model: its node "Reshape_node" ("Reshape") cannot be computed: ' +
      "[1, 1, 6, 9] cannot be given the shape [1, 50176]";
    assertThrows(() => opened.predict(x), RangeError, message);
    await assertRejects(() => gradcam(opened, x), RangeError, message);
    x.dispose();
  });
});

Deno.test("an output of an ONNX file is as free as the picture that it is made of", async () => {
  await ensureBackend({ backend: "cpu" });
  const pixels = model(graph(
    node("Conv x w -> y"),
    weight("w", [4, 3, 1, 1]),
    value(11, "x", ["n", 3, "h", "w"]),
    value(12, "y", ["n", 4, "h", "w"]),
  ));
  await leavingNoTensors(async () => {
    using opened = await loadModel(pixels, { preprocess: "none" });
    assertEquals(opened.outputs, [{ name: "y", shape: [null, null, null, 4] }]);
  });
});

/** A picture, plus what is cut to its size of more numbers than are kept, which lie in another file and are computed on. */
function withPositions(height: Size, width: Size) {
  return model(graph(
    node("Neg far -> near"),
    node("Shape x -> s"),
    node("Slice s two four -> ends"),
    node("Slice near starts ends axes -> own"),
    node("Add x own -> a"),
    node("Conv a w -> c"),
    node("GlobalAveragePool c -> g"),
    node("Flatten g -> y"),
    tensor("far", [1, 1, 224, 224], { type: 1, external: { location: "far.bin" } }),
    weight("w", [2, 3, 1, 1], [1, -2, 3, 4, -5, 6]),
    ...[ints("two", [2]), ints("four", [4]), ints("starts", [0, 0]), ints("axes", [2, 3])],
    value(11, "x", ["n", 3, height, width]),
    value(12, "y", ["n", 2]),
  ));
}

Deno.test("an ONNX file of free sizes reads numbers beside it again for pictures of another", async () => {
  await ensureBackend({ backend: "cpu" });
  const folder = await Deno.makeTempDir();
  try {
    const far = Float32Array.from({ length: 224 * 224 }, (_, at) => Math.sin(at * at));
    await Deno.writeFile(`${folder}/far.bin`, new Uint8Array(far.buffer));
    const open = async (name: string, [height, width]: readonly [Size, Size]) => {
      await Deno.writeFile(`${folder}/${name}`, withPositions(height, width));
      return await loadModel(`${folder}/${name}`, { preprocess: "none" });
    };
    await leavingNoTensors(async () => {
      using free = await open("free.onnx", ["h", "w"]);
      for (const [height, width] of [[9, 9], [7, 30], [40, 12], [9, 9]] as const) {
        using fixed = await open("fixed.onnx", [height, width]);
        const x = picture(height, width);
        assertNear(await scoresOf(free, x), await scoresOf(fixed, x));
        x.dispose();
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const layerNormal = (text: string) => node(text, [attribute("axis", 2)]);

/** A block of a transformer with one head, from `t0` to `t1` for block 0. */
function block(at: number): Uint8Array<ArrayBuffer>[] {
  const [from, to] = [`t${at}`, `t${at + 1}`];
  return [
    layerNormal(`LayerNormalization ${from} ones zeros -> n${at}`),
    node(`MatMul n${at} wq${at} -> q${at}`),
    node(`MatMul n${at} wk${at} -> k${at}`),
    node(`Transpose k${at} -> kt${at}`, [attribute("perm", [0, 2, 1])]),
    node(`MatMul q${at} kt${at} -> s${at}`),
    node(`Softmax s${at} -> a${at}`, [attribute("axis", 2)]),
    node(`MatMul n${at} wv${at} -> v${at}`),
    node(`MatMul a${at} v${at} -> o${at}`),
    node(`Add ${from} o${at} -> ${to}`),
    ...["wq", "wk", "wv"].map((name, kind) =>
      weight(
        `${name}${at}`,
        [4, 4],
        Array.from({ length: 16 }, (_, index) => Math.sin(index * (kind + 2) + at)),
      )
    ),
  ];
}

/** A vision transformer of a class token and patches of 16 × 16. */
function transformer(height: Size, width: Size) {
  return model(graph(
    node("Conv x w -> p", [attribute("strides", [16, 16])]),
    node("Reshape p shape -> r"),
    node("Transpose r -> c", [attribute("perm", [0, 2, 1])]),
    node("Concat token c -> t0", [attribute("axis", 1)]),
    ...block(0),
    ...block(1),
    layerNormal("LayerNormalization t2 ones zeros -> l"),
    node("Gather l first -> g", [attribute("axis", 1)]),
    node("Reshape g row -> d"),
    node("Gemm d m -> y"),
    weight("w", [4, 3, 16, 16], Array.from({ length: 3072 }, (_, at) => Math.sin(at * at) / 8)),
    weight("token", [1, 1, 4], [0.5, -1, 0.25, 1]),
    weight("ones", [4], ones),
    weight("zeros", [4], [0, 0, 0, 0]),
    weight("m", [4, 2], [1, -2, 3, 4, -5, 6, 7, -8]),
    ints("shape", [0, 4, -1]),
    ints("first", [0]),
    ints("row", [1, 4]),
    value(11, "x", [1, 3, height, width]),
    value(12, "y", [1, 2]),
  ));
}

Deno.test("tokens and attention of an ONNX file of free sizes lie on the grid of the picture that is given", async (t) => {
  await ensureBackend();
  const method = ["gradcam", "gradcamelementwise", "rollout", "attentionrelevance", "legrad"] as const;
  using free = await loadModel(transformer("h", "w"), { preprocess: "none" });
  for (const [height, width] of [[32, 48], [48, 32], [64, 80]] as const) {
    await t.step(`${height} × ${width}`, () =>
      leavingNoTensors(async () => {
        using fixed = await loadModel(transformer(height, width), { preprocess: "none" });
        const x = picture(height, width);
        for (const options of [{ method }, { method: "hirescam" as const }]) {
          const [found, expected] = [
            await gradcam(free, x, { classIndex: 1, ...options }),
            await gradcam(fixed, x, { classIndex: 1, ...options }),
          ];
          assertEquals(found.layer, expected.layer);
          for (const [at, { raw, method }] of found.maps.entries()) {
            const other = expected.maps[at]!.raw;
            assertEquals([raw.height, raw.width], [height / 16, width / 16], method);
            const largest = largestMagnitude(other.data);
            assert(largest > 0, method);
            assert(largestDifference(raw.data, other.data) <= 1e-5 * largest, method);
          }
        }
        x.dispose();
      }));
  }
});
