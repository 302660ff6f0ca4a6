import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { findSuperpixels, type Picture } from "./superpixels.ts";

const pause = () => Promise.resolve();

/** A grey picture. */
function grey(height: number, width: number, shade: (y: number, x: number) => number): Picture {
  const pixels = Array.from(
    { length: height * width },
    (_, at) => shade(Math.floor(at / width), at % width),
  );
  return { data: pixels, height, width, channels: 1 };
}

/** How many connected pieces there are of equal labels. */
function countPieces(labels: Int32Array, height: number, width: number): number {
  const seen = new Set<number>();
  let pieces = 0;
  for (let start = 0; start < labels.length; start++) {
    if (seen.has(start)) continue;
    pieces++;
    const open = [start];
    seen.add(start);
    while (open.length > 0) {
      const at = open.pop()!;
      const x = at % width;
      const beside = [at - width, at + width, ...x > 0 ? [at - 1] : [], ...x < width - 1 ? [at + 1] : []];
      for (const next of beside) {
        if (next < 0 || next >= height * width || seen.has(next) || labels[next] !== labels[start]) continue;
        seen.add(next);
        open.push(next);
      }
    }
  }
  return pieces;
}

Deno.test("findSuperpixels", async (t) => {
  await t.step("follows an edge that the grid does not lie on", async () => {
    const picture = grey(4, 8, (_, x) => x < 3 ? -1 : 1);
    const { labels, count } = await findSuperpixels(picture, { segments: 2, pause });
    assertEquals(count, 2);
    assertEquals([...labels], Array.from({ length: 32 }, (_, at) => at % 8 < 3 ? 0 : 1));
  });

  await t.step("lays a grid over a picture of one colour", async () => {
    const { labels, count } = await findSuperpixels(grey(4, 6, () => 7), { segments: 6, pause });
    assertEquals(count, 6);
    assertEquals([...labels.slice(0, 12)], [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
  });

  await t.step("gives a speckle to what is around it", async () => {
    const picture = grey(8, 8, (y, x) => y === 3 && x === 3 ? 9 : 0);
    const { count, labels } = await findSuperpixels(picture, { segments: 4, pause });
    const around = [2 * 8 + 3, 3 * 8 + 2, 3 * 8 + 4, 4 * 8 + 3].map((pixel) => labels[pixel]);
    assertEquals(around.includes(labels[3 * 8 + 3]), true);
    assertGreater(count, 1);
  });

  await t.step("makes connected pieces, about as many as asked for, of any picture", async () => {
    let state = 1;
    const random = () => (state = state * 16807 % 2147483647) / 2147483647;
    const data = Array.from({ length: 30 * 41 * 3 }, random);
    const picture = { data, height: 30, width: 41, channels: 3 };
    const { labels, count } = await findSuperpixels(picture, { segments: 20, pause });
    assertEquals(new Set(labels), new Set(Array.from({ length: count }, (_, label) => label)));
    assertEquals(countPieces(labels, 30, 41), count);
    assertGreater(count, 8);
    assertLess(count, 50);
  });

  await t.step("takes pictures smaller than the pieces, and what is no number", async () => {
    assertEquals((await findSuperpixels(grey(1, 1, () => 3), { segments: 50, pause })).count, 1);
    const { labels } = await findSuperpixels(grey(2, 3, (_, x) => x === 0 ? NaN : x), { segments: 2, pause });
    assertEquals(labels.every((label) => label >= 0), true);
  });
});
