import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Heatmap } from "../base/heatmap.ts";
import { findMethod } from "../methods/mod.ts";
import { fuseMaps } from "./fuse_maps.ts";

function mapOf(height: number, width: number, data: readonly number[]): Heatmap {
  return { data: Float32Array.from(data), height, width };
}

/** Nothing asked for; eps small enough not to be seen. */
const asked = { relu: undefined, scale: undefined, eps: 1e-12 };

function assertMap(found: Heatmap, [height, width]: readonly [number, number], expected: readonly number[]) {
  assertEquals([found.height, found.width], [height, width]);
  found.data.forEach((value, at) => assertAlmostEquals(value, expected[at]!, 1e-6, `${found.data}`));
}

/** 1 high and 2 wide; brought to 1 × 4 its values are a, ¾a + ¼b, ¼a + ¾b, b. */
const coarse = mapOf(1, 2, [-10, 30]);
const fine = mapOf(1, 4, [0, 2, 4, -4]);

Deno.test("fuseMaps() takes the mean of scaled maps", async (t) => {
  await t.step("by their range: Grad-CAM", () => {
    const fused = fuseMaps(findMethod("gradcam"), [coarse, fine], asked);
    assertMap(fused, [1, 4], [(0 + 0.5) / 2, (0.25 + 0.75) / 2, (0.75 + 1) / 2, (1 + 0) / 2]);
  });
  await t.step("after relu: XGrad-CAM", () => {
    const fused = fuseMaps(findMethod("xgradcam"), [fine, coarse], asked);
    assertMap(fused, [1, 4], [0, (0.25 + 0.5) / 2, (0.75 + 1) / 2, (1 + 0) / 2]);
  });
  await t.step("with zero staying zero: HiResCAM", () => {
    const fused = fuseMaps(findMethod("hirescam"), [coarse, fine], asked);
    const [low, high] = [-10 / 60, 0.5];
    assertMap(fused, [1, 4], [
      (low + 0) / 2,
      (low * 0.75 + high * 0.25 + 0.25) / 2,
      (low * 0.25 + high * 0.75 + 0.5) / 2,
      (high - 0.5) / 2,
    ]);
  });
  await t.step("also where one of them has no negative values", () => {
    const fused = fuseMaps(findMethod("hirescam"), [mapOf(1, 2, [1, 2]), mapOf(1, 2, [-1, 4])], asked);
    assertMap(fused, [1, 2], [(0.25 - 0.125) / 2, 0.5]);
  });
  await t.step("a single one stays as it is", () => {
    assertEquals(fuseMaps(findMethod("layercam"), [coarse], asked), coarse);
  });
});

Deno.test("fuseMaps() fuses LayerCAM's maps in the paper's way", async (t) => {
  const tanh = Math.tanh;
  const layercam = findMethod("layercam");
  await t.step("neighbouring stages: the maximum", () => {
    assertMap(fuseMaps(layercam, [coarse, mapOf(2, 4, [4, 2, 1, 1, 0, 0, 0, 0])], asked), [2, 4], [
      1,
      0.5,
      0.75,
      1,
      0,
      0.25,
      0.75,
      1,
    ]);
  });
  await t.step("shallow ones are brought out", () => {
    const shallow = mapOf(4, 8, [5, 1, ...new Array(29).fill(0), -5]);
    const fused = fuseMaps(layercam, [shallow, mapOf(1, 2, [-3, 8])], asked);
    assertEquals([fused.height, fused.width], [4, 8]);
    assertAlmostEquals(fused.data[0]!, tanh(2), 1e-6);
    assertAlmostEquals(fused.data[1]!, tanh(0.4), 1e-6);
    assertAlmostEquals(fused.data[31]!, 1, 1e-6);
  });
  await t.step("but of signed maps the mean is taken", () => {
    const fused = fuseMaps(layercam, [mapOf(1, 2, [-2, 1]), mapOf(1, 2, [4, 2])], { ...asked, relu: false });
    assertMap(fused, [1, 2], [(-0.5 + 0.5) / 2, 0.25]);
  });
});
