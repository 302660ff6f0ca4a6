import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { ImageError } from "../errors.ts";
import { testdata } from "../testing.ts";
import { decodeImage, imageFormats } from "./mod.ts";

const images = new URL("images/", testdata);

/** How far a pixel may be from Pillow's, on average: nothing where nothing is lost. */
const tolerances: Readonly<Record<string, number>> = {
  jpg: 0,
  "cmyk.jpg": 0.7,
  "lossy.webp": 0.7,
  avif: 0.7,
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

interface ImageCase {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

const { files }: { files: ImageCase[] } = JSON.parse(await Deno.readTextFile(new URL("index.json", images)));

Deno.test("decodeImage() gives the pixels that Pillow gives, upright and on white", async (t) => {
  for (const { file, width, height } of files) {
    await t.step(file, async () => {
      const image = await decodeImage(await Deno.readFile(new URL(file, images)));
      const expected = await Deno.readFile(new URL(`${file}.rgb`, images));
      assertEquals([image.width, image.height, image.warnings], [width, height, []]);
      assertLessOrEqual(difference(image.data, expected), toleranceFor(file));
      assert(image.data.every((value, index) => index % 4 < 3 || value === 255), "It is opaque");
    });
  }
});

Deno.test("decodeImage() decodes a JPEG that is cut short as far as it goes, and says so", async () => {
  const bytes = await Deno.readFile(new URL("plain.jpg", images));
  const { width, height, warnings } = await decodeImage(bytes.subarray(0, bytes.length - 200));
  assertEquals([width, height, warnings], [40, 26, ["The photo is cut short: what is missing is grey"]]);
});

/** The beginning of a file, with 60,000 × 60,000 in its header. */
const enormous: Readonly<Record<string, () => Uint8Array>> = {
  jpeg: () =>
    new Uint8Array([
      0xff,
      0xd8,
      0xff,
      0xc0,
      0,
      17,
      8,
      0xea,
      0x60,
      0xea,
      0x60,
      3,
      1,
      0x22,
      0,
      2,
      0x11,
      1,
      3,
      0x11,
      1,
    ]),
  png: () => {
    const bytes = new Uint8Array(1024);
    bytes.set(new TextEncoder().encode("\x89PNG\r\n\x1a\n").slice(1), 0);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
    bytes.set([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0], 16);
    return bytes;
  },
  webp: () => {
    const bytes = new Uint8Array(64);
    bytes.set(new TextEncoder().encode("RIFF____WEBPVP8X"));
    bytes.set([0x5f, 0xea, 0, 0x5f, 0xea, 0], 24);
    return bytes;
  },
  gif: () => new Uint8Array([...new TextEncoder().encode("GIF89a"), 0x60, 0xea, 0x60, 0xea, 0, 0, 0]),
  bmp: () => {
    const bytes = new Uint8Array(64);
    bytes.set([0x42, 0x4d]);
    bytes.set([40, 0, 0, 0, 0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0, 1, 0, 24], 14);
    return bytes;
  },
  tiff: () => {
    const entry = (tag: number) => [tag & 255, tag >> 8, 3, 0, 1, 0, 0, 0, 0x60, 0xea, 0, 0];
    return new Uint8Array([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 2, 0, ...entry(256), ...entry(257), 0, 0, 0, 0]);
  },
  avif: () => {
    const bytes = new Uint8Array(64);
    bytes.set(new TextEncoder().encode("____ftypavif"));
    bytes.set([
      0,
      0,
      0,
      20,
      ...new TextEncoder().encode("ispe"),
      0,
      0,
      0,
      0,
      0,
      0,
      0xea,
      0x60,
      0,
      0,
      0xea,
      0x60,
    ], 24);
    return bytes;
  },
};

Deno.test("decodeImage() looks at the size before it decodes", async (t) => {
  for (const { name } of imageFormats) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(enormous[name]!()), ImageError);
      assertEquals(
        error.message,
        "Cannot decode the image: it has 60000 × 60000 pixels: at most 100000000 are accepted",
      );
    });
  }
  await t.step("a limit of the caller's", async () => {
    const bytes = await Deno.readFile(new URL("plain.png", images));
    await assertRejects(
      () => decodeImage(bytes, { maxPixels: 40 * 26 - 1 }),
      ImageError,
      "it has 40 × 26 pixels",
    );
    assertEquals((await decodeImage(bytes, { maxPixels: 40 * 26 })).width, 40);
  });
});

Deno.test("decodeImage() says what it was given instead of an image", async (t) => {
  const text = (content: string) => new TextEncoder().encode(content);
  const png = await Deno.readFile(new URL("plain.png", images));
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["nothing", new Uint8Array(), "it is empty"],
    ["junk", text("hello"), "it is no image: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF"],
    ["a web page", text("<!DOCTYPE html><title>404</title>"), "it is a web page"],
    ["an SVG", text('<?xml version="1.0"?><svg xmlns="…"/>'), "it is an SVG: save it as PNG"],
    ["HEIC", text("\0\0\0\x18ftypheic"), "HEIC is not supported: save it as JPEG"],
    ["a PDF", text("%PDF-1.7"), "it is a PDF: save the page as PNG"],
    [
      "an LFS pointer",
      text("version https://git-lfs.github.com/spec/v1"),
      "it is a Git LFS pointer: fetch the file itself",
    ],
    ["a truncated PNG", png.subarray(0, png.length / 2), "the PNG file is damaged"],
    ["the first bytes of a PNG", png.subarray(0, 12), "the PNG file is damaged"],
    ["a PNG without width", png.with(18, 0).with(19, 0), "the PNG file is damaged"],
    ["a PNG with a wrong checksum", png.with(60, png[60]! ^ 255), "the PNG file is damaged"],
  ];
  for (const [name, bytes, reason] of cases) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(bytes), ImageError);
      assertEquals(error.message, `Cannot decode the image: ${reason}`);
    });
  }
});

Deno.test("decodeImage() survives damaged files: each decodes or is refused", async (t) => {
  for (const { file } of files.filter(({ file }) => /^(plain|alpha|deep_grey|lossy|palette)\./.test(file))) {
    await t.step(file, async () => {
      const original = await Deno.readFile(new URL(file, images));
      let random = 12345;
      const next = (below: number) => (random = (random * 1103515245 + 12345) % 2147483648) % below;
      for (let round = 0; round < 60; round++) {
        const bytes = original.slice(0, next(4) === 0 ? next(original.length) + 1 : original.length);
        for (let change = next(8); change >= 0; change--) bytes[next(bytes.length)] = next(256);
        const result = await decodeImage(bytes, { maxPixels: 100_000 }).catch((error: unknown) => error);
        if (result instanceof Error) assert(result instanceof ImageError, String(result.stack));
      }
      assertEquals((await decodeImage(original)).width, 40); // no decoder was left broken
    });
  }
});
