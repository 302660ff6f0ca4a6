import { assertEquals, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { viewOf } from "./bytes.ts";
import { decodeImage } from "./mod.ts";
import { readImageFile } from "./testing.ts";

/** A number in bytes, the lowest first. */
function little(value: number, length: number): number[] {
  return Array.from({ length }, (_, byte) => value >> 8 * byte & 255);
}

/** A chunk of a WebP. */
function chunk(kind: string, ...parts: readonly ArrayLike<number>[]): Uint8Array {
  const content = parts.flatMap((part) => Array.from(part));
  const letters = [...kind].map((letter) => letter.charCodeAt(0));
  return Uint8Array.from([
    ...letters,
    ...little(content.length, 4),
    ...content,
    ...content.length % 2 ? [0] : [],
  ]);
}

/** The chunks of a WebP that hold its picture. */
function picturesOf(webp: Uint8Array): Uint8Array {
  const view = viewOf(webp);
  const header = new TextDecoder().decode(webp.subarray(12, 16)) === "VP8X"
    ? 8 + view.getUint32(16, true)
    : 0;
  return webp.subarray(12 + header);
}

interface Placed {
  readonly canvas: readonly [width: number, height: number];
  readonly at: readonly [left: number, top: number];
  readonly exif?: readonly number[];
}

/** An animated WebP of one picture, 40 pixels wide and 26 high, somewhere on its canvas. */
function animate(
  webp: Uint8Array,
  { canvas: [width, height], at: [left, top], exif = [] }: Placed,
): Uint8Array {
  const size = [...little(width - 1, 3), ...little(height - 1, 3)];
  const place = [...little(left / 2, 3), ...little(top / 2, 3), ...little(39, 3), ...little(25, 3)];
  return chunk(
    "RIFF",
    new TextEncoder().encode("WEBP"),
    chunk("VP8X", [0x1a, 0, 0, 0], size),
    chunk("ANIM", [1, 2, 3, 255, 0, 0]),
    chunk("ANMF", place, [100, 0, 0, 0], picturesOf(webp)),
    chunk("ANMF", place, [100, 0, 0, 0], picturesOf(webp)),
    exif.length > 0 ? chunk("EXIF", exif) : [],
  );
}

/** EXIF that says to turn a picture clockwise. */
const turned6 = [..."II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"].map((letter) =>
  letter.charCodeAt(0)
);

Deno.test("decodeImage() puts an animated WebP's first picture where it lies, and nothing around it", async (t) => {
  for (const file of ["lossy.webp", "lossless.webp", "alpha.webp", "lossy_alpha.webp"]) {
    await t.step(file, async () => {
      const still = await readImageFile(file);
      const expected = await decodeImage(still, { alpha: "keep" });
      const canvas = [51, 33] as const;
      const at = [6, 4] as const;
      const whole = await decodeImage(animate(still, { canvas: [40, 26], at: [0, 0] }), { alpha: "keep" });
      assertEquals(whole.data, expected.data);
      const { data, height, width } = await decodeImage(animate(still, { canvas, at }), { alpha: "keep" });
      assertEquals([width, height], [...canvas]);
      const pixels = new Uint32Array(data.buffer);
      const stored = new Uint32Array(expected.data.buffer);
      for (let y = 0; y < height; y++) {
        const isInside = y >= at[1] && y < at[1] + 26;
        const row = [...pixels.subarray(y * width, (y + 1) * width)];
        const inside = isInside
          ? stored.subarray((y - at[1]) * 40, (y - at[1] + 1) * 40)
          : new Uint32Array(40);
        assertEquals(row, [...Array(6).fill(0), ...inside, ...Array(5).fill(0)]);
      }
      const turned = await decodeImage(animate(still, { canvas, at, exif: turned6 }), { alpha: "keep" });
      assertEquals([turned.width, turned.height], [33, 51]);
      const upright = new Uint32Array(turned.data.buffer);
      assertEquals(
        [...upright.keys()].every((at) => {
          const [x, y] = [at % 33, Math.floor(at / 33)];
          return upright[at] === pixels[(32 - x) * 51 + y];
        }),
        true,
      );
    });
  }
});

Deno.test("decodeImage() refuses an animated WebP whose first picture lies beyond its canvas, or is another", async (t) => {
  const still = await readImageFile("lossless.webp");
  const damaged = "the WebP file is damaged or cut short";
  await t.step("beyond", async () => {
    const bytes = animate(still, { canvas: [44, 30], at: [6, 4] });
    await assertRejects(() => decodeImage(bytes), ImageError, damaged);
  });
  await t.step("of another size", async () => {
    const bytes = animate(still, { canvas: [51, 33], at: [0, 0] });
    bytes[12 + 18 + 14 + 8 + 6]! -= 1; // the frame's width
    await assertRejects(() => decodeImage(bytes), ImageError, damaged);
  });
  await t.step("longer than its frame", async () => {
    const bytes = animate(still, { canvas: [51, 33], at: [0, 0] });
    bytes[12 + 18 + 14 + 8 + 16 + 4]! += 4; // the length of what is in the frame
    await assertRejects(() => decodeImage(bytes), ImageError, damaged);
  });
  await t.step("without a picture", async () => {
    const bytes = animate(still, { canvas: [51, 33], at: [0, 0] });
    bytes[12 + 18 + 14 + 8 + 16]! += 1; // the kind of what is in the frame
    await assertRejects(() => decodeImage(bytes), ImageError, damaged);
  });
});
