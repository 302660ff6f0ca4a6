/** Which methods tell apart two objects of different classes beside each other. */
import * as tf from "@tensorflow/tfjs";
import { assertGreater, assertLess } from "@std/assert";
import { gradcam } from "../explain/gradcam.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { MethodName } from "./mod.ts";

const side = 224;
const half = side / 2;
const [cat, espresso] = [285, 967];

async function pixelsOf(name: string): Promise<Uint8Array> {
  return await Deno.readFile(new URL(`goldens/efficientnet_lite0/${name}.input.u8`, testdata));
}

/** The middle of the photo of a cat, and right of it that of the photo of a cup of coffee: `[1, 224, 224, 3]`. */
async function besideEachOther(): Promise<tf.Tensor4D> {
  const [left, right] = [await pixelsOf("chelsea"), await pixelsOf("coffee")];
  const values = Float32Array.from({ length: left.length }, (_, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    const [row, column] = [Math.floor(pixel / side), pixel % side];
    const photo = column < half ? left : right;
    return (photo[3 * (row * side + column % half + half / 2) + channel]! - 127) / 128;
  });
  return tf.tensor4d(values, [1, side, side, 3]);
}

/** How much of what speaks for the class lies in the left half. */
function shareLeft({ data, width }: Heatmap): number {
  let [left, all] = [0, 0];
  data.forEach((value, at) => {
    const inLeft = Math.min(Math.max(width / 2 - at % width, 0), 1); // a column may lie in both
    all += Math.max(value, 0);
    left += inLeft * Math.max(value, 0);
  });
  return left / all;
}

/** Pearson's correlation of two maps. */
function correlation({ data: a }: Heatmap, { data: b }: Heatmap): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ofA, ofB] = [mean(a), mean(b)];
  const sum = (term: (at: number) => number) => a.reduce((total, _, at) => total + term(at), 0);
  const together = sum((at) => (a[at]! - ofA) * (b[at]! - ofB));
  return together / Math.sqrt(sum((at) => (a[at]! - ofA) ** 2) * sum((at) => (b[at]! - ofB) ** 2));
}

// Selvaraju et al.'s finding: guided backpropagation shows nearly the same for each class, Grad-CAM the class's own object.
Deno.test("Grad-CAM tells two classes apart, and guided backpropagation hardly does", async (t) => {
  await tryBackend("wasm");
  await leavingNoTensors(async () => {
    const names: MethodName[] = ["gradcam", "guidedbackprop", "guidedgradcam"];
    const x = await besideEachOther();
    const model = await loadModel();
    const { maps, scores } = await gradcam(model, x, { method: names, classIndex: [cat, espresso] });
    const mapsOf = (name: MethodName) => {
      const [ofCat, ofEspresso] = maps.filter(({ method }) => method === name).map(({ raw }) => raw);
      return [ofCat!, ofEspresso!] as const;
    };
    await t.step("the model sees both", () => {
      const seen = scores.slice(0, 2).map(({ classIndex }) => classIndex);
      assertGreater(Math.min(seen.indexOf(cat), seen.indexOf(espresso)), -1);
    });
    for (const name of ["gradcam", "guidedgradcam"] as const) {
      await t.step(`${name} shows each object for its own class`, () => {
        const [ofCat, ofEspresso] = mapsOf(name);
        assertLess(correlation(ofCat, ofEspresso), 0.2);
        assertGreater(shareLeft(ofCat), 0.9);
        assertLess(shareLeft(ofEspresso), 0.1);
      });
    }
    await t.step("guidedbackprop shows both objects for each class", () => {
      const [ofCat, ofEspresso] = mapsOf("guidedbackprop");
      assertGreater(correlation(ofCat, ofEspresso), 0.8);
      for (const map of [ofCat, ofEspresso]) {
        assertGreater(shareLeft(map), 0.3);
        assertLess(shareLeft(map), 0.7);
      }
    });
    x.dispose();
    model.dispose();
  });
});
