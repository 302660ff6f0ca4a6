/** Keras files of both versions, in both containers, against Keras's own scores and maps. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { ModelError } from "../errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../gradcam.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing.ts";

/** What Keras computed. */
interface Golden {
  readonly input: { readonly shape: [number, number, number, number]; readonly values: number[] };
  readonly scores: number[];
  readonly maps: readonly {
    readonly layer: string;
    readonly shape: [number, number];
    readonly raw: number[];
  }[];
}

const folder = new URL("keras/", testdata);
const files = Array.from(Deno.readDirSync(folder), ({ name }) => name)
  .filter((name) => /\.(keras|h5)$/.test(name)).sort();

for (const backend of testedBackends) {
  Deno.test(`loadModel() opens Keras files with Keras's scores and maps on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    assert(files.length >= 20, `There are files in ${folder}`);
    const tolerance = backend === "cpu" ? 1e-5 : 1e-4;
    for (const file of files) {
      await t.step(file, () =>
        leavingNoTensors(async () => {
          const golden: Golden = JSON.parse(
            await Deno.readTextFile(new URL(file.replace(/\.\w+$/, ".json"), folder)),
          );
          const model = await loadModel(new URL(file, folder));
          const x = tf.tensor4d(golden.input.values, golden.input.shape);
          const scores = model.predict(x);
          try {
            assertLessOrEqual(largestDifference(await scores.data(), golden.scores), tolerance);
            for (const { layer, shape, raw } of golden.maps) {
              const { maps: [map] } = await gradcam(model, x, { layer, classIndex: 1 });
              assertEquals([map!.raw.height, map!.raw.width], shape, layer);
              const difference = largestDifference(map!.raw.data, raw) / largestMagnitude(raw);
              assertLessOrEqual(difference, tolerance * 10, layer);
            }
          } finally {
            tf.dispose([x, scores]);
            model.dispose();
          }
        }));
    }
  });
}

Deno.test("loadModel() knows Keras files by their content", async () => {
  await tryBackend("cpu");
  const bytes = await Deno.readFile(new URL("nested.k3.keras", folder));
  const model = await loadModel(bytes);
  assertEquals([model.format, model.split().layer], ["keras-zip", "sep"]);
  assertEquals(model.layers.map(({ path }) => path).slice(1, 6), [
    "backbone/conv",
    "backbone/bn",
    "backbone/relu",
    "backbone/dw",
    "backbone",
  ]);
  model.dispose();
});

/** A file cut short or with some bytes changed, the same each time. */
function damage(bytes: Uint8Array, seed: number): Uint8Array<ArrayBuffer> {
  const random = (bound: number, salt: number) =>
    Math.floor(Math.abs(Math.sin(seed * 12.9898 + salt * 78.233) * 43758.5453 % 1) * bound);
  if (seed % 3 === 0) return bytes.slice(0, random(bytes.length, 1));
  const damaged = bytes.slice();
  const count = 1 + random(8, 2);
  for (let change = 0; change < count; change++) {
    damaged[random(bytes.length, 3 + change)]! ^= 1 + random(255, 20 + change);
  }
  return damaged;
}

/** How many damaged files are tried. */
const trials = Number(Deno.env.get("GRADCAM_FUZZ") ?? 400);

Deno.test("loadModel() survives damaged Keras files: one clear line, or a model", async (t) => {
  await tryBackend("cpu");
  for (const file of ["nested.k3.keras", "nested.k2.h5"]) {
    await t.step(file, () =>
      leavingNoTensors(async () => {
        const bytes = await Deno.readFile(new URL(file, folder));
        let refused = 0;
        for (let seed = 0; seed < trials / 2; seed++) {
          try {
            (await loadModel(damage(bytes, seed))).dispose();
          } catch (error) {
            refused++;
            assert(error instanceof ModelError, `${seed}: ${(error as Error).stack}`);
            assert(!error.message.includes("\n"), error.message);
          }
        }
        assert(refused > trials / 8, `${refused} refused`);
      }));
  }
});

Deno.test("loadModel() refuses what is no whole Keras model", async (t) => {
  await tryBackend("cpu");
  const archive = await Deno.readFile(new URL("sequential.k3.keras", folder));
  const h5 = await Deno.readFile(new URL("sequential.k3.h5", folder));
  const cases: { name: string; bytes: Uint8Array; message: string }[] = [
    {
      name: "an archive cut short",
      bytes: archive.slice(0, -30),
      message: "its ZIP archive is damaged or cut short",
    },
    { name: "an archive with a flipped bit", bytes: flip(archive, 900), message: "inside it is damaged" },
    { name: "HDF5 cut short", bytes: h5.slice(0, 5000), message: "its HDF5 file is damaged or cut short" },
    { name: "PyTorch's pickle", bytes: Uint8Array.of(0x80, 0x02, 0x8a), message: "it is a PyTorch file" },
    { name: "ONNX", bytes: Uint8Array.of(0x08, 0x07, 0x12, 0x07), message: "it is an ONNX model" },
    {
      name: "a SavedModel",
      bytes: Uint8Array.of(0x08, 0x01, 0x12, 0x07),
      message: "it is a TensorFlow SavedModel",
    },
    {
      name: "TensorFlow Lite",
      bytes: new TextEncoder().encode("\x1c\0\0\0TFL3"),
      message: "TensorFlow Lite",
    },
  ];
  for (const { name, bytes, message } of cases) {
    await t.step(
      name,
      () =>
        leavingNoTensors(async () => {
          await assertRejects(() => loadModel(bytes), ModelError, message);
        }),
    );
  }
});

function flip(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const flipped = bytes.slice();
  flipped[at]! ^= 1;
  return flipped;
}
