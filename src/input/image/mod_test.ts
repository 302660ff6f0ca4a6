import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { decodeImage, onWhite } from "./mod.ts";
import { readImageCases, readImageFile, readPillowPixels } from "./testing.ts";

/** How far a pixel may be from Pillow's, on average: nothing where nothing is lost. */
const tolerances: Readonly<Record<string, number>> = {
  "cmyk.jpg": 0.7,
  "cmyk_turned6.jpg": 0.7,
  "lossy.webp": 0.7,
  "lossy_alpha.webp": 0.7,
  avif: 0.7,
};

/** What is said of files of which a part is shown. */
const warned: Readonly<Record<string, readonly string[]>> = {
  "pages.tiff": ["The photo's file has 2 pages: the first is explained"],
};

function toleranceFor(file: string): number {
  return tolerances[file] ?? tolerances[file.split(".").at(-1)!] ?? 0;
}

/** The mean difference of colours, 0 to 255. */
function difference(rgba: Uint8ClampedArray, rgb: Uint8Array): number {
  let sum = 0;
  for (let pixel = 0; pixel < rgba.length / 4; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      sum += Math.abs(rgba[pixel * 4 + channel]! - rgb[pixel * 3 + channel]!);
    }
  }
  return sum / rgb.length;
}

Deno.test("decodeImage() gives the pixels that Pillow gives, upright and on white", async (t) => {
  for (const { file, width, height } of await readImageCases()) {
    await t.step(file, async () => {
      const image = await decodeImage(await readImageFile(file));
      assertEquals([image.width, image.height, image.warnings], [width, height, warned[file] ?? []]);
      assertLessOrEqual(difference(image.data, await readPillowPixels(file)), toleranceFor(file));
      assert(image.data.every((value, index) => index % 4 < 3 || value === 255), "It is not opaque");
    });
  }
});

Deno.test("decodeImage() keeps transparency when asked", async () => {
  const bytes = await readImageFile("alpha.png");
  const kept = await decodeImage(bytes, { alpha: "keep" });
  const alphas = new Set(kept.data.filter((_, index) => index % 4 === 3));
  assert(alphas.size > 2, "It is opaque, or has but two values");
  const { data: blended } = await decodeImage(bytes);
  assertEquals(onWhite(kept).data, blended);
  const opaque = await decodeImage(await readImageFile("plain.png"), { alpha: "keep" });
  assertEquals(onWhite(opaque), opaque);
});

Deno.test("decodeImage() decodes at once what needs one decoder", async () => {
  const files = ["plain.jpg", "turned6.jpg", "deep_rgb.png", "plain.tiff", "alpha.webp"];
  const contents = await Promise.all([...files, ...files].map(readImageFile));
  const alone = await decodeImage(contents[1]!);
  const together = await Promise.all(contents.map((bytes) => decodeImage(bytes)));
  assertEquals(together.map(({ height }) => height), [26, 40, 26, 26, 26, 26, 40, 26, 26, 26]);
  assertEquals(together[1]!.data, alone.data);
});

Deno.test("decodeImage() says what it was given instead of an image", async (t) => {
  const text = (content: string) => new TextEncoder().encode(content);
  const png = await readImageFile("plain.png");
  const webp = await readImageFile("lossless.webp");
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["nothing", new Uint8Array(), "it is empty"],
    ["junk", text("hello"), "it is no image: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF"],
    [
      "a web page",
      text("<!DOCTYPE html><title>404</title>"),
      "it is a web page: give the address of the photo itself",
    ],
    ["an SVG", text('<?xml version="1.0"?><svg xmlns="…"/>'), "it is an SVG: save it as PNG"],
    ["HEIC", text("\0\0\0\x18ftypheic"), "it is a HEIC photo: save it as JPEG"],
    ["a BigTIFF", text("II+\0\x08\0\0\0"), "it is a BigTIFF: save it as a TIFF of less than 4 GB"],
    ["a PDF", text("%PDF-1.7"), "it is a PDF: save the page as PNG"],
    [
      "an LFS pointer",
      text("version https://git-lfs.github.com/spec/v1"),
      "it is a Git LFS pointer: fetch the file itself with git lfs pull",
    ],
    ["a truncated PNG", png.subarray(0, png.length / 2), "the PNG file is damaged or cut short"],
    ["the first bytes of a PNG", png.subarray(0, 12), "the PNG file is damaged or cut short"],
    ["a PNG without width", png.with(18, 0).with(19, 0), "the PNG file is damaged or cut short"],
    ["a PNG with a wrong checksum", png.with(60, png[60]! ^ 255), "the PNG file is damaged or cut short"],
    ["a truncated WebP", webp.subarray(0, webp.length / 2), "the WebP file is cut short: get it again"],
    [
      "the first bytes of a JPEG",
      (await readImageFile("plain.jpg")).subarray(0, 40),
      "the JPEG file is damaged or cut short",
    ],
    ["the first bytes of a GIF", text("GIF89a"), "the GIF file is damaged or cut short"],
  ];
  for (const [name, bytes, reason] of cases) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(bytes), ImageError);
      assertEquals(error.message, `Cannot decode the image: ${reason}`);
    });
  }
});
