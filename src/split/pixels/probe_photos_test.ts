import { assertAlmostEquals, assertEquals } from "@std/assert";
import { paintProbes, probeKinds } from "./probe_photos.ts";

const size = { count: 2, height: 40, width: 40 };

/** Mean and deviation of every so many-th number. */
function statistics(
  data: Float32Array,
  channel: number,
  channels: number,
): [mean: number, deviation: number] {
  const values = data.filter((_, at) => at % channels === channel);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}

/** How much of the variance lies between neighbours at a distance: half the mean square of their difference. */
function roughness(data: Float32Array, distance: number): number {
  const [, deviation] = statistics(data, 1, 3);
  let sum = 0, pairs = 0;
  for (let row = 0; row < size.count * size.height; row++) {
    for (let x = 0; x + distance < size.width; x++, pairs++) {
      const at = (row * size.width + x) * 3 + 1;
      sum += (data[at]! - data[at + distance * 3]!) ** 2;
    }
  }
  return sum / pairs / 2 / deviation ** 2;
}

Deno.test("paintProbes() paints pictures with the statistics of photos", () => {
  const photos = paintProbes("photos", { ...size, channels: 3 });
  // ImageNet's means and, by its principal components, deviations; 0.048 to 0.11 and 0.17 to 0.28 are those of 65 photos
  // at 64 to 299 pixels.
  [[122.4, 69], [116.3, 67], [103.5, 69]].forEach(([mean, deviation], channel) => {
    const [measured, spread] = statistics(photos, channel, 3);
    assertAlmostEquals(measured, mean!, 0.5);
    assertAlmostEquals(spread, deviation!, 2);
  });
  assertAlmostEquals(roughness(photos, 1), 0.06, 0.025);
  assertAlmostEquals(roughness(photos, 4), 0.2, 0.08);
});

Deno.test("paintProbes() paints photos in grey, and with opacity, which is full", () => {
  const colour = paintProbes("photos", { ...size, channels: 3 });
  const grey = paintProbes("photos", { ...size, channels: 1 });
  const opaque = paintProbes("photos", { ...size, channels: 4 });
  assertEquals(
    [colour, grey, opaque].map(({ length }) => length),
    [3, 1, 4].map((channels) => 3200 * channels),
  );
  const [mean, deviation] = statistics(grey, 0, 1);
  assertAlmostEquals(mean, 0.299 * 122.4 + 0.587 * 116.3 + 0.114 * 103.5, 0.5);
  assertAlmostEquals(deviation, 0.255 * 255, 3);
  assertEquals([...opaque.subarray(0, 4)], [...colour.subarray(0, 3), 255]);
});

Deno.test("paintProbes() draws strokes as digits have them, in grey alone", () => {
  assertEquals([1, 3, 4].map((channels) => probeKinds(channels).length), [3, 1, 1]);
  const light = paintProbes("light strokes", { ...size, channels: 1 });
  const dark = paintProbes("dark strokes", { ...size, channels: 1 });
  const [mean] = statistics(light, 0, 1);
  assertAlmostEquals(mean, 38, 25); // of MNIST's digits 33
  assertEquals(
    light.map((value, at) => value + dark[at]!),
    new Float32Array(light.length).fill(255),
  );
});
