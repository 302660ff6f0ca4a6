import { assertEquals } from "@std/assert";
import { spreadColors } from "./spread_colors.ts";

Deno.test("spreadColors() makes opaque pixels, wherever the colours lie and however many there are", () => {
  const bytes = Uint8Array.from({ length: 80 }, (_, at) => at * 37 % 256);
  for (let offset = 0; offset < 5; offset++) {
    for (let start = 0; start < 5; start++) {
      for (let count = 0; count < 20; count++) {
        const colors = bytes.subarray(offset);
        const pixels = new Int32Array(count);
        spreadColors(colors, start, pixels);
        const expected = Array.from({ length: count }, (_, pixel) => {
          const at = start + pixel * 3;
          return [colors[at], colors[at + 1], colors[at + 2], 255];
        }).flat();
        assertEquals([...new Uint8Array(pixels.buffer)], expected);
      }
    }
  }
});
