import { assertEquals } from "@std/assert";
import { fitPhoto } from "./fit.ts";
import { decodeImage } from "./mod.ts";
import { type Planes, resize } from "./resize.ts";
import type { Placement } from "./types.ts";

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
      const { planes } = fitPhoto(photo, { height, width, channels: 1 }, "squash");
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
