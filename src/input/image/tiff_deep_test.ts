import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { testdata } from "../../testing/mod.ts";
import { decodeImage } from "./mod.ts";
import { writeDeepTiff, writeTiff } from "./testing.ts";
import { readDeepTiff } from "./tiff_deep.ts";
import type { Samples } from "./samples.ts";
import { isLittleEndian, tiffDirectories } from "./tiff_directory.ts";
import { readTiffSamples } from "./tiff_runs.ts";

const folder = new URL("deep/", testdata);

interface DeepCases {
  readonly height: number;
  readonly width: number;
  readonly files: readonly { readonly name: string; readonly channels: number }[];
}

/** All values of a picture, row by row. */
async function valuesOf(samples: Samples): Promise<number[]> {
  const values: number[] = [];
  for await (const run of samples.runs()) values.push(...run.values);
  return values;
}

const cases: DeepCases = JSON.parse(await Deno.readTextFile(new URL("index.json", folder)));

Deno.test("readTiffSamples() gives the values that were written", async (t) => {
  const { height, width, files } = cases;
  for (const { name, channels } of files) {
    await t.step(name, async () => {
      const bytes = await Deno.readFile(new URL(`${name}.tiff`, folder));
      const expected = new Float32Array((await Deno.readFile(new URL(`${name}.f32`, folder))).buffer);
      const [directory] = tiffDirectories(bytes);
      const samples = readTiffSamples(
        bytes,
        readDeepTiff(directory!, { height, width })!,
        isLittleEndian(bytes),
      );
      assertEquals([samples.channels, samples.height, samples.width], [channels, height, width]);
      assertEquals(Float32Array.from(await valuesOf(samples)), expected);
      assertEquals(Float32Array.from(await valuesOf(samples)), expected); // and once more
    });
  }
});

Deno.test("decodeImage() refuses a deep TIFF that ends early, wherever that is", async (t) => {
  for (const { name } of cases.files) {
    await t.step(name, async () => {
      const bytes = await Deno.readFile(new URL(`${name}.tiff`, folder));
      for (const part of [0.3, 0.6, 0.9]) {
        const error = await assertRejects(
          () => decodeImage(bytes.slice(0, Math.floor(bytes.length * part))),
          ImageError,
        );
        assertStringIncludes(error.message, "cut short");
      }
    });
  }
});

Deno.test("decodeImage() gives a deep TIFF and what Deflate's strip is filled up with", async () => {
  const name = "grey_int16";
  const bytes = await Deno.readFile(new URL(`${name}.tiff`, folder));
  const [directory] = tiffDirectories(bytes);
  const deep = readDeepTiff(directory!, cases)!;
  const filled = new Uint8Array([...bytes, 0, 0, 7]);
  const [offset, length] = [deep.offsets[0]!, deep.lengths[0]!];
  filled.copyWithin(offset + length + 3, offset + length, bytes.length); // what lies behind is not read again
  const values = await valuesOf(readTiffSamples(filled, { ...deep, lengths: [length + 3] }, true));
  assertEquals(values, await valuesOf(readTiffSamples(bytes, deep, true)));
});

/** 3 wide and 2 high. */
const size = { height: 2, width: 3 };
const values = [0, 4095, 2048, 1000, 3000, 65];

