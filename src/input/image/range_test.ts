import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { decodeImage, encodePng } from "./mod.ts";
import type { ValueRange } from "./range.ts";
import { readImageFile, type TiffFields, writeDeepPng, writeDeepTiff } from "./testing.ts";

/** 3 wide and 2 high: a scan of 12 bits in 16. */
const size = { height: 2, width: 3 };
const scan = [0, 4095, 2048, 1000, 3000, 65];

/** The channels of all pixels that a picture has, without those that repeat its first. */
function greys(data: Uint8ClampedArray): number[] {
  return [...data].filter((_, at) => at % 4 === 0);
}

function pixels(data: Uint8ClampedArray): number[][] {
  return Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(at * 4, at * 4 + 4)]);
}

Deno.test("decodeImage() takes a photo of 16 bits in the range that is asked for", async (t) => {
  const files = { png: await writeDeepPng(scan, size), tiff: writeDeepTiff(scan, size) };
  const dark =
    'The photo\'s values fill 0 … 4095 of 0 … 65535, so that it looks nearly black: set the option "range" (--range auto)';
  const cases: readonly {
    readonly range?: ValueRange;
    readonly result: readonly number[];
    readonly warnings?: readonly string[];
  }[] = [
    { result: [0, 15, 8, 3, 11, 0], warnings: [dark] }, // the higher 8 bits
    { range: "auto", result: [0, 255, 128, 62, 187, 4] }, // 2048 · 255 / 4095 = 127.53, 1000 · …: 62.27, 186.8, 4.05
    { range: [0, 4095], result: [0, 255, 128, 62, 187, 4] },
    { range: [1000, 3000], result: [0, 255, 134, 0, 255, 0] }, // 1048 · 255 / 2000 = 133.6
    { range: [-1000, 4100], result: [50, 255, 152, 100, 200, 53] }, // a twentieth of what is above −1000
    {
      range: [0, 65_535],
      result: [0, 16, 8, 4, 12, 0],
      warnings: [dark],
    },
    {
      range: [5000, 6000],
      result: [0, 0, 0, 0, 0, 0],
      warnings: [dark.replace("0 … 65535", "5000 … 6000")],
    },
    {
      range: [-500, 10],
      result: [250, 255, 255, 255, 255, 255],
      warnings: [dark.replace("0 … 65535", "-500 … 10").replace("black", "white")],
    },
  ];
  for (const [format, bytes] of Object.entries(files)) {
    for (const { range, result, warnings = [] } of cases) {
      await t.step(`${format}, ${range ?? "all"}`, async () => {
        const image = await decodeImage(bytes, { range });
        assertEquals([image.height, image.width, image.warnings], [2, 3, warnings]);
        assertEquals(greys(image.data), result);
      });
    }
  }
});

Deno.test("decodeImage() stretches all colours alike, and opacity never", async (t) => {
  const blue = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1100, 100, 600, 350, 100, 100, 1100];
  const stretched = [
    [0, 26, 51, 255], // a quarter of what is above 100: 0, 25.5, 51
    [76, 102, 128, 255],
    [153, 178, 204, 255],
    [230, 255, 255, 255],
    [0, 128, 64, 255],
    [0, 0, 255, 255],
  ];
  for (
    const [format, bytes] of [["png", await writeDeepPng(blue, size)], [
      "tiff",
      writeDeepTiff(blue, size),
    ]] as const
  ) {
    await t.step(`RGB in a ${format}`, async () => {
      assertEquals(pixels((await decodeImage(bytes, { range: "auto" })).data), stretched);
    });
  }
  const half = 0x8080;
  const withOpacity = [0, 65535, 1000, 65535, 500, half, 60_000, 0, 250, 65535, 1000, 257];
  const both = {
    png: await writeDeepPng(withOpacity, size),
    tiff: writeDeepTiff(withOpacity, size, { 338: [2] }),
  };
  for (const [format, bytes] of Object.entries(both)) {
    await t.step(`grey with opacity in a ${format}`, async () => {
      const { data, warnings } = await decodeImage(bytes, { range: "auto", alpha: "keep" });
      assertEquals(pixels(data).map(([grey, , , alpha]) => [grey, alpha]), [
        [0, 255],
        [255, 255],
        [128, 128],
        [255, 0], // what cannot be seen does not count
        [64, 255],
        [255, 1],
      ]);
      assertEquals(warnings, []);
    });
  }
});

