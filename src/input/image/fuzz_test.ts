import { assert, assertEquals } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { decodeImage } from "./mod.ts";
import { readImageCases, readImageFile } from "./testing.ts";

const rounds = 50;

/** Whole numbers below a limit, in the same order every time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // its lowest bits hardly vary
    return Math.floor(state / 2 ** 32 * below);
  };
}

/** A file with some bytes changed, moved or missing; most changes lie where headers are. */
function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = original.slice(0, random(4) === 0 ? random(original.length) + 1 : original.length);
  const values = [0, 1, 0x7f, 0x80, 0xff];
  for (let change = random(8); change >= 0; change--) {
    const at = random(random(2) === 0 ? Math.min(bytes.length, 80) : bytes.length);
    bytes[at] = random(2) === 0 ? values[random(values.length)]! : random(256);
  }
  if (random(5) === 0) bytes.copyWithin(random(bytes.length), random(bytes.length), random(bytes.length));
  return bytes;
}

Deno.test("decodeImage() survives damaged files: each decodes or is refused", async (t) => {
  for (const { file, width, height } of await readImageCases()) {
    await t.step(file, async () => {
      const original = await readImageFile(file);
      const random = createRandom(original.length);
      for (let round = 0; round < rounds; round++) {
        try {
          const image = await decodeImage(mutate(original, random), { maxPixels: 100_000 });
          assertEquals(image.data.length, image.height * image.width * 4);
        } catch (error) {
          if (!(error instanceof ImageError)) throw error;
          assert(!error.message.includes("\n"), error.message);
        }
      }
      const { width: widthAfter, height: heightAfter } = await decodeImage(original);
      assertEquals([widthAfter, heightAfter], [width, height], "A decoder was left broken");
    });
  }
});
