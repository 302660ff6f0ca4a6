import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import { decodeImage, imageFormats } from "./mod.ts";
import { readImageFile, writeFlatJpeg } from "./testing.ts";

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
  for (const limit of [NaN, 0, -1]) {
    for (const name of ["maxPixels", "maxPhotoSide"]) {
      await t.step(`${name} ${limit}`, async () => {
        const reason = `Cannot use ${name} ${limit}: use 1 or more`;
        await assertRejects(() => decodeImage(bytes, { [name]: limit }), RangeError, reason);
      });
    }
  }
});

Deno.test("decodeImage() looks at the longer side before it decodes", async (t) => {
  const png = (width: number, height: number) =>
    bytesOf("\x89PNG\r\n\x1a\n", big(13, 4), "IHDR", big(width, 4), big(height, 4), [8, 0, 0, 0, 0]);
  for (const [width, height] of [[1, 65_536], [3_000_000, 1]] as const) {
    await t.step(`${width} × ${height}`, async () => {
      const error = await assertRejects(() => decodeImage(png(width, height)), ImageError);
      assertEquals(
        error.message,
        `Cannot decode the image: it has ${width} × ${height} pixels: ` +
          'on a side at most 65535 are accepted (option "maxPhotoSide", --max-photo-side)',
      );
    });
  }
  await t.step("a limit of the caller's", async () => {
    const bytes = await readImageFile("plain.png");
    const reason = "it has 40 × 26 pixels: on a side at most 39 are accepted";
    await assertRejects(() => decodeImage(bytes, { maxPhotoSide: 39 }), ImageError, reason);
    assertEquals((await decodeImage(bytes, { maxPhotoSide: 40 })).width, 40);
  });
});

Deno.test("decodeImage() decodes as many scans of a JPEG as its size deserves", async (t) => {
  const refused = [
    { height: 26, width: 40, repeats: 998, count: 1001, allowed: 1000 },
    { height: 1000, width: 2000, repeats: 48, count: 51, allowed: 50 },
    { height: 3000, width: 4000, repeats: 22, count: 25, allowed: 24 },
  ];
  for (const { count, allowed, ...picture } of refused) {
    await t.step(`${count} scans of ${picture.width} × ${picture.height}`, async () => {
      const bytes = await writeFlatJpeg({ ...picture, isProgressive: true });
      const started = performance.now();
      await assertRejects(
        () => decodeImage(bytes),
        ImageError,
        `the JPEG file has ${count} scans: at most ${allowed} are decoded of its size, save it again`,
      );
      assertLess(performance.now() - started, 1000);
    });
  }
  await t.step("1000 scans of a small one", async () => {
    const bytes = await writeFlatJpeg({ height: 26, width: 40, repeats: 997, isProgressive: true });
    assertEquals(
      (await decodeImage(bytes)).data,
      new Uint8ClampedArray(40 * 26).fill(128).reduce(
        (data, value, at) => {
          data.set([value, value, value, 255], at * 4);
          return data;
        },
        new Uint8ClampedArray(40 * 26 * 4),
      ),
    );
  });
});

/** Bytes between the first ones of a file and the rest. */
function withInside(bytes: Uint8Array, at: number, inside: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + inside.length);
  result.set(bytes.subarray(0, at));
  result.set(inside, at);
  result.set(bytes.subarray(at), at + inside.length);
  return result;
}

/** Bytes over and over again. */
function repeated(bytes: readonly (string | readonly number[])[], times: number): Uint8Array {
  const one = bytesOf(...bytes).slice(0, -64);
  return Uint8Array.from({ length: one.length * times }, (_, at) => one[at % one.length]!);
}

