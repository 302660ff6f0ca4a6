/** Bitmaps as they are read here, against the platform's own decoder. */
import { assertEquals } from "@std/assert";
import { readBitmapHeader } from "./bitmap_rows.ts";
import { bmpFormat } from "./bmp.ts";
import type { ImageFormat } from "./format.ts";
import { gifFormat } from "./gif.ts";
import { decodeNatively } from "./native.ts";
import { collectRows, type PictureRows } from "./rows.ts";
import { readImageFile } from "./testing.ts";

const [height, width] = [5, 13];

/** Bytes that look like none in particular. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = state * 16_807 % 2_147_483_647) >> 8 & 255);
}

/** How a bitmap is written. */
interface Written {
  readonly depth: number;
  readonly masks?: readonly number[];
  readonly headerLength?: number;
  readonly colors?: number;
  readonly isFromTop?: boolean;
  readonly packing?: number;
}

function writeBitmap(
  { depth, masks = [], headerLength = 40, colors = 0, isFromTop = false, packing }: Written,
) {
  const palette = depth > 8 ? 0 : 4 * (colors || 1 << depth);
  const start = Math.max(14 + headerLength, 54 + 4 * masks.length) + palette;
  const stride = Math.ceil(width * depth / 32) * 4;
  const bytes = noise(start + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.fill(0, 0, start - palette);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, headerLength, true);
  view.setInt32(18, width, true);
  view.setInt32(22, isFromTop ? -height : height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, depth, true);
  view.setUint32(30, packing ?? (masks.length > 0 ? 3 : 0), true);
  view.setUint32(46, colors, true);
  masks.forEach((mask, at) => view.setUint32(54 + 4 * at, mask, true));
  return bytes;
}

const written: Readonly<Record<string, Written>> = {
  "1 bit": { depth: 1 },
  "4 bits": { depth: 4 },
  "4 bits, ten colours": { depth: 4, colors: 10, isFromTop: true },
  "8 bits": { depth: 8 },
  "8 bits, a hundred colours": { depth: 8, colors: 100 },
  "8 bits, a long header": { depth: 8, headerLength: 124 },
  "16 bits": { depth: 16 },
  "16 bits, more of green": { depth: 16, masks: [0xf800, 0x07e0, 0x001f] },
  "24 bits": { depth: 24 },
  "24 bits, from the top": { depth: 24, isFromTop: true },
  "32 bits": { depth: 32 },
  "32 bits, red first": { depth: 32, masks: [0xff, 0xff00, 0xff0000] },
  "32 bits with opacity": { depth: 32, masks: [0xff0000, 0xff00, 0xff, 0xff000000], headerLength: 108 },
  "32 bits, opacity not used": { depth: 32, masks: [0xff0000, 0xff00, 0xff, 0], headerLength: 108 },
};

async function decode(format: ImageFormat, bytes: Uint8Array) {
  return await collectRows(await format.decode(bytes, format.readHeader(bytes)!, {}) as PictureRows);
}

Deno.test("readBitmap() gives the pixels that the platform gives", async (t) => {
  for (const [name, how] of Object.entries(written)) {
    await t.step(name, async () => {
      const bytes = writeBitmap(how);
      assertEquals(readBitmapHeader(bytes)?.height, height); // it is read here
      assertEquals(await decode(bmpFormat, bytes), await collectRows(await decodeNatively(bytes)));
    });
  }
  await t.step("packed or of unusual colours, which is left to it", () => {
    const masks = [0x0f00, 0x00f0, 0x000f];
    assertEquals(readBitmapHeader(writeBitmap({ depth: 16, masks })), undefined);
    assertEquals(readBitmapHeader(writeBitmap({ depth: 8, packing: 1 })), undefined);
  });
});

/** A GIF with another number of 16 bits at a place behind the beginning of its picture. */
function withNumbers(gif: Uint8Array, numbers: Readonly<Record<number, number>>): Uint8Array {
  const bytes = gif.slice();
  const view = new DataView(bytes.buffer);
  for (const [at, value] of Object.entries(numbers)) view.setUint16(Number(at), value, true);
  return bytes;
}

Deno.test("gifFormat gives the pixels that the platform gives", async (t) => {
  const gif = await readImageFile("plain.gif");
  const picture = 13 + 3 * 2 ** ((gif[10]! & 7) + 1);
  assertEquals(gif[picture], 0x2c);
  const interlaced = gif.slice();
  interlaced[picture + 9]! ^= 0x40;
  const control = [0x21, 0xf9, 4, 1, 0, 0, 7, 0];
  const files: Readonly<Record<string, Uint8Array>> = {
    plain: gif,
    interlaced,
    "a colour that is transparent": Uint8Array.from([
      ...gif.subarray(0, picture),
      ...control,
      ...gif.subarray(picture),
    ]),
    "a larger screen": withNumbers(gif, { 6: 50, 8: 37, [picture + 1]: 3, [picture + 3]: 9 }),
    "a smaller screen": withNumbers(gif, { 6: 30, 8: 17 }),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await t.step(name, async () => {
      assertEquals(await decode(gifFormat, bytes), await collectRows(await decodeNatively(bytes)));
    });
  }
});