Deno.test("decodeImage() stretches photos of 8 bits where it is asked to, and warns of none where it is not", async (t) => {
  const data = new Uint8ClampedArray(scan.length * 4).fill(255);
  [10, 20, 30, 12, 18, 26].forEach((value, at) => data.fill(value, at * 4, at * 4 + 3));
  const png = await encodePng({ data, ...size });
  await t.step("nothing asked for", async () => {
    const image = await decodeImage(png);
    assertEquals([greys(image.data), image.warnings], [[10, 20, 30, 12, 18, 26], []]);
  });
  await t.step("from the smallest to the largest", async () => {
    const image = await decodeImage(png, { range: "auto" });
    assertEquals([greys(image.data), image.warnings], [[0, 128, 255, 26, 102, 204], []]);
  });
  await t.step("a window", async () => {
    assertEquals(greys((await decodeImage(png, { range: [12, 20] })).data), [0, 255, 255, 0, 191, 255]);
  });
  await t.step("one meant for 16 bits", async () => {
    const { warnings: [warning] } = await decodeImage(png, { range: [0, 4095] });
    assertStringIncludes(
      warning!,
      "The photo's values fill 10 … 30 of 0 … 4095, so that it looks nearly black",
    );
  });
  for (
    const file of [
      "plain.jpg",
      "palette.png",
      "alpha.webp",
      "plain.gif",
      "plain.bmp",
      "grey.tiff",
      "plain.avif",
    ]
  ) {
    await t.step(file, async () => {
      const bytes = await readImageFile(file);
      const [plain, same, cut] = await Promise.all(
        [undefined, [0, 255], [100, 101]].map((range) =>
          decodeImage(bytes, { range: range as ValueRange | undefined, alpha: "keep" })
        ),
      );
      assertEquals([same!.data, plain!.warnings], [plain!.data, []]);
      assertEquals(cut!.data, plain!.data.map((value, at) => at % 4 === 3 ? value : value > 100 ? 255 : 0));
    });
  }
});

Deno.test("decodeImage() warns where a photo of 16 bits fills a small part of its range", async (t) => {
  const ramp = (low: number, high: number, count = 2000) =>
    Array.from({ length: count }, (_, at) => Math.round(low + (high - low) * at / (count - 1)));
  const apart = (values: number[], ...few: number[]) => [...values.slice(few.length), ...few];
  const cases: readonly (readonly [name: string, values: readonly number[], part: string | undefined])[] = [
    ["10 bits", ramp(0, 1023), "fill 0 … 1023 of 0 … 65535, so that it looks nearly black"],
    ["14 bits", ramp(0, 16_383), "fill 0 … 16383 of 0 … 65535, so that it looks nearly black"],
    ["15 bits", ramp(0, 32_767), undefined],
    ["a dark photo", ramp(0, 20_000), undefined],
    ["all of it", ramp(0, 65_535), undefined],
    ["signed numbers with an offset", ramp(31_744, 35_839), "looks nearly grey all over"],
    ["nearly white", ramp(60_000, 65_535), "looks nearly white"],
    [
      "hot pixels",
      apart(ramp(0, 4095), 65_535, 65_535),
      "Nearly all of the photo's values lie in 8 … 4095 of 0 … 65535, so that it looks nearly black: set the option " +
      '"range" (--range 8,4095)',
    ],
    ["letters", apart(ramp(0, 4095), ...Array(10).fill(65_535)), undefined],
    ["one value", Array(2000).fill(700), "All values of the photo are 700: there is nothing to see in it"],
  ];
  for (const [name, values, part] of cases) {
    await t.step(name, async () => {
      const { warnings } = await decodeImage(await writeDeepPng(values, { height: 40, width: 50 }));
      assertEquals(warnings.length, part === undefined ? 0 : 1, warnings[0]);
      if (part !== undefined) assertStringIncludes(warnings[0]!, part);
    });
  }
  await t.step("hot pixels leave nothing to stretch", async () => {
    const bytes = await writeDeepPng(apart(ramp(0, 4095), 65_535, 65_535), { height: 40, width: 50 });
    const { warnings: [warning] } = await decodeImage(bytes, { range: "auto" });
    assertStringIncludes(warning!, "(--range 8,4095)");
    assertEquals((await decodeImage(bytes, { range: [8, 4095] })).warnings, []);
  });
});

