import { assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { decodeImage } from "../input/image/mod.ts";
import { resize } from "../input/image/resize.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { buildManyWays } from "../testing/tiny_model.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";

const file = new URL("images/plain.png", testdata); // 40 wide, 26 high

const options: GradcamOptions = {
  layer: "features",
  inputs: { age: 0.4 },
  size: [10, 8],
  output: "mask",
  classIndex: 1,
  region: { x: 20, y: 3, width: 17.5, height: 9 },
};

/** Explain the photo as it is, and with less of it kept. */
async function explainBoth(given: GradcamOptions) {
  await selectBackend({ backend: "cpu" });
  const own = buildManyWays();
  const model = await loadModel(own, { preprocess: "unit" });
  const whole = await gradcam(model, file, given);
  const reduced = await gradcam(model, file, { ...given, keptPhotoSide: 20 });
  own.dispose();
  return { whole, reduced };
}

Deno.test("gradcam() keeps a photo reduced where it is asked to, and sees all of it", () =>
  leavingNoTensors(async () => {
    for (const fit of ["squash", "crop", "letterbox"] as const) {
      const { whole, reduced } = await explainBoth({ ...options, fit });
      assertEquals(reduced.maps, whole.maps, fit);
      assertEquals([reduced.photo!.height, reduced.photo!.width], [13, 20]);
      const { x, y, width, height } = whole.placement!;
      assertEquals(reduced.placement, { x: x / 2, y: y / 2, width: width / 2, height: height / 2 });
      assertEquals(reduced.original, { height: 26, width: 40, placement: whole.placement! });
      assertEquals(reduced.original, whole.original);
      const said = [whole, reduced].map((one) => one.toJSON());
      assertEquals([said[1]!.photo, said[1]!.placement], [said[0]!.photo, said[0]!.placement]);
      assertEquals((await reduced.render("overlay", { minSide: 0 })).width, 20);
    }
  }));

Deno.test("gradcam() reduces the photo that it keeps as Pillow does", () =>
  leavingNoTensors(async () => {
    const { reduced } = await explainBoth(options);
    const { data: planes } = resize(await decodeImage(await Deno.readFile(file)), { height: 13, width: 20 });
    reduced.photo!.data.forEach((value, at) => {
      const [pixel, channel] = [at >> 2, at & 3];
      assertEquals(value, channel === 3 ? 255 : planes[channel * 260 + pixel]!);
    });
  }));

Deno.test("gradcam() keeps a photo that is small enough as it is", () =>
  leavingNoTensors(async () => {
    const own = buildManyWays();
    const model = await loadModel(own, { preprocess: "unit" });
    const { photo } = await gradcam(model, file, { ...options, keptPhotoSide: 40 });
    assertEquals(photo!.data, (await decodeImage(await Deno.readFile(file))).data);
    await assertRejects(
      () => gradcam(model, file, { ...options, keptPhotoSide: 0 }),
      RangeError,
      "Cannot use keptPhotoSide 0: use 1 or more",
    );
    own.dispose();
  }));
