import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "./encode_png.ts";
import { decodeImage } from "./mod.ts";
import { decodeNatively } from "./native.ts";
import { collectRows } from "./rows.ts";

Deno.test("encodePng() writes what decodeImage() reads", async (t) => {
  const data = Uint8ClampedArray.from({ length: 5 * 3 * 4 }, (_, index) => index % 4 === 3 ? 255 : index * 4);
  await t.step("a whole buffer", async () => {
    const { data: read, height, width } = await decodeImage(await encodePng({ data, height: 3, width: 5 }));
    assertEquals([height, width, [...read]], [3, 5, [...data]]);
  });
  await t.step("a part of a buffer", async () => {
    const larger = new Uint8ClampedArray(data.length + 8);
    larger.set(data, 8);
    const { data: read } = await decodeImage(
      await encodePng({ data: larger.subarray(8), height: 3, width: 5 }),
    );
    assertEquals([...read], [...data]);
  });
});

Deno.test("encodePng() refuses pixels that do not fit the size", async () => {
  const data = new Uint8ClampedArray(12);
  await assertRejects(
    () => encodePng({ data, height: 2, width: 2 }),
    RangeError,
    "Cannot write a PNG of 2 × 2 pixels from 12 values",
  );
  await assertRejects(() => encodePng({ data: new Uint8ClampedArray(), height: 0, width: 3 }), RangeError);
});

/** Numbers that look like chance, the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Pictures by what they are made of. */
const kinds: Readonly<Record<string, (next: () => number, at: number) => number>> = {
  noise: (next) => next() * 256,
  flat: () => 77,
  "mostly flat": (next) => next() < 0.01 ? 200 : 30, // repetitions of all lengths
  "rare values": (next) => 255 * next() ** 40, // codes of all lengths
  "a gradient": (_, at) => at / 97,
};

/** With opacity, or without. */
function draw(kind: string, height: number, width: number, isOpaque: boolean): Uint8ClampedArray {
  const [value, next] = [kinds[kind]!, chance(height * 1000 + width)];
  const data = Uint8ClampedArray.from({ length: height * width * 4 }, (_, at) => value(next, at));
  if (isOpaque) { for (let at = 3; at < data.length; at += 4) data[at] = 255; }
  return data;
}

Deno.test("encodePng() keeps every pixel of pictures of all kinds and shapes", async (t) => {
  const sizes = [[1, 1], [1, 2], [3, 3], [2, 4], [7, 5], [40, 87], [3, 700], [300, 2], [1, 40_000], [
    70,
    513,
  ]];
  for (const kind of Object.keys(kinds)) {
    await t.step(kind, async () => {
      for (const [height, width] of sizes as [number, number][]) {
        for (const isOpaque of [true, false]) {
          const data = draw(kind, height, width, isOpaque);
          const bytes = await encodePng({ data, height, width });
          const back = await decodeImage(bytes, { alpha: "keep" });
          assertEquals([back.height, back.width], [height, width]);
          assert(data.every((value, at) => value === back.data[at]), `${width} × ${height}, ${isOpaque}`);
          assertEquals([bytes[25], bytes.buffer.byteLength], [isOpaque ? 2 : 6, bytes.length]);
        }
      }
    });
  }
});

Deno.test("encodePng() writes what the platform reads", async () => {
  const [height, width] = [37, 53];
  const data = draw("mostly flat", height, width, true);
  const { rows } = await decodeNatively(await encodePng({ data, height, width }));
  assertEquals([...(await collectRows({ height, width, rows })).data], [...data]);
});

Deno.test("encodePng() makes little of what says little, and no more of noise than there is", async () => {
  const [height, width] = [400, 500];
  const bytesOf = async (kind: string) =>
    (await encodePng({ data: draw(kind, height, width, true), height, width })).length;
  assert(await bytesOf("flat") < 5_000, `${await bytesOf("flat")}`);
  assert(await bytesOf("noise") < height * width * 3 * 1.01);
});

Deno.test("encodePng() writes two pictures at once", async () => {
  const pictures = [[60, 70], [50, 90], [60, 70]].map(([height, width], at) => ({
    data: draw(Object.keys(kinds)[at]!, height!, width!, true),
    height: height!,
    width: width!,
  }));
  const alone = [];
  for (const picture of pictures) alone.push(await encodePng(picture));
  assertEquals(await Promise.all(pictures.map(encodePng)), alone);
});
