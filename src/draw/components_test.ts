import { assert, assertEquals, assertRejects } from "@std/assert";
import type { RgbaImage } from "../input/image/types.ts";
import { componentColor, renderComponents } from "./components.ts";

function pixel({ data, width }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
}

const photo = {
  data: new Uint8ClampedArray(200 * 300 * 4).fill(0).map((_, at) => at % 4 === 3 ? 255 : 0),
  height: 200,
  width: 300,
};
/** Strong at the left; half as strong at the right; nothing in the middle. */
const left = { data: Float32Array.of(4, 0, 0, 0, 1), height: 1, width: 5 };
const right = { data: Float32Array.of(1, 0, 0, NaN, 2), height: 1, width: 5 };

Deno.test("renderComponents() colours each place by its strongest component, the more the stronger it is", async () => {
  const parts = [{ map: left, classes: ["cat 0.9"] }, { map: right, classes: ["dog 0.1"] }];
  const drawn = await renderComponents(photo, parts, { alpha: 1 });
  const [one, other] = [componentColor(0), componentColor(1)];
  assertEquals(pixel(drawn, 24, 124), [...one]);
  assertEquals(pixel(drawn, 24 + 150, 124), [0, 0, 0]);
  const share = Math.sqrt(0.5) ** 2 * (3 - 2 * Math.sqrt(0.5));
  const seen = pixel(drawn, 24 + 270, 124); // the middle of the last cell
  other.forEach((value, channel) => assert(Math.abs(seen[channel]! - value * share) < 3, `${seen}`));
  assertEquals(pixel(drawn, 24 + 300 + 20, 26), [...one]); // the legend
});

Deno.test("renderComponents() puts maps where the model looked", async () => {
  const full = { data: Float32Array.of(1), height: 1, width: 1 };
  const placement = { x: 100, y: 0, width: 100, height: 200 };
  const drawn = await renderComponents(photo, [{ map: full, classes: [] }], { alpha: 1, placement });
  assertEquals([50, 150, 250].map((x) => pixel(drawn, 24 + x, 124)), [[0, 0, 0], [...componentColor(0)], [
    0,
    0,
    0,
  ]]);
});

Deno.test("componentColor() is another for each of many components", () => {
  const colors = Array.from({ length: 60 }, (_, index) => componentColor(index).join());
  assertEquals(new Set(colors).size, 60);
});

Deno.test("renderComponents() keeps its margins, and refuses what it cannot draw", async () => {
  const parts = Array.from(
    { length: 12 },
    () => ({ map: left, classes: Array(3).fill("жовтий_cœur_猫 ".repeat(30)) }),
  );
  const drawn = await renderComponents(photo, parts, { title: { name: "x".repeat(300), score: "0.5" } });
  for (let y = 0; y < drawn.height; y++) {
    for (let x = drawn.width - 20; x < drawn.width; x++) assert(pixel(drawn, x, y)[1]! > 200, `${x} ${y}`);
  }
  const none = [{ map: { data: new Float32Array(4), height: 2, width: 2 }, classes: [] }];
  assertEquals(pixel(await renderComponents(photo, none), 100, 100), [0, 0, 0]);
  await assertRejects(() => renderComponents(photo, none, { alpha: -1 }), RangeError, "alpha -1");
  await assertRejects(() => renderComponents(photo, none, { opacity: "none" }), RangeError, 'opacity "none"');
});
