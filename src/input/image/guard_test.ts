import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import { decodeImage, imageFormats } from "./mod.ts";
import { readImageFile } from "./testing.ts";

const side = 60_000;

/** The bytes of text and numbers, with room for 64 more behind them. */
function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  const values = parts.flatMap((part) =>
    typeof part === "string" ? [...part].map((letter) => letter.charCodeAt(0)) : part
  );
  return new Uint8Array([...values, ...Array<number>(64).fill(0)]);
}

/** A number in bytes, the highest first. */
function big(value: number, length: number): number[] {
  return Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) & 255);
}

/** A number in bytes, the lowest first. */
function little(value: number, length: number): number[] {
  return big(value, length).reverse();
}

function tiffEntry(tag: number, value: number): number[] {
  return [...little(tag, 2), ...little(4, 2), ...little(1, 4), ...little(value, 4)];
}

/** For each format the beginning of a file that declares 60,000 × 60,000 pixels. */
const enormous: Readonly<Record<string, Uint8Array>> = {
  jpeg: bytesOf([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, ...big(side, 2), ...big(side, 2), 3]),
  png: bytesOf("\x89PNG\r\n\x1a\n", big(13, 4), "IHDR", big(side, 4), big(side, 4), [8, 2, 0, 0, 0]),
  webp: bytesOf("RIFF____WEBPVP8X", little(10, 4), [0, 0, 0, 0], little(side - 1, 3), little(side - 1, 3)),
  gif: bytesOf("GIF89a", little(side, 2), little(side, 2)),
  bmp: bytesOf(
    "BM",
    little(0, 4),
    little(0, 4),
    little(54, 4),
    little(40, 4),
    little(side, 4),
    little(-side, 4),
  ),
  tiff: bytesOf("II*\0", little(8, 4), little(2, 2), tiffEntry(256, side), tiffEntry(257, side)),
  avif: bytesOf("____ftypavif", big(20, 4), "ispe", big(0, 4), big(side, 4), big(side, 4)),
};

Deno.test("decodeImage() looks at the size before it decodes", async (t) => {
  for (const { name } of imageFormats) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(enormous[name]!), ImageError);
      assertEquals(
        error.message,
        'Cannot decode the image: it has 60000 × 60000 pixels: at most 100000000 are accepted (option "maxPixels", --max-pixels)',
      );
    });
  }
  await t.step("a limit of the caller's", async () => {
    const bytes = await readImageFile("plain.png");
    const reason = 'it has 40 × 26 pixels: at most 1039 are accepted (option "maxPixels", --max-pixels)';
    await assertRejects(() => decodeImage(bytes, { maxPixels: 40 * 26 - 1 }), ImageError, reason);
    assertEquals((await decodeImage(bytes, { maxPixels: 40 * 26 })).width, 40);
  });
});

Deno.test("decodeImage() looks at the sizes of frames and tiles, too", async (t) => {
  const gif = await readImageFile("plain.gif");
  const descriptor = 13 + 3 * 2 ** ((gif[10]! & 7) + 1);
  assertEquals(gif[descriptor], 0x2c);
  gif.set([...little(side, 2), ...little(side, 2)], descriptor + 5);
  const small = [...little(3, 3), ...little(2, 3)];
  const largeFrame = [...little(0, 6), ...little(side - 1, 3), ...little(side - 1, 3)];
  const tiles = [tiffEntry(256, 4), tiffEntry(257, 3), tiffEntry(322, side), tiffEntry(323, side)];
  const files: Readonly<Record<string, Uint8Array>> = {
    gif,
    webp: bytesOf("RIFF____WEBPVP8X", little(10, 4), [2, 0, 0, 0], small, "ANMF", little(24, 4), largeFrame),
    tiff: bytesOf("II*\0", little(8, 4), little(4, 2), tiles.flat()),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(bytes), ImageError);
      assertEquals(
        error.message,
        'Cannot decode the image: a part of it has 3600000000 pixels: at most 100000000 are accepted (option "maxPixels", --max-pixels)',
      );
    });
  }
  await t.step("a TIFF that says its width twice", async () => {
    const bytes = bytesOf(
      "II*\0",
      little(8, 4),
      little(3, 2),
      tiffEntry(256, side),
      tiffEntry(257, side),
      tiffEntry(256, 4),
    );
    await assertRejects(() => decodeImage(bytes), ImageError, "it has 60000 × 60000 pixels");
  });
});

/** Zeros packed as a PNG packs its pixels. */
async function packedZeros(length: number): Promise<Uint8Array> {
  const zeros = new Blob([new Uint8Array(length)]).stream();
  return await new Response(zeros.pipeThrough(new CompressionStream("deflate"))).bytes();
}

/** A PNG with a chunk put before its pixels; its checksum is left at 0. */
function withChunk(png: Uint8Array, kind: string, content: Uint8Array): Uint8Array {
  const chunk = [...big(content.length, 4), ...kind].map((part) =>
    typeof part === "string" ? part.charCodeAt(0) : part
  );
  return new Uint8Array([...png.subarray(0, 33), ...chunk, ...content, 0, 0, 0, 0, ...png.subarray(33)]);
}

Deno.test("decodeImage() does not unpack what a PNG hides", async (t) => {
  const bomb = await packedZeros(64 * 2 ** 20);
  for (const file of ["plain.png", "deep_rgb.png"]) {
    await t.step(`a colour profile in ${file}`, async () => {
      const png = await readImageFile(file);
      const profile = new Uint8Array([0x78, 0, 0, ...bomb]); // its name, its end, how it is packed
      const { data } = await decodeImage(withChunk(png, "iCCP", profile));
      assertEquals(data, (await decodeImage(png)).data);
    });
  }
  await t.step("more pixels than its header says", async () => {
    const png = await readImageFile("deep_rgb.png");
    const bytes = withChunk(png, "IDAT", bomb);
    const started = performance.now();
    await assertRejects(() => decodeImage(bytes), ImageError, "the PNG file is damaged or cut short");
    assertLess(performance.now() - started, 5000);
  });
});

Deno.test("decodeImage() refuses a CMYK JPEG that is wider than the platform decodes", async () => {
  const bytes = await readImageFile("cmyk.jpg");
  const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0);
  viewOf(bytes).setUint16(frame + 7, 20_000);
  await assertRejects(
    () => decodeImage(bytes),
    ImageError,
    "Cannot decode the image: a CMYK JPEG may be 16384 pixels wide, not 20000: save it as RGB",
  );
});

Deno.test("decodeImage() takes no limit that would let everything through, or nothing", async (t) => {
  const bytes = await readImageFile("plain.png");
  for (const maxPixels of [NaN, 0, -1]) {
    await t.step(String(maxPixels), async () => {
      await assertRejects(
        () => decodeImage(bytes, { maxPixels }),
        RangeError,
        `Cannot use maxPixels ${maxPixels}: use 1 or more`,
      );
    });
  }
});
