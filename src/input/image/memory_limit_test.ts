import { assertEquals, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import { decodeImage } from "./mod.ts";
import { readImageFile, writeTiff } from "./testing.ts";

/** An AVIF that says that it has so many pixels; what is in it is smaller. */
async function largeAvif(file: string, width: number, height: number): Promise<Uint8Array> {
  const bytes = await readImageFile(file);
  const view = viewOf(bytes);
  const text = new TextDecoder("latin1").decode(bytes);
  for (let at = text.indexOf("ispe"); at >= 0; at = text.indexOf("ispe", at + 1)) {
    view.setUint32(at + 8, width);
    view.setUint32(at + 12, height);
  }
  return bytes;
}

/** An AVIF with other settings of its codec. */
function withFlags(bytes: Uint8Array, flags: number): Uint8Array {
  return bytes.with(new TextDecoder("latin1").decode(bytes).indexOf("av1C") + 6, flags);
}

/** What is said of too much memory. */
function tooMuch(size: string, taken: number, allowed: number): string {
  return `Cannot decode the image: decoding its ${size} pixels takes about ${taken} MB: at most ${allowed} MB are allowed, ` +
    'save it smaller or as JPEG (option "maxDecodingBytes", --max-decoding-memory)';
}

const maxDecodingBytes = 250_000_000;

Deno.test("decodeImage() refuses an AVIF that would take too much memory, by its kind", async (t) => {
  const plain = await largeAvif("plain.avif", 3648, 2736);
  const alpha = await largeAvif("alpha.avif", 3648, 2736);
  const kinds: readonly (readonly [name: string, bytes: Uint8Array, taken: number | undefined])[] = [
    ["4:2:0", withFlags(plain, 0x0c), undefined],
    ["grey", withFlags(plain, 0x1c), undefined],
    ["4:4:4", withFlags(plain, 0), 306],
    ["4:2:2", withFlags(plain, 0x08), 306],
    ["10 bits", withFlags(plain, 0x4c), 281],
    ["10 bits of 4:4:4", withFlags(plain, 0x40), 345],
    ["opacity", withFlags(alpha, 0x0c), 261],
    ["10 bits and opacity", withFlags(alpha, 0x4c), 370],
    ["25 megapixels", withFlags(await largeAvif("plain.avif", 5776, 4328), 0x0c), 518],
  ];
  for (const [name, bytes, taken] of kinds) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(bytes, { maxDecodingBytes }), ImageError);
      const size = name === "25 megapixels" ? "5776 × 4328" : "3648 × 2736";
      // What is let through is found to be another size than it says.
      const damaged = "Cannot decode the image: the AVIF file is damaged or cut short";
      assertEquals(error.message, taken === undefined ? damaged : tooMuch(size, taken, 250));
    });
  }
});

Deno.test("decodeImage() lets through what takes little memory, and anything where no limit is set", async () => {
  const avif = await readImageFile("plain.avif");
  assertEquals((await decodeImage(avif, { maxDecodingBytes: 57_000_000 })).width, 40);
  await assertRejects(
    () => decodeImage(avif, { maxDecodingBytes: 56_000_000 }),
    ImageError,
    "takes about 56 MB",
  );
  assertEquals((await decodeImage(avif)).width, 40);
  const png = await readImageFile("plain.png");
  assertEquals((await decodeImage(png, { maxDecodingBytes: 1 })).width, 40);
});

Deno.test("decodeImage() refuses a TIFF of a rare kind that would take too much memory", async (t) => {
  const [width, height] = [6000, 4000];
  const separated = {
    256: [width],
    257: [height],
    262: [5],
    277: [5],
    258: Array(5).fill(8),
    278: [16],
    338: [2],
  };
  const kinds:
    readonly (readonly [name: string, fields: Record<number, number[]>, taken: number | undefined])[] = [
      ["inks and opacity", separated, 321],
      ["inks and opacity in one strip", { ...separated, 278: [height] }, 680],
      ["tiles of inks and opacity", { ...separated, 322: [256], 323: [256] }, 561],
      ["two colours", { 256: [width], 257: [height], 262: [0], 277: [1], 258: [1], 278: [16] }, undefined],
      ["inks", { ...separated, 277: [4], 258: Array(4).fill(8), 338: [] }, undefined],
    ];
  for (const [name, fields, taken] of kinds) {
    await t.step(name, async () => {
      const bytes = writeTiff([fields], new Uint8Array(8));
      const error = await assertRejects(() => decodeImage(bytes, { maxDecodingBytes }), ImageError);
      const isCut = /cut short/.test(error.message);
      assertEquals(
        taken === undefined ? isCut : error.message,
        taken === undefined || tooMuch("6000 × 4000", taken, 250),
      );
    });
  }
});