Deno.test("decodeImage() takes no time for what a file says over and over again", async (t) => {
  const [jpeg, png, gif, webp] = await Promise.all(
    ["plain.jpg", "plain.png", "plain.gif", "animated.webp"].map(readImageFile),
  );
  const text = bytesOf(big(0, 4), "tEXt", big(0, 4)).slice(0, -64);
  const afterTable = 13 + 3 * 2 ** ((gif![10]! & 7) + 1);
  const files: Readonly<Record<string, Uint8Array>> = {
    "a JPEG's EXIF": withInside(jpeg!, 2, repeated([[0xff, 0xe1], big(8, 2), "Exif\0\0"], 200_000)),
    "a JPEG's restart intervals": withInside(jpeg!, 2, repeated([[0xff, 0xdd, 0, 4, 0, 0]], 300_000)),
    "a JPEG's padding": withInside(jpeg!, 2, repeated([[0xff]], 2_000_000)),
    "a PNG's texts": withInside(png!, 33, repeated([[...text]], 150_000)),
    "a GIF's comments": withInside(gif!, afterTable, repeated([[0x21, 0xfe, 1, 0x61, 0]], 300_000)),
    "a WebP's empty chunks": withInside(webp!, 30, repeated(["EXIF", big(0, 4)], 200_000)),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await t.step(name, async () => {
      const started = performance.now();
      const image = await decodeImage(bytes).catch((error) => {
        if (!(error instanceof ImageError)) throw error;
        return undefined;
      });
      assert(image === undefined || image.data.length === image.height * image.width * 4);
      assertLess(performance.now() - started, 4000); // half a second where nothing else runs
    });
  }
});

Deno.test("decodeImage() unpacks no more of a TIFF's strips than they hold", async () => {
  const [rows, width] = [2000, 1000];
  const long = (tag: number, count: number, value: number) => [
    ...little(tag, 2),
    ...little(4, 2),
    ...little(count, 4),
    ...little(value, 4),
  ];
  const bomb = await packedZeros(64 * 2 ** 20);
  const [bombAt, listAt] = [200, 200 + bomb.length];
  const fields = [
    long(256, 1, width),
    long(257, 1, rows),
    long(258, 1, 16),
    long(259, 1, 8),
    long(262, 1, 1),
    long(273, rows, listAt),
    long(278, 1, 1),
    long(279, rows, listAt + 4 * rows),
  ];
  const head = bytesOf("II*\0", little(8, 4), little(fields.length, 2), fields.flat(), little(0, 4));
  const bytes = new Uint8Array(listAt + 8 * rows);
  bytes.set(head);
  bytes.set(bomb, bombAt);
  const view = viewOf(bytes);
  for (let row = 0; row < rows; row++) {
    view.setUint32(listAt + 4 * row, bombAt, true);
    view.setUint32(listAt + 4 * (rows + row), bomb.length, true);
  }
  const started = performance.now();
  await assertRejects(() => decodeImage(bytes), ImageError, "the TIFF file is damaged or cut short");
  assertLess(performance.now() - started, 2000);
});

Deno.test("decodeImage() reads one value of a TIFF where one counts", async () => {
  const tiff = await readImageFile("deep_grey.tiff");
  const bytes = withInside(tiff, tiff.length, new Uint8Array(16_000_000).fill(16));
  const view = viewOf(bytes);
  const littleEndian = bytes[0] === 0x49;
  const directory = view.getUint32(4, littleEndian);
  for (let entry = 0; entry < view.getUint16(directory, littleEndian); entry++) {
    const at = directory + 2 + entry * 12;
    if (view.getUint16(at, littleEndian) !== 258) continue; // bits a value
    view.setUint16(at + 2, 1, littleEndian);
    view.setUint32(at + 4, 16_000_000, littleEndian);
    view.setUint32(at + 8, tiff.length, littleEndian);
  }
  const started = performance.now();
  assertEquals((await decodeImage(bytes)).data, (await decodeImage(tiff)).data);
  assertLess(performance.now() - started, 4000);
});

Deno.test("decodeImage() looks at how large the frames of an AVIF are", async () => {
  const bytes = await readImageFile("plain.avif");
  const size = new TextDecoder("latin1").decode(bytes).indexOf("ispe");
  viewOf(bytes).setUint32(size + 8, 4);
  viewOf(bytes).setUint32(size + 12, 4);
  await assertRejects(
    () => decodeImage(bytes, { maxPixels: 1000 }),
    ImageError,
    "a part of it has 1040 pixels: at most 1000 are accepted",
  );
});
