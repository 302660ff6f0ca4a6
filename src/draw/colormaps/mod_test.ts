import { assertEquals, assertThrows } from "@std/assert";
import { colormaps, findColormap } from "./mod.ts";

/** Entries 0, 64, 128 and 255 of matplotlib 3.11's tables, and the beginning of the whole table's SHA-256. */
const expected: Readonly<Record<string, readonly [number[][], string]>> = {
  viridis: [[[68, 1, 84], [58, 82, 139], [32, 144, 140], [253, 231, 36]], "96a1f6f37d4041f9"],
  turbo: [[[48, 18, 59], [40, 187, 235], [164, 252, 59], [122, 4, 2]], "8f5d5edf6af4af05"],
  inferno: [[[0, 0, 3], [87, 15, 109], [187, 55, 84], [252, 254, 164]], "8092f65256023cef"],
  jet: [[[0, 0, 127], [0, 128, 255], [124, 255, 121], [127, 0, 0]], "c1b7b97444ebebfc"],
  gray: [[[0, 0, 0], [64, 64, 64], [128, 128, 128], [255, 255, 255]], "c15598e2bf5c6ff3"],
  coolwarm: [[[58, 76, 192], [141, 175, 253], [221, 220, 219], [179, 3, 38]], "161fad279ef7b15f"],
};

Deno.test("colormaps are matplotlib's", async (t) => {
  assertEquals(colormaps.map(({ name }) => name), Object.keys(expected));
  for (const { name, colors } of colormaps) {
    await t.step(name, async () => {
      const [entries, hash] = expected[name]!;
      assertEquals([0, 64, 128, 255].map((index) => [...colors.subarray(index * 3, index * 3 + 3)]), entries);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", colors.slice()));
      assertEquals(digest.subarray(0, 8).toHex(), hash);
    });
  }
});

Deno.test("findColormap() names the nearest", () => {
  assertEquals(findColormap("turbo").name, "turbo");
  assertThrows(
    () => findColormap("virids"),
    RangeError,
    'Unknown colour map "virids": use one of viridis, ',
  );
});
