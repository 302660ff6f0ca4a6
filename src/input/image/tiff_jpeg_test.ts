import { assertEquals, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { jpegSegments } from "./jpeg_segments.ts";
import { decodeImage } from "./mod.ts";
import { readImageFile, type TiffFields, writeTiff } from "./testing.ts";
import { isUsual, readDeepTiff } from "./tiff_deep.ts";
import { tiffDirectories } from "./tiff_directory.ts";

/** Two tiles beside each other, which are the same JPEG; half of the second lies beyond the picture. */
const size = { height: 20, width: 60 };

interface Tiled {
  readonly photometric?: number;
  readonly channels?: number;
  readonly more?: TiffFields;
}

function writeTiled(tile: Uint8Array, { photometric = 6, channels = 3, more = {} }: Tiled = {}): Uint8Array {
  const { height, width } = size;
  return writeTiff([{
    256: [width],
    257: [height],
    258: Array(channels).fill(8),
    259: [7],
    262: [photometric],
    277: [channels],
    322: [40],
    323: [26],
    324: [8, 8],
    325: [tile.length, tile.length],
    ...more,
  }], tile);
}

/** A JPEG's tables by themselves, and the rest of it. */
function splitTables(jpeg: Uint8Array): { readonly tables: Uint8Array; readonly rest: Uint8Array } {
  const segments = [...jpegSegments(jpeg)].filter(({ marker }) => marker === 0xdb || marker === 0xc4);
  const tables = segments.flatMap(({ start, end }) => [...jpeg.subarray(start, end)]);
  const isTable = (at: number) => segments.some(({ start, end }) => at >= start && at < end);
  return {
    tables: Uint8Array.from([0xff, 0xd8, ...tables, 0xff, 0xd9]),
    rest: jpeg.filter((_, at) => !isTable(at)),
  };
}

/** Whether tiles are unpacked here. */
function areOurs(bytes: Uint8Array): boolean {
  const tiff = readDeepTiff([...tiffDirectories(bytes)][0]!, size);
  return tiff !== undefined && isUsual(bytes, tiff);
}

/** What two tiles look like. */
function expectedOf({ data }: { readonly data: Uint8ClampedArray }): number[] {
  return Array.from({ length: size.height }, (_, y) => {
    const row = data.subarray(y * 160, (y + 1) * 160);
    return [...row, ...row.subarray(0, 80)];
  }).flat();
}

Deno.test("decodeImage() gives a TIFF's tiles that are JPEGs as these are", async (t) => {
  for (
    const [file, kind] of [["plain.jpg", {}], ["subsampled.jpg", {}], ["grey.jpg", {
      photometric: 1,
      channels: 1,
    }]] as const
  ) {
    await t.step(file, async () => {
      const jpeg = await readImageFile(file);
      const expected = expectedOf(await decodeImage(jpeg));
      const { tables, rest } = splitTables(jpeg);
      const tiled = [writeTiled(jpeg, kind), writeTiled(rest, { ...kind, more: { 347: [...tables] } })];
      for (const bytes of tiled) {
        assertEquals(areOurs(bytes), true);
        const { data, height, width } = await decodeImage(bytes);
        assertEquals([height, width], [20, 60]);
        assertEquals([...data], expected);
      }
    });
  }
  await t.step("turned", async () => {
    const jpeg = await readImageFile("plain.jpg");
    const { data, height, width } = await decodeImage(writeTiled(jpeg, { more: { 274: [3] } }));
    assertEquals([height, width], [20, 60]);
    const pixels = [...new Uint32Array(data.buffer)].reverse();
    assertEquals([...new Uint8Array(Uint32Array.from(pixels).buffer)], expectedOf(await decodeImage(jpeg)));
  });
});

Deno.test("decodeImage() refuses a TIFF's tile that is cut short, or another JPEG than is said", async (t) => {
  const jpeg = await readImageFile("plain.jpg");
  const frame = [...jpegSegments(jpeg)].find(({ marker }) => marker === 0xc0)!.start;
  const files = {
    "cut short": jpeg.slice(0, frame + 30),
    "of another size": jpeg.with(frame + 8, 48),
  };
  for (const [name, tile] of Object.entries(files)) {
    await t.step(name, async () => {
      await assertRejects(
        () => decodeImage(writeTiled(tile)),
        ImageError,
        "the TIFF file is damaged or cut short",
      );
    });
  }
});

Deno.test("readDeepTiff() leaves JPEGs to another decoder whose colours may be meant otherwise, or that lie over each other", async () => {
  const jpeg = await readImageFile("plain.jpg");
  const frame = [...jpegSegments(jpeg)].find(({ marker }) => marker === 0xc0)!.start;
  assertEquals(areOurs(writeTiled(jpeg, { photometric: 2 })), false);
  assertEquals(areOurs(writeTiled(jpeg.with(frame + 10, "R".charCodeAt(0)))), false);
  const adobe = [
    0xff,
    0xee,
    0,
    14,
    ..."Adobe".split("").map((letter) => letter.charCodeAt(0)),
    0,
    100,
    0,
    0,
    0,
    0,
    0,
  ];
  assertEquals(
    areOurs(writeTiled(Uint8Array.from([...jpeg.subarray(0, 2), ...adobe, ...jpeg.subarray(2)]))),
    false,
  );
  assertEquals(areOurs(writeTiled(jpeg)), true);
  const many = { 322: [8], 323: [8], 324: Array(24).fill(8), 325: Array(24).fill(jpeg.length) };
  assertEquals(areOurs(writeTiled(jpeg, { more: many })), false);
});
