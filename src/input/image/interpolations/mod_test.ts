/** Each way to make pixels of pixels, held to Pillow's to the last bit: `tools/make_processor_goldens.py`. */
import { assertEquals, assertThrows } from "@std/assert";
import { testdata } from "../../../testing/mod.ts";
import { decodeImage } from "../mod.ts";
import { type Planes, resize } from "../resize.ts";
import type { Placement, RgbaImage } from "../types.ts";
import { findInterpolation, type InterpolationName, interpolations } from "./mod.ts";

interface Resize {
  readonly interpolation: InterpolationName;
  readonly box: Placement;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

const { resizes }: { resizes: readonly Resize[] } = JSON.parse(
  await Deno.readTextFile(new URL("processors/index.json", testdata)),
);
const photo = await decodeImage(await Deno.readFile(new URL("photos/chelsea.png", testdata)));

/** Planes with the channels innermost, as Pillow has them. */
function interleave({ data, channels, height, width }: Planes): Uint8Array<ArrayBuffer> {
  const area = height * width;
  return Uint8Array.from(data, (_, at) => data[(at % channels) * area + Math.floor(at / channels)]!);
}

Deno.test("resize() gives the pixels that Pillow gives, in every way", async (t) => {
  assertEquals(
    new Set(resizes.map(({ interpolation }) => interpolation)),
    new Set(interpolations.map(({ name }) => name)),
  );
  for (const { interpolation, sha256, ...target } of resizes) {
    await t.step(`${interpolation} to ${target.width} × ${target.height}`, async () => {
      const pixels = interleave(
        resize(photo, { ...target, interpolation: findInterpolation(interpolation) }),
      );
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", pixels));
      assertEquals(digest.toHex(), sha256);
    });
  }
});

/** A picture of one colour. */
function plain(height: number, width: number): RgbaImage {
  return { data: new Uint8ClampedArray(height * width * 4).fill(201), height, width };
}

Deno.test("every way keeps a picture of one colour as it is", async (t) => {
  for (const { name, ...interpolation } of interpolations) {
    await t.step(name, () => {
      for (const [height, width] of [[7, 4], [1, 1], [31, 2]] as const) {
        for (const from of [plain(3, 5), plain(1, 1), plain(40, 3)]) {
          const { data } = resize(from, { height, width, interpolation: { name, ...interpolation } });
          assertEquals(new Set(data), new Set([201]));
        }
      }
    });
  }
});

Deno.test("findInterpolation() lists what there is", () => {
  assertThrows(
    () => findInterpolation("cubic"),
    RangeError,
    'Unknown interpolation "cubic": use one of bicubic, ',
  );
});
