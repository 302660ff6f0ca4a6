import { assertEquals, assertLess } from "@std/assert";
import { fitPhoto } from "./fit.ts";
import { decodeImage } from "./mod.ts";
import { type Planes, resize, Resizer } from "./resize.ts";
import type { Placement, RgbaImage } from "./types.ts";

const testdata = new URL("../../../testdata/", import.meta.url);

interface ResizeCase {
  readonly name: string;
  readonly box: Placement;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Planes with the channels innermost, as Pillow has them. */
function interleave({ data, channels, height, width }: Planes): Uint8Array {
  const area = height * width;
  return Uint8Array.from(data, (_, at) => data[(at % channels) * area + Math.floor(at / channels)]!);
}

Deno.test("resize() gives the pixels that Pillow gives", async (t) => {
  const photo = await decodeImage(await Deno.readFile(new URL("photos/chelsea.png", testdata)));
  const { cases }: { cases: ResizeCase[] } = JSON.parse(
    await Deno.readTextFile(new URL("resize/index.json", testdata)),
  );
  for (const { name, channels, ...size } of cases.filter(({ channels }) => channels === 3)) {
    await t.step(name, async () => {
      const expected = await Deno.readFile(new URL(`resize/${name}.u8`, testdata));
      assertEquals(interleave(resize(photo, { ...size, channels })), expected);
    });
  }
  for (const { name, width, height } of cases.filter(({ channels }) => channels === 1)) {
    await t.step(name, async () => {
      const expected = await Deno.readFile(new URL(`resize/${name}.u8`, testdata));
      const { planes } = fitPhoto(photo, { height, width, channels: 1 }, { fit: "squash" });
      assertEquals(interleave(planes), expected);
    });
  }
});

Deno.test("resize() gives the embedded model the input that the reference had", async (t) => {
  for (const name of ["chelsea", "coffee"]) {
    await t.step(name, async () => {
      const photo = await decodeImage(await Deno.readFile(new URL(`photos/${name}.png`, testdata)));
      const expected = await Deno.readFile(
        new URL(`goldens/efficientnet_lite0/${name}.input.u8`, testdata),
      );
      assertEquals(interleave(resize(photo, { height: 224, width: 224 })), expected);
    });
  }
});

Deno.test("resize() keeps a picture of one colour as it is", () => {
  const data = new Uint8ClampedArray(5 * 3 * 4).fill(201);
  const { data: pixels } = resize({ data, height: 3, width: 5 }, { height: 7, width: 4 });
  assertEquals(new Set(pixels), new Set([201]));
});

/** A picture whose pixels all differ from their neighbours, opaque. */
function noise(width: number, height: number): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  let state = 1;
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = at % 4 === 3 ? 255 : state >>> 24;
  }
  return { data, height, width };
}

Deno.test("Resizer gives the same whether rows come all at once or a few at a time", async (t) => {
  const photo = noise(13, 29);
  const targets = [
    { height: 7, width: 5 },
    { height: 41, width: 20 },
    { height: 9, width: 31, box: { x: 2.5, y: 6.25, width: 9, height: 15.5 } },
    { height: 9, width: 4, channels: 1 as const },
  ];
  for (const target of targets) {
    await t.step(`${target.height} × ${target.width}`, () => {
      const resizer = new Resizer(photo, target);
      for (let row = 0, count = 1; row < photo.height; row += count, count = count % 5 + 1) {
        resizer.take(photo.data.subarray(row * 13 * 4, (row + count) * 13 * 4));
      }
      assertEquals(resizer.finish(), resize(photo, target));
    });
  }
});

Deno.test("resize() gives each colour what it gives grey, however wide the picture is", async (t) => {
  for (const [width, height] of [[13, 29], [1414, 40], [70_000, 5]] as const) { // the last in plain code
    await t.step(`${width} × ${height}`, () => {
      const photo = noise(width, height);
      const target = { height: 4, width: 31, box: { x: 0.5, y: 0.25, width: width - 1, height: height - 1 } };
      const { data } = resize(photo, target);
      const area = data.length / 3;
      for (let channel = 0; channel < 3; channel++) {
        const grey = photo.data.map((_, at) => photo.data[at - at % 4 + channel]!);
        const alone = resize({ ...photo, data: grey }, { ...target, channels: 1 });
        assertEquals(data.slice(channel * area, (channel + 1) * area), alone.data);
      }
    });
  }
});

Deno.test("resize() takes the time and the memory that a picture's pixels deserve, whatever its shape", async (t) => {
  const size = { height: 224, width: 224 };
  const turned = (planes: Planes) =>
    planes.data.map((_, at) => planes.data[at % 224 * 224 + Math.floor(at / 224)]!);
  const results: Uint8ClampedArray[] = [];
  for (const [width, height] of [[1, 3_000_000], [3_000_000, 1]] as const) {
    await t.step(`${width} × ${height}`, () => {
      const photo = noise(width, height);
      const [started, before] = [performance.now(), Deno.memoryUsage().rss];
      const planes = resize(photo, { ...size, channels: 1 });
      assertLess(performance.now() - started, 2000); // a third of a second where nothing else runs
      assertLess((Deno.memoryUsage().rss - before) / 2 ** 20, 100);
      results.push(width === 1 ? planes.data : turned(planes));
    });
  }
  assertEquals(results[0], results[1], "Both are the same line of pixels");
});
