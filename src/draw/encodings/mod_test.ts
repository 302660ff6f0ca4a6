import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeImage } from "../../input/image/mod.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import { exists, testdata } from "../../testing/mod.ts";
import { chooseEncoding, encodePicture, encodings } from "./mod.ts";
import { encodeByMozjpeg } from "./mozjpeg.ts";

/** A photo, 300 high and 451 wide. */
const photo = await decodeImage(await Deno.readFile(new URL("photos/chelsea.png", testdata)));

/** The mean of squared differences of colours, 0 to 255. */
function errorOf(one: RgbaImage, other: RgbaImage): number {
  const sum = one.data.reduce((sum, value, at) => sum + (value - other.data[at]!) ** 2, 0);
  return sum / (one.data.length * 3 / 4);
}

/** The kinds of a JPEG's segments up to its pixels. */
function segmentsOf(jpeg: Uint8Array): string[] {
  const kinds: string[] = [];
  for (let at = 2; jpeg[at + 1] !== 0xda; at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!) {
    kinds.push(jpeg[at + 1]!.toString(16));
  }
  return kinds;
}

Deno.test("encodePicture() writes what decodeImage() reads, pixels and nothing else", async (t) => {
  for (const { name, isExact } of encodings) {
    await t.step(name, async () => {
      const bytes = await encodePicture(photo, { format: name });
      const back = await decodeImage(bytes);
      assertEquals([back.format, back.height, back.width, back.warnings], [name, 300, 451, []]);
      const error = errorOf(photo, back);
      assert(isExact ? error === 0 : error > 0 && error < 60, `${name} is off by ${error}`);
    });
  }
  await t.step("a JPEG has tables alone beside its pixels", async () => {
    const kinds = segmentsOf(await encodePicture(photo, { format: "jpeg" }));
    assertEquals(kinds.filter((kind) => !["e0", "db", "c0", "c4"].includes(kind)), []);
  });
  await t.step("a WebP has pixels alone", async () => {
    const bytes = await encodePicture(photo, { format: "webp" });
    assertEquals(new TextDecoder().decode(bytes.subarray(8, 15)), "WEBPVP8");
    assertEquals(new DataView(bytes.buffer).getUint32(4, true), bytes.length - 8);
    assertEquals(new DataView(bytes.buffer).getUint32(16, true), bytes.length - 20, "one chunk");
  });
});

Deno.test("encodePicture() trades size for quality, and has one in the middle", async (t) => {
  for (const format of ["jpeg", "webp"] as const) {
    await t.step(format, async () => {
      const written = await Promise.all([1, 30, 85, undefined, 100].map(async (quality) => {
        const bytes = await encodePicture(photo, { format, quality });
        return { bytes: bytes.length, error: errorOf(photo, await decodeImage(bytes)) };
      }));
      const [least, little, much, usual, most] = written;
      assertEquals(usual, much);
      assert(least!.bytes < little!.bytes && little!.bytes < much!.bytes && much!.bytes < most!.bytes);
      assert(least!.error > little!.error && little!.error > much!.error && much!.error > most!.error);
      assert(most!.error < 8, `${most!.error}`);
    });
  }
});

Deno.test("encodePicture() takes part of a buffer, one pixel, and rows of one", async (t) => {
  const data = Uint8ClampedArray.from({ length: 80 }, (_, at) => at % 4 === 3 ? 255 : at < 40 ? 9 : 200);
  const sizes = [[1, 1], [1, 10], [10, 1], [2, 5]] as const;
  for (const { name } of encodings) {
    for (const [height, width] of sizes) {
      await t.step(`${name} of ${width} × ${height}`, async () => {
        const part = data.subarray(40, 40 + height * width * 4);
        const back = await decodeImage(await encodePicture({ data: part, height, width }, { format: name }));
        assertEquals([back.height, back.width], [height, width]);
        assert(Math.abs(back.data[0]! - 200) < 6);
      });
    }
  }
});

Deno.test("encodePicture() writes large PNGs pixel by pixel too", async () => {
  const [height, width] = [2100, 2000]; // which the platform encodes
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let at = 0; at < data.length; at += 4) data.set([at % 251, at % 241, (at >> 8) & 255], at);
  const back = await decodeImage(await encodePicture({ data, height, width }));
  assertEquals([back.height, back.width], [height, width]);
  assert(data.every((value, at) => value === back.data[at]));
});

Deno.test("jpegEncoding has an encoder of its own where the platform has none", async () => {
  const { OffscreenCanvas } = globalThis;
  const [expected, native] = await Promise.all([
    encodeByMozjpeg(photo, 85),
    encodePicture(photo, { format: "jpeg" }),
  ]);
  try {
    Object.assign(globalThis, { OffscreenCanvas: undefined });
    const bytes = await encodePicture(photo, { format: "jpeg" });
    assertEquals(bytes, expected);
    assert(bytes.length !== native.length);
    Object.assign(globalThis, { OffscreenCanvas });
    const error = errorOf(photo, await decodeImage(bytes));
    assert(error > 0 && error < 60, `${error}`);
  } finally {
    Object.assign(globalThis, { OffscreenCanvas });
  }
});

Deno.test("encodePicture() refuses what it cannot write", async (t) => {
  const long = (side: number) => ({ data: new Uint8ClampedArray(side * 4), height: 1, width: side });
  await t.step("sides", async () => {
    const cases = [["webp", "WebP", 16_384], ["jpeg", "JPEG", 65_501]] as const;
    for (const [format, title, side] of cases) {
      await assertRejects(
        () => encodePicture(long(side), { format }),
        RangeError,
        `Cannot write a ${title} of ${side} × 1 pixels: a side has ${side - 1} at most: use png, or maxSide`,
      );
      const { width } = await decodeImage(await encodePicture(long(side - 1), { format }));
      assertEquals(width, side - 1);
    }
  });
  await t.step("formats", () => {
    assertThrows(
      () => chooseEncoding({ format: "jpg" as "jpeg" }),
      RangeError,
      'Unknown picture format "jpg": use one of jpeg, png, webp',
    );
  });
  await t.step("qualities", () => {
    for (const quality of [0, 101, NaN, -5, Infinity]) {
      assertThrows(
        () => chooseEncoding({ format: "jpeg", quality }),
        RangeError,
        `Cannot write pictures with quality ${quality}: use 1 to 100`,
      );
    }
    assertThrows(
      () => chooseEncoding({ quality: 80 }),
      RangeError,
      "Cannot write a PNG with quality 80: it keeps every pixel: use jpeg or webp",
    );
  });
});

Deno.test("encodings load nothing before a picture is written", async (t) => {
  const folder = new URL("./", import.meta.url);
  for (const { name } of encodings) {
    await t.step(name, async () => {
      const file = new URL(`${name}.ts`, folder);
      assert(await exists(file));
      assert(!/^(import|export) .*"npm:/m.test(await Deno.readTextFile(file)));
    });
  }
});
