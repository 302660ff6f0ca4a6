/** A model that gives embeddings, explained against others: one is to be like, several are classes. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { encodeNpy } from "../draw/npy.ts";
import { leavingNoTensors, testedBackends, tryBackend } from "../testing/mod.ts";
import type { Explanation } from "./explanation.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";

const [size, channels] = [6, 5];

/** Features of 6 × 9 pixels, and an embedding of six numbers made of them by pooling, or by a longer way. */
function build(end: "pooled" | "long"): tf.LayersModel {
  const kernelInitializer = (seed: number) => tf.initializers.randomNormal({ seed });
  const picture = tf.input({ shape: [6, 9, 3] });
  const features = tf.layers.conv2d({
    filters: channels,
    kernelSize: 3,
    activation: "relu",
    name: "features",
    kernelInitializer: kernelInitializer(1),
  }).apply(picture) as tf.SymbolicTensor;
  const flat = end === "pooled"
    ? tf.layers.globalAveragePooling2d({}).apply(features)
    : tf.layers.flatten({}).apply(tf.layers.activation({ activation: "tanh" }).apply(features));
  const dense = tf.layers.dense({ units: size, kernelInitializer: kernelInitializer(2) });
  return tf.model({ inputs: picture, outputs: dense.apply(flat as tf.SymbolicTensor) as tf.SymbolicTensor });
}

function photoOf(seed: number): tf.Tensor3D {
  return tf.randomUniform([6, 9, 3], 0, 1, "float32", seed) as tf.Tensor3D;
}

function vector(seed: number): number[] {
  return tf.tidy(() => [...tf.randomNormal([size], 0, 1, "float32", seed).dataSync()]);
}

const texts = { "a cat": vector(11), "a dog": vector(12), "a bird": vector(13) };

/** Scores of classes of an embedding e, [1, 6]. */
function classify(e: tf.Tensor, scale: number): tf.Tensor2D {
  const rows = Object.values(texts).map((text) => tf.tensor1d(text).div(tf.tensor1d(text).norm()));
  return e.div(e.norm()).matMul(tf.stack(rows) as tf.Tensor2D, false, true).mul(scale) as tf.Tensor2D;
}

/** Grad-CAM of a scalar of the scores, [4, 7], and the scores themselves. */
async function expected(
  model: tf.LayersModel,
  photo: tf.Tensor3D,
  scalar: (scores: tf.Tensor2D) => tf.Tensor,
  scores: (e: tf.Tensor) => tf.Tensor2D,
): Promise<{ map: number[]; scores: number[] }> {
  const [map, all] = tf.tidy(() => {
    const at = model.layers.findIndex(({ name }) => name === "features");
    const head = tf.model({ inputs: model.inputs, outputs: model.layers[at]!.output as tf.SymbolicTensor });
    const tail = (x: tf.Tensor) =>
      model.layers.slice(at + 1).reduce((value, layer) => layer.apply(value) as tf.Tensor, x);
    const features = head.predict(photo.expandDims(0)) as tf.Tensor4D;
    const gradient = tf.grad((x) => scalar(scores(tail(x))).asScalar())(features);
    const weights = gradient.mean([0, 1, 2]);
    return [features.squeeze<tf.Tensor3D>([0]).mul(weights).sum(-1), scores(tail(features))];
  });
  const result = { map: [...await map!.data()], scores: [...await all!.data()] };
  tf.dispose([map!, all!]);
  return result;
}

function assertNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  assertEquals(actual.length, expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-9);
  expected.forEach((value, at) => assertAlmostEquals(actual[at]! / largest, value / largest, 1e-4));
}

const explainAt = { layer: "features" } as const;

for (const backend of testedBackends) {
  for (const end of ["pooled", "long"] as const) {
    const missing = await tryBackend(backend);
    const name = `embeddings by name are classes: ${end} on ${backend}`;
    Deno.test({ name: missing ? `${name}: ${missing}` : name, ignore: missing !== undefined }, async (t) => {
      const model = build(end);
      const photo = photoOf(7);
      const scale = 3;
      const like = { ...texts, logit_scale: scale };
      const cases:
        readonly (readonly [string, GradcamOptions, (scores: tf.Tensor2D) => tf.Tensor, boolean])[] = [
          ["a class by name", { label: "a dog" }, (scores) => scores.slice([0, 1], [1, 1]), true],
          ["its logit", { classIndex: 2, score: "logit" }, (scores) => scores.slice([0, 2], [1, 1]), false],
          [
            "one rather than another",
            { label: "a cat", versus: "a bird" },
            (scores) => scores.slice([0, 0], [1, 1]).sub(scores.slice([0, 2], [1, 1])),
            true,
          ],
        ];
      for (const [name, options, scalar, isProbability] of cases) {
        await t.step(name, () =>
          leavingNoTensors(async () => {
            const scores = (e: tf.Tensor) =>
              isProbability ? classify(e, scale).softmax() : classify(e, scale);
            const wanted = await expected(model, photo, scalar, scores);
            const explanation = await gradcam(model, photo, { ...explainAt, like, backend, ...options });
            assertNear(explanation.maps[0]!.raw.data, wanted.map);
            const sum = explanation.scores.reduce((sum, { score }) => sum + score, 0);
            assertAlmostEquals(sum, 1, 1e-5); // listed as probabilities, whichever is explained
            assertEquals(explanation.scores.map(({ label }) => label).sort(), Object.keys(texts).sort());
          }));
      }
      photo.dispose();
      model.dispose();
    });
  }
}

