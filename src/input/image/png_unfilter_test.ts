import { assertEquals } from "@std/assert";
import { unfilters } from "./png_unfilter.ts";

/** The prediction of each filter as the standard words it, of the bytes to the left, above, and above to the left. */
const predictions: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => Math.floor((left + above) / 2),
  (left, above, corner) => {
    const estimate = left + above - corner;
    const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value));
    if (toLeft! <= toAbove! && toLeft! <= toCorner!) return left;
    return toAbove! <= toCorner! ? above : corner;
  },
];

Deno.test("unfilters undo what the standard's filters do, of pixels of any number of bytes", async (t) => {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
  for (const [number, predict] of predictions.entries()) {
    await t.step(`filter ${number}`, () => {
      for (const step of [1, 2, 3, 4, 6, 8]) {
        for (const count of [1, 2, 7, 200]) {
          const values = Array.from({ length: step * count }, next);
          // many of them near each other or alike, so that each neighbour is at times the nearest
          const above = values.map((value) => next() < 128 ? value : next());
          const filtered = values.map((value, at) => {
            const left = at < step ? 0 : values[at - step]!;
            const corner = at < step ? 0 : above[at - step]!;
            return value - predict(left, above[at]!, corner);
          });
          const row = Uint8Array.from(filtered);
          unfilters[number]!(row, Uint8Array.from(above), step);
          assertEquals([...row], values, `${count} pixels of ${step} bytes`);
        }
      }
    });
  }
});
