/** A photo of 12 megapixels, made as tools/make_resize_goldens.py makes it, against Pillow and Keras. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { gradcam } from "../explain/gradcam.ts";
import { fitPhoto } from "./image/fit.ts";
import { decodeImage, encodePng } from "./image/mod.ts";
import type { RgbaImage } from "./image/types.ts";
import { testdata } from "../testing/mod.ts";

/** What Pillow and Keras make of it. */
interface LargePhoto {
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  /** Of the pixels that the model sees, channels innermost. */
  readonly sha256: string;
  /** The class with the highest score. */
  readonly classIndex: number;
  readonly score: number;
}

/** The photo with each pixel as a block, and on it a texture that shrinking must average away. */
function enlarge(photo: RgbaImage, width: number, height: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(y * photo.height / height) * photo.width;
    for (let x = 0; x < width; x++, to += 4) {
      const from = 4 * (row + Math.floor(x * photo.width / width));
      for (let channel = 0; channel < 3; channel++) {
        data[to + channel] = photo.data[from + channel]! + (x * 7 + y * 13 + channel * 5) % 61 - 30;
      }
      data[to + 3] = 255;
    }
  }
  return { data, height, width };
}

Deno.test("gradcam() sees a photo of 12 megapixels as Pillow and Keras do", async (t) => {
  const { large }: { large: LargePhoto } = JSON.parse(
    await Deno.readTextFile(new URL("resize/index.json", testdata)),
  );
  const source = await decodeImage(await Deno.readFile(new URL(`photos/${large.photo}`, testdata)));
  const photo = enlarge(source, large.width, large.height);
  await t.step("the pixels are Pillow's, bit for bit", async () => {
    const { planes } = fitPhoto(photo, { height: 224, width: 224, channels: 3 }, { fit: "squash" });
    const area = 224 * 224;
    const pixels = Uint8Array.from(planes.data, (_, at) => planes.data[at % 3 * area + Math.floor(at / 3)]!);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", pixels));
    assertEquals(digest.toHex(), large.sha256);
  });
  await t.step("the best score is Keras's", async () => {
    const { classIndex, score, photo: seen } = await gradcam(await encodePng(photo), { backend: "wasm" });
    assertEquals([classIndex, seen?.width, seen?.height], [large.classIndex, large.width, large.height]);
    console.log(`12 megapixels: best score ${score.toFixed(6)}, Keras's ${large.score.toFixed(6)}`);
    assertAlmostEquals(score, large.score, 1e-4);
  });
});
