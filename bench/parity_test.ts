import { assertLessOrEqual } from "@std/assert";
import { measureParity, parityTolerance } from "./parity.ts";

Deno.test("all backends of this machine give the CPU's scores, gradients and heatmaps", async (t) => {
  for (const { backend, layer, ...differences } of await measureParity(["head_relu", "block10_add"])) {
    await t.step(`${backend} at ${layer}`, () => {
      for (const [what, value] of Object.entries(differences)) {
        assertLessOrEqual(value, parityTolerance, `${what} differ by ${value}`);
      }
    });
  }
});