Deno.test("decodeImage() takes signed numbers, fractions and inverted ones of a TIFF for what they are", async (t) => {
  const sampleFormat = 339;
  const photometric = 262;
  const bits = 258;
  const int16 = scan.map((value) => value - 1024 & 0xffff);
  const floats = (values: readonly number[]) => [...new Uint32Array(Float32Array.from(values).buffer)];
  const grey: TiffFields = {};
  const cases: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly fields: TiffFields;
    readonly range?: ValueRange;
    readonly result: readonly number[];
    readonly warning?: string;
  }[] = [
    {
      name: "signed: 0 is in the middle",
      values: int16,
      fields: { [sampleFormat]: [2] },
      result: [124, 139, 132, 127, 135, 124], // (−1024 + 32768) / 256
      warning: "fill -1024 … 3071 of -32768 … 32767, so that it looks nearly grey all over",
    },
    {
      name: "signed, a window of soft tissue",
      values: [-1024, 40, 240, -160, 140, 3000].map((value) => value & 0xffff),
      fields: { [sampleFormat]: [2] },
      range: [-160, 240],
      result: [0, 128, 255, 0, 191, 255],
    },
    {
      name: "inverted: the lowest is white",
      values: [0, 65_535, 32_768, 256, 255, 65_280],
      fields: { [photometric]: [0] },
      result: [255, 0, 127, 254, 255, 0],
    },
    {
      name: "inverted, 12 bits",
      values: scan,
      fields: { [photometric]: [0] },
      result: [255, 240, 247, 252, 244, 255],
      warning: "so that it looks nearly white",
    },
    {
      name: "inverted, stretched",
      values: scan,
      fields: { [photometric]: [0] },
      range: [1000, 3000],
      result: [255, 0, 121, 255, 0, 255],
    },
    {
      name: "fractions of 1",
      values: floats([0, 1, 0.5, 0.25, 1.05, NaN]),
      fields: { [sampleFormat]: [3], [bits]: [32] },
      result: [0, 255, 128, 64, 255, 0],
    },
    {
      name: "fractions of anything",
      values: floats([-1000, 3000, 0.5, Infinity, NaN, 1000]),
      fields: { [sampleFormat]: [3], [bits]: [32] },
      result: [0, 255, 128, 255, 0, 255],
      warning: 'values are -1000 … 3000, of which 0 … 1 is shown: set the option "range" (--range auto)',
    },
    {
      name: "fractions of anything, stretched",
      values: floats([-1000, 3000, 0.5, Infinity, NaN, 1000]),
      fields: { [sampleFormat]: [3], [bits]: [32] },
      range: "auto",
      result: [0, 255, 64, 255, 0, 128],
    },
  ];
  for (const { name, values, fields, range, result, warning } of cases) {
    await t.step(name, async () => {
      const image = await decodeImage(writeDeepTiff(values, size, { ...grey, ...fields }), { range });
      assertEquals(greys(image.data), result);
      assertEquals(image.warnings.length, warning === undefined ? 0 : 1, image.warnings[0]);
      if (warning !== undefined) assertStringIncludes(image.warnings[0]!, warning);
    });
  }
});

Deno.test("decodeImage() says what is wrong with a range", async (t) => {
  const bytes = await readImageFile("plain.png");
  const cases: readonly (readonly [range: unknown, message: string])[] = [
    [[9, 9], "Cannot use range 9 … 9: give two numbers, the lower one first"],
    [[9, 3], "Cannot use range 9 … 3: give two numbers, the lower one first"],
    [[NaN, 3], "Cannot use range NaN … 3: give two numbers, the lower one first"],
    [[0, Infinity], "Cannot use range 0 … Infinity: give two numbers, the lower one first"],
    ["all", 'Unknown range "all": use "auto" or [low, high]'],
  ];
  for (const [range, message] of cases) {
    await t.step(message, async () => {
      const error = await assertRejects(() => decodeImage(bytes, { range: range as ValueRange }), RangeError);
      assertEquals(error.message, message);
    });
  }
  for (const range of [7, [1], [1, 2, 3], ["0", "9"], { low: 0, high: 9 }]) {
    await t.step(JSON.stringify(range), async () => {
      await assertRejects(
        () => decodeImage(bytes, { range: range as never }),
        TypeError,
        `: give "auto" or [low, high], two of the photo's own values`,
      );
    });
  }
});