Deno.test("embeddings by name serve every kind of method", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = build("long");
  const photo = photoOf(7);
  for (const method of ["gradcam++", "scorecam", "guidedgradcam", "saliency", "occlusion"] as const) {
    await t.step(method, () =>
      leavingNoTensors(async () => {
        const explanation = await gradcam(model, photo, { ...explainAt, like: texts, method, top: 2 });
        assertEquals(explanation.maps.length, 2);
        for (const { raw } of explanation.maps) assert(raw.data.every(Number.isFinite));
      }));
  }
  photo.dispose();
  model.dispose();
});

Deno.test("embeddings are read from files", async (t) => {
  await selectBackend({ backend: "cpu" });
  const folder = await Deno.makeTempDir();
  const model = build("pooled");
  const photo = photoOf(7);
  const write = async (name: string, content: Uint8Array | string) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${name}`, bytes);
    return `${folder}/${name}`;
  };
  const explain = (options: GradcamOptions) => gradcam(model, photo, { ...explainAt, ...options });
  const same = async (like: NonNullable<GradcamOptions["like"]>, direct: GradcamOptions["like"], more = {}) =>
    await leavingNoTensors(async () => {
      const [read, given] = [await explain({ like, ...more }), await explain({ like: direct, ...more })];
      assertEquals(read.maps[0]!.raw, given.maps[0]!.raw);
      assertEquals(read.scores.map(({ score }) => score), given.scores.map(({ score }) => score));
      return read;
    });
  try {
    await t.step("one of NumPy's, by its path", async () => {
      const path = await write("cat.npy", encodeNpy(Float32Array.from(texts["a cat"]), [1, size]));
      const { maps } = await same(path, texts["a cat"]) as unknown as { maps: { target: string }[] };
      assertEquals(maps[0]!.target, 'likeness to "cat.npy"');
    });
    await t.step("one by name", async () => {
      await same({ "a cat": texts["a cat"] }, texts["a cat"]);
    });
    await t.step("several of JSON, by its bytes", async () => {
      await same(new TextEncoder().encode(JSON.stringify(texts)), texts);
    });
    await t.step("rows of NumPy's, which labels name", async () => {
      const rows = encodeNpy(Float32Array.from(Object.values(texts).flat()), [3, size]);
      const labels = Object.keys(texts);
      await leavingNoTensors(async () => {
        const { label } = await explain({ like: rows, labels, classIndex: 1 });
        assertEquals(label, "a dog");
      });
    });
    await t.step("what cannot be used is told, and leaves nothing behind", async () => {
      const cases: readonly (readonly [GradcamOptions, string])[] = [
        [{ like: await write("no.json", "{}") }, "Cannot read an embedding from "],
        [{ like: `${folder}/none.npy` }, "Cannot read "],
        [{ like: { a: [1, 2], b: [3, 4] } }, "Cannot compare an embedding of 6 numbers with those of 2"],
        [{ like: { a: [1, 2] } }, "Cannot compare an embedding of 6 numbers with one of 2: give one of 6"],
        [{ like: texts, target: "similarity" }, "Cannot explain a similarity to several embeddings"],
        [{ like: texts, box: 0 }, "Cannot use a region or a box with embeddings"],
        [{ like: texts, label: "a fox" }, 'Cannot find class "a fox": the nearest are '],
        [{ like: texts, classIndex: 3 }, "Cannot explain class 3: the model has classes 0 to 2"],
      ];
      for (const [options, message] of cases) {
        await leavingNoTensors(async () => {
          const error = await assertRejects(() => explain(options), Error);
          assert(error.message.startsWith(message), error.message);
        });
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
    photo.dispose();
    model.dispose();
  }
});

Deno.test("of several outputs the one that bears an embedding's name is compared", async () => {
  await selectBackend({ backend: "cpu" });
  const base = build("pooled");
  const named = (name: string, value: tf.SymbolicTensor) =>
    tf.layers.activation({ activation: "linear", name }).apply(value) as tf.SymbolicTensor;
  const [embedding] = base.outputs as [tf.SymbolicTensor];
  const doubled = tf.layers.add().apply([embedding, embedding]) as tf.SymbolicTensor;
  const model = tf.model({
    inputs: base.inputs,
    outputs: [named("last_hidden_state", doubled), named("image_embeds", embedding)],
  });
  const photo = photoOf(7);
  await leavingNoTensors(async () => {
    const explanation = await gradcam(model, photo, { ...explainAt, like: texts });
    assertEquals(explanation.output?.split("/")[0], "image_embeds");
    const other = await gradcam(model, photo, { ...explainAt, like: texts, output: 0 });
    assertEquals(other.output?.split("/")[0], "last_hidden_state");
    const told = ({ warnings }: Explanation) =>
      warnings.filter((warning) => warning.includes("an embedding"));
    assertEquals([told(explanation), told(other)], [[], []]);
    const alone = await gradcam(model, photo, { ...explainAt, output: 1 });
    assertEquals(told(alone).length, 1);
    const photos = await gradcam(model, photo, { ...explainAt, output: 1, like: photo });
    assertEquals(told(photos), []);
  });
  photo.dispose();
  model.dispose();
});
