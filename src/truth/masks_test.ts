import { assertEquals, assertRejects } from "@std/assert";
import { TruthError } from "../base/errors.ts";
import { encodePng } from "../input/image/mod.ts";
import { openTruth } from "./mod.ts";
import { rounded, unasked, withFiles } from "./testing.ts";

/** A picture of 2 rows and 3 columns. */
async function picture(
  ...pixels: readonly (readonly [number, number, number, number?])[]
): Promise<Uint8Array> {
  const data = new Uint8ClampedArray(
    pixels.flatMap(([red, green, blue, alpha = 255]) => [red, green, blue, alpha]),
  );
  return await encodePng({ data, height: 2, width: 3 });
}

const black = [0, 0, 0] as const;
const white = [255, 255, 255] as const;
const half = [0.3333, 0, 0.6667, 0.5];

Deno.test("masksFormat reads pictures of two colours, the darker the background, by the photo's name", async () => {
  const files = {
    "a.png": await picture(black, white, white, black, black, black),
    "b_mask.png": await picture(black, [1, 1, 1], [1, 1, 1], black, black, black), // of 0 and 1
    "c.mask.png": await picture([0, 0, 90], [128, 0, 0], [128, 0, 0], [0, 0, 90], [0, 0, 90], [0, 0, 90]),
    "d.png": await picture([9, 9, 9, 0], white, white, [9, 9, 9, 0], [9, 9, 9, 0], [9, 9, 9, 0]), // transparent
    "e.png": await picture(black, black, black, black, black, black),
    "f.png": await picture(black, [90, 0, 0], white, black, black, black),
    "g.png": await picture(black, [1, 1, 1], [2, 2, 2], [3, 3, 3], black, black), // of classes
    "h.png": new TextEncoder().encode("no picture"),
    "tabby cat/i.png": await picture(black, white, white, black, black, black),
    "dog/i.png": await picture(black, black, black, white, white, white),
  };
  await withFiles(files, async (folder) => {
    const truth = await openTruth(folder);
    assertEquals(truth.kind, "masks");
    for (const photo of ["a", "b", "c", "d"]) {
      const found = rounded(await truth.find(`photos/${photo}.jpg`, unasked));
      assertEquals(found?.objects, [{ label: undefined, boxes: [half], mask: [".##", "..."] }], photo);
    }
    assertEquals(await truth.find("e.jpg", unasked), { objects: [], problems: [] });
    const several = rounded(await truth.find("i.jpg", unasked));
    assertEquals(several?.objects, [
      { label: "dog", boxes: [[0, 0.5, 1, 0.5]], mask: ["...", "###"] },
      { label: "tabby cat", boxes: [half], mask: [".##", "..."] },
    ]);
    const messages: Record<string, string> = {
      "f.jpg":
        'Cannot read mask "f.png": it has more than two colours: give one of each class, white where it is',
      "g.jpg":
        'Cannot read mask "g.png": it has more than two colours: give one of each class, white where it is',
    };
    for (const [photo, message] of Object.entries(messages)) {
      const error = await assertRejects(() => truth.find(photo, unasked), TruthError);
      assertEquals(error.message, message);
    }
    const error = await assertRejects(() => truth.find("h.jpg", unasked), TruthError);
    assertEquals(error.message.startsWith('Cannot read mask "h.png": '), true, error.message);
  });
});