Deno.test("decodeImage() reads packed 12 bits, opacity that is multiplied in, and turned pictures", async (t) => {
  await t.step("12 bits a value, rows filled up to whole bytes", async () => {
    const row = (
      a: number,
      b: number,
      c: number,
    ) => [a >> 4, (a & 15) << 4 | b >> 8, b & 255, c >> 4, (c & 15) << 4];
    const strip = Uint8Array.from([...row(0, 4095, 2048), ...row(1000, 3000, 65)]);
    const fields = { 256: [3], 257: [2], 258: [12], 262: [1], 277: [1], 278: [2] };
    const { data, warnings } = await decodeImage(writeTiff([fields], strip));
    assertEquals([...data].filter((_, at) => at % 4 === 0), [0, 255, 128, 62, 187, 4]); // the higher 8 bits
    assertEquals(warnings, []);
  });
  await t.step("opacity", async () => {
    const pixels = [30_000, 65_535, 15_000, 32_768, 0, 0, 65_535, 65_535, 100, 257, 0, 65_535];
    const { data } = await decodeImage(writeDeepTiff(pixels, size, { 338: [1] }), { alpha: "keep" });
    const seen = [...data].filter((_, at) => at % 4 === 0 || at % 4 === 3);
    assertEquals(seen, [117, 255, 117, 128, 0, 0, 255, 255, 99, 1, 0, 255]); // 15,000 / 0.5; 100 · 255
  });
  await t.step("turned", async () => {
    const { data, height, width } = await decodeImage(writeDeepTiff(values, size, { 274: [6] }), {
      range: "auto",
    });
    assertEquals([height, width], [3, 2]);
    assertEquals([...data].filter((_, at) => at % 4 === 0), [62, 0, 187, 255, 4, 128]);
  });
});

Deno.test("decodeImage() says what of a TIFF is not shown", async (t) => {
  const strip = new Uint8Array(60).fill(200);
  const grey = { 256: [3], 257: [2], 258: [8], 262: [1], 277: [1], 278: [2] };
  const several = (count: number) => ({ ...grey, 258: Array(count).fill(8), 277: [count] });
  const page = { ...grey, 254: [0] };
  const one = await decodeImage(writeTiff([grey], strip));
  assertEquals(one.warnings, []);
  const files:
    readonly (readonly [name: string, directories: Parameters<typeof writeTiff>[0], warnings: string[]])[] = [
      ["three pages", [page, page, page], ["The photo's file has 3 pages: the first is explained"]],
      ["smaller copies", [page, { ...grey, 254: [1] }, { ...grey, 254: [1] }], []],
      ["a mask", [page, { ...grey, 254: [4] }], []],
      ["grey and opacity", [{ ...several(2), 338: [2] }], []],
      ["two values", [{ ...several(2), 338: [0] }], [
        "The photo has 2 values a pixel: the first is shown as grey",
      ]],
      ["five", [several(5)].map((one) => ({ ...one, 338: [0, 0, 0, 0] })), [
        "The photo has 5 values a pixel: the first is shown as grey",
      ]],
      ["infrared", [{ ...several(4), 262: [2], 338: [0] }], [
        "The photo has 4 values a pixel: the first 3 are shown as its colours",
      ]],
    ];
  for (const [name, directories, warnings] of files) {
    await t.step(name, async () => {
      assertEquals((await decodeImage(writeTiff(directories, strip))).warnings, warnings);
    });
  }
});

Deno.test("decodeImage() says why a TIFF cannot be read", async (t) => {
  const fields: readonly (readonly [fields: Record<number, number[]>, reason: string])[] = [
    [{ 259: [50_000] }, "its pixels are packed by ZSTD, which is not supported: save it with LZW, or as PNG"],
    [{ 259: [34_887] }, "its pixels are packed by LERC, which is not supported: save it with LZW, or as PNG"],
    [
      { 339: [6], 258: [64] },
      "its values are complex64, which is not supported: save it as uint16 or float32",
    ],
    [{ 258: [64] }, "its values are uint64, which is not supported: save it as uint16 or float32"],
    [{ 278: [0] }, "the TIFF file is damaged or cut short"],
    [{ 259: [5] }, "the TIFF file is cut short: get it again"], // which LZW's first code ends
  ];
  for (const [given, reason] of fields) {
    await t.step(reason, async () => {
      const bits = given[258]?.[0] ?? 16;
      const grey = { 256: [3], 257: [2], 262: [1], 277: [1], 278: [2] };
      const strip = Uint8Array.of(0x80, 0x80, 0, 0); // clear, then the end
      const bytes = writeTiff([{ ...grey, ...given, 258: [bits] }], strip);
      const error = await assertRejects(() => decodeImage(bytes), ImageError);
      assertEquals(error.message, `Cannot decode the image: ${reason}`);
    });
  }
});
