import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { testdata } from "../../testing/mod.ts";
import { jpegSegments } from "./jpeg_segments.ts";
import { decodeImage, imageFormats } from "./mod.ts";
import { readImage } from "./read.ts";
import { readImageCases, readImageFile } from "./testing.ts";

/** Files of each format whose data reach to their end, but for what may be missing. */
const files: Readonly<Record<string, readonly string[]>> = {
  jpeg: ["plain.jpg", "progressive.jpg", "subsampled.jpg", "grey.jpg", "cmyk.jpg", "turned6.jpg"],
  png: ["../photos/chelsea.png", "interlaced.png", "deep_rgb.png", "deep_interlaced.png"],
  webp: ["lossy.webp", "lossless.webp", "lossy_alpha.webp", "alpha.webp"],
  gif: ["plain.gif", "transparent.gif"],
  bmp: ["plain.bmp", "palette.bmp", "one_bit.bmp"],
  tiff: ["plain.tiff", "packed.tiff", "cmyk.tiff"],
  avif: ["plain.avif", "alpha.avif"],
};

Deno.test("decodeImage() refuses a file that ends before its picture does", async (t) => {
  assertEquals(Object.keys(files), imageFormats.map(({ name }) => name));
  for (const { name } of imageFormats) {
    for (const file of files[name]!) {
      await t.step(file, async () => {
        const bytes = await readImageFile(file);
        for (const part of [0.1, 0.5, 0.9, 0.99]) {
          const cut = bytes.subarray(0, Math.floor(bytes.length * part));
          const { message } = await assertRejects(() => decodeImage(cut), ImageError);
          assertMatch(message, /^Cannot decode the image: the \w+ file is (damaged or )?cut short/);
        }
      });
    }
  }
});

Deno.test("decodeImage() gives all pixels of a file that is cut, or none", async (t) => {
  for (const { file } of await readImageCases()) {
    await t.step(file, async () => {
      const bytes = await readImageFile(file);
      const { data } = await decodeImage(bytes);
      const spread = Array.from({ length: 16 }, (_, index) => Math.floor(bytes.length * (index + 1) / 17));
      const last = Array.from({ length: 16 }, (_, index) => bytes.length - 1 - index);
      for (const length of [...spread, ...last]) {
        const image = await decodeImage(bytes.subarray(0, length)).catch((error) => {
          if (!(error instanceof ImageError)) throw error;
        });
        if (image) assertEquals(image.data, data, `The first ${length} bytes`);
      }
    });
  }
});

Deno.test("decodeImage() tells a JPEG that is cut short from one without its end mark", async (t) => {
  for (const file of files.jpeg!) {
    await t.step(file, async () => {
      const bytes = await readImageFile(file);
      const { data } = await decodeImage(bytes);
      for (const missing of [1, 2]) {
        const unmarked = await decodeImage(bytes.subarray(0, bytes.length - missing));
        assertEquals([unmarked.data, unmarked.warnings], [data, []]);
      }
      const cut = bytes.subarray(0, bytes.length - 3);
      const reason = "the JPEG file is cut short: get it again";
      await assertRejects(() => decodeImage(cut), ImageError, reason);
    });
  }
  await t.step("a progressive one that ends between two scans", async () => {
    const bytes = await readImageFile("progressive.jpg");
    const starts = [...jpegSegments(bytes)].filter(({ marker }) => marker === 0xda || marker === 0xc4);
    for (const { start } of starts.slice(2)) {
      await assertRejects(() => decodeImage(bytes.subarray(0, start)), ImageError, "is cut short");
    }
  });
});

Deno.test("decodeImage() takes a JPEG with something behind it", async () => {
  const bytes = await readImageFile("plain.jpg");
  const { data } = await decodeImage(bytes);
  const video = new Uint8Array([0, 0, 0, 24, 0x66, 0x74, 0xff, 0xda, 0x79, 0x70]); // as phones append
  const image = await decodeImage(new Uint8Array([...bytes, ...video]));
  assertEquals([image.data, image.warnings], [data, []]);
});

Deno.test("decodeImage() says where a JPEG is damaged", async () => {
  const bytes = await readImageFile("plain.jpg");
  const scan = [...jpegSegments(bytes)].find(({ marker }) => marker === 0xda)!;
  const gap = new Uint8Array([...bytes.subarray(0, scan.end + 40), ...bytes.subarray(-2)]);
  const { warnings, width } = await decodeImage(gap);
  assertEquals([warnings, width], [["The photo is damaged: parts of it may be grey or wrong"], 40]);
});

Deno.test("decodeImage() goes by what a file holds, not by its name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.copyFile(new URL("images/plain.png", testdata), `${folder}/renamed.jpg`);
    assertEquals((await readImage(`${folder}/renamed.jpg`)).format, "png");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
