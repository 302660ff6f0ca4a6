/** The embedded model against AUCMEDI's own maps of the same weights, on every backend. */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "./gradcam.ts";
import type { ScoreKind } from "../split/model.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { isWhole } from "../testing/whole_matrix.ts";

/** A map of the reference. */
interface Golden {
  readonly input: string;
  readonly layer: string;
  readonly classIndex: number;
  readonly scoreKind: ScoreKind;
  /** The score that was differentiated. */
  readonly score: number;
  readonly height: number;
  readonly width: number;
  /** Files of the heatmap and of the map before it was scaled. */
  readonly map: string;
  readonly raw: string;
}

/** How far a heatmap may be from the reference's. */
const tolerance = 1e-4;

const folder = new URL("goldens/efficientnet_lite0/", testdata);

/** A photo as the reference saw it, `[1, 224, 224, 3]`. */
async function readInput(name: string): Promise<tf.Tensor4D> {
  const pixels = await Deno.readFile(new URL(`${name}.input.u8`, folder));
  return tf.tensor4d(Float32Array.from(pixels, (value) => (value - 127) / 128), [1, 224, 224, 3]);
}

/**
 * All maps by WebAssembly; of one photo, at the layers behind the first, elsewhere: plain JavaScript and a software GPU take long.
 */
function mapsFor(backend: string, maps: readonly Golden[]): readonly Golden[] {
  if (backend === "wasm" || isWhole) return maps;
  const [{ input: first }] = maps as [Golden];
  return maps.filter(({ input, layer }) => input === first && layer !== "stem_relu");
}

for (const backend of testedBackends) {
  Deno.test(`gradcam() agrees with the reference on ${backend}`, async (t) => {
    const { maps }: { maps: Golden[] } = JSON.parse(await Deno.readTextFile(new URL("index.json", folder)));
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    const model = await loadModel();
    for (const { input, layer, classIndex, scoreKind, ...golden } of mapsFor(backend, maps)) {
      await t.step(`${input} ${layer} ${scoreKind}`, () =>
        leavingNoTensors(async () => {
          const x = await readInput(input);
          const explanation = await gradcam(model, x, { layer, classIndex, score: scoreKind });
          x.dispose();
          const { heatmap, raw } = explanation.maps[0]!;
          const [expected, expectedRaw] = await Promise.all(
            [golden.map, golden.raw].map((file) => readFloats(new URL(file, folder))),
          );
          assertEquals([heatmap.height, heatmap.width], [golden.height, golden.width]);
          assertLessOrEqual(largestDifference(heatmap.data, expected!), tolerance);
          const rawDifference = largestDifference(raw.data, expectedRaw!) / largestMagnitude(expectedRaw!);
          assertLessOrEqual(rawDifference, tolerance);
          if (scoreKind === "output") assertAlmostEquals(explanation.score, golden.score, 1e-4);
        }));
    }
    model.dispose();
  });
}

Deno.test("gradcam() sees what is on the photos", async (t) => {
  await tryBackend("wasm");
  const cases = [
    { file: "chelsea.png", classIndex: 285, label: "Egyptian cat", score: 0.771 },
    { file: "coffee.png", classIndex: 967, label: "espresso", score: 0.899 },
  ];
  for (const { file, classIndex, label, score } of cases) {
    await t.step(file, async () => {
      const explanation = await gradcam(new URL(`photos/${file}`, testdata));
      assertEquals([explanation.classIndex, explanation.label], [classIndex, label]);
      assertAlmostEquals(explanation.score, score, 0.002);
      assertEquals(explanation.layer, "head_relu");
      assertEquals(explanation.diagnosis, "ok");
      assertEquals(explanation.warnings, []);
    });
  }
});
