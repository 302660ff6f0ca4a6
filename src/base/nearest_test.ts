import { assertEquals } from "@std/assert";
import { likely, nearest } from "./nearest.ts";

Deno.test("nearest() puts the most alike first", () => {
  assertEquals(nearest("vriidis", ["jet", "viridis", "inferno"], 1), ["viridis"]);
  assertEquals(nearest("CAT", ["dog", "tiger cat"], 1), ["tiger cat"]);
  assertEquals(nearest("egiptian", ["chiton", "whiptail", "Egyptian cat"], 1), ["Egyptian cat"]);
  assertEquals(nearest("blok10", ["pool", "input", "block10_add", "block1_add"], 1), ["block10_add"]);
});

Deno.test("likely() names what was meant, or nothing", async (t) => {
  const options = ["layer", "fit", "top", "colormap", "class", "labels"];
  const cases: readonly (readonly [name: string, meant: string | undefined])[] = [
    ["colourmap", "colormap"],
    ["lables", "labels"],
    ["clas", "class"],
    ["tap", "top"],
    ["t", undefined],
    ["eps", undefined],
    ["nope", undefined],
    ["recursive", undefined],
  ];
  for (const [name, meant] of cases) {
    await t.step(name, () => assertEquals(likely(name, options), meant));
  }
  assertEquals(likely("top", []), undefined);
});
