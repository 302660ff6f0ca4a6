import { assertEquals } from "@std/assert";
import { decodeByMagick } from "./magick.ts";
import { decodeImage } from "./mod.ts";
import { collectRows } from "./rows.ts";
import { type TiffFields, writeTiff } from "./testing.ts";
import { readDeepTiff } from "./tiff_deep.ts";
import { tiffDirectories } from "./tiff_directory.ts";

const size = { height: 7, width: 11 };

/** Fields of a picture in one strip. */
function fieldsOf(photometric: number, channels: number, more: TiffFields = {}): TiffFields {
  const { height, width } = size;
  return {
    256: [width],
    257: [height],
    258: Array(channels).fill(8),
    262: [photometric],
    277: [channels],
    278: [height],
    ...more,
  };
}

/** Bytes without a pattern, the same each time. */
function scattered(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = state * 16_807 % 2_147_483_647) >> 8 & 255);
}

const numbers = Array.from(scattered(768), (value, at) => value * 256 + at % 256);
const inks = { photometric: 5, channels: 4 };
const numbered = { photometric: 3, channels: 1 };

const kinds: readonly (readonly [name: string, kind: typeof inks, fields: TiffFields, isOurs: boolean])[] = [
  ["inks", inks, {}, true],
  ["inks, turned", inks, { 274: [6] }, true],
  ["other inks", inks, { 332: [2] }, false],
  ["numbered colours", numbered, { 320: numbers }, true],
  ["numbered colours of 8 bits", numbered, { 320: numbers.map((value) => value >> 8) }, true],
  ["numbered colours, all black", numbered, { 320: Array(768).fill(0) }, true],
  ["numbered colours, turned", numbered, { 320: numbers, 274: [5] }, true],
];

Deno.test("decodeImage() gives a TIFF's inks and numbered colours as ImageMagick does", async (t) => {
  const { height, width } = size;
  for (const [name, { photometric, channels }, more, isOurs] of kinds) {
    await t.step(name, async () => {
      const strip = scattered(height * width * channels);
      const bytes = writeTiff([fieldsOf(photometric, channels, more)], strip);
      const [directory] = tiffDirectories(bytes);
      assertEquals(readDeepTiff(directory!, size)?.coloring !== undefined, isOurs);
      const expected = await collectRows(await decodeByMagick(bytes, "TIFF", size));
      const image = await decodeImage(bytes);
      assertEquals([image.height, image.width], [expected.height, expected.width]);
      assertEquals(image.data, expected.data);
    });
  }
});
