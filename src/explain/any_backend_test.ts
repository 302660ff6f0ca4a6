import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { type BackendName, selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import type { ImageInput } from "../input/image_input.ts";
import { largestDifference, leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";
import type { Model } from "./model.ts";

/** Where a map is computed. */
interface Place {
  readonly backend: BackendName;
  readonly threads?: number;
}

const places: readonly Place[] = [
  { backend: "webgpu" },
  { backend: "wasm", threads: 2 },
  { backend: "cpu" },
  { backend: "wasm", threads: 1 },
];

/** Numbers that look random and are the same at each run. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

/** A model as programs make one: it is the caller's, and may have been used on any backend. */
function madeHere(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 9, 3], filters: 6, kernelSize: 3, name: "first" }),
      tf.layers.batchNormalization({ name: "norm" }),
      tf.layers.reLU(),
      tf.layers.conv2d({ filters: 5, kernelSize: 3, activation: "relu", name: "last" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 4, activation: "softmax" }),
    ],
  });
}

/** A model, opened or held, and what is asked of it. */
interface Case {
  readonly name: string;
  readonly open: () => Promise<Model>;
  readonly layer?: string;
  readonly classIndex?: number;
  /** What is explained: a tensor if left out. */
  readonly photo?: URL;
  /** Whether it was opened for this, and is disposed at the end. */
  readonly isOwned?: boolean;
  readonly rounds: number;
}

/** The size of a model's picture. */
function sizeOf(model: Model): [number, number, number] {
  const [, height, width, channels] = model.inputs[0]!.shape as readonly number[];
  return [height!, width!, channels!];
}

/** The map of a class on a backend; at the default layer where none is named. */
async function mapOn(
  model: Model,
  image: ImageInput,
  { layer, classIndex = 1 }: Pick<Case, "layer" | "classIndex">,
  place: Place,
): Promise<Float32Array> {
  const explanation = await gradcam(model, image, { ...place, layer, classIndex });
  assertEquals(explanation.backend.name, place.backend);
  return explanation.maps[0]!.raw.data;
}

/** Whether maps are the same but for rounding. */
function assertSame(map: Float32Array, expected: Float32Array, where: string): void {
  const size = Math.max(...expected.map(Math.abs));
  const difference = largestDifference(map, expected) / size;
  assert(difference < 2e-4, `${where}: off by ${difference}`);
}

const missing = await tryBackend("webgpu");
const had = places.filter(({ backend }) => backend !== "webgpu" || missing === undefined);

function fromZoo(path: string): () => Promise<Model> {
  return () => loadModel(new URL(`zoo/${path}`, testdata));
}

const held = madeHere();
const cases: readonly Case[] = [
  { name: "a model that the caller holds", open: () => Promise.resolve(held), layer: "first", rounds: 6 },
  { name: "the same, opened", open: () => loadModel(held), layer: "last", rounds: 6 },
  { name: "a graph model", open: fromZoo("residual/graph/"), isOwned: true, rounds: 6 },
  { name: "a Keras file", open: fromZoo("squeeze_excite/keras3.keras"), isOwned: true, rounds: 6 },
  {
    name: "the embedded model",
    open: () => loadModel(),
    layer: "block10_add",
    classIndex: 285,
    photo: new URL("photos/chelsea.png", testdata),
    isOwned: true,
    rounds: 4,
  },
];

Deno.test({
  name: `any order of backends gives the same maps${missing ? `, but for WebGPU: ${missing}` : ""}`,
  async fn(t) {
    for (const asked of cases) {
      const { name, open, isOwned, rounds, photo } = asked;
      await t.step(name, () =>
        leavingNoTensors(async () => {
          await selectBackend({ backend: "wasm", threads: 2 });
          const model = await open();
          const shape = sizeOf(model);
          const image = tf.tidy(() => tf.randomUniform<tf.Rank.R3>(shape, 0, 1, "float32", 5));
          const expected = await mapOn(model, photo ?? image, asked, { backend: "wasm", threads: 2 });
          const numbers = random(7);
          for (let round = 0; round < rounds; round++) {
            const place = had[Math.floor(numbers.next().value * had.length)]!;
            assertSame(
              await mapOn(model, photo ?? image, asked, place),
              expected,
              `round ${round}, ${place.backend}`,
            );
          }
          const together = await Promise.all(had.map((place) => mapOn(model, photo ?? image, asked, place)));
          together.forEach((map, at) => assertSame(map, expected, `at once, ${had[at]!.backend}`));
          if (isOwned) model.dispose();
          image.dispose();
        }));
    }
    held.dispose();
  },
});

Deno.test({
  name: "what lies on the GPU when gradcam() first hears of it can be used anywhere",
  ignore: missing !== undefined,
  async fn() {
    await selectBackend({ backend: "webgpu" });
    const model = madeHere();
    const image = tf.tidy(() =>
      tf.randomUniform<tf.Rank.R3>([12, 9, 3], 0, 1, "float32", 5).mul<tf.Tensor3D>(0.5)
    );
    const scores = tf.tidy(() => model.predict(image.expandDims()) as tf.Tensor); // its weights are there now
    const maps = [];
    for (const backend of ["cpu", "webgpu", "wasm"] as const) {
      maps.push(await mapOn(model, image, { layer: "first" }, { backend }));
    }
    assertSame(maps[1]!, maps[0]!, "webgpu");
    assertSame(maps[2]!, maps[0]!, "wasm");
    tf.dispose([scores, image]);
    model.dispose();
  },
});

Deno.test({
  name: "a model that was opened on the GPU predicts on every backend that is selected",
  ignore: missing !== undefined,
  async fn() {
    await selectBackend({ backend: "webgpu" });
    using model = await loadModel();
    const x = tf.tidy(() => tf.randomUniform<tf.Rank.R4>([1, 224, 224, 3], -1, 1, "float32", 5));
    const scores: number[] = [];
    for (const backend of ["webgpu", "wasm", "webgpu", "cpu"] as const) {
      await selectBackend({ backend });
      const output = model.predict(x);
      scores.push((await output.data())[285]!);
      output.dispose();
    }
    x.dispose();
    for (const score of scores) assert(Math.abs(score / scores[0]! - 1) < 1e-3, scores.join(", "));
  },
});
