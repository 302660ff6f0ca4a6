import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "./encode_png.ts";
import { decodeImage } from "./mod.ts";

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
