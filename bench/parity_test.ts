import { assertLessOrEqual } from "@std/assert";
import { measureParity, parityLayers, parityTolerance } from "./parity.ts";
import { isWhole } from "../src/testing/whole_matrix.ts";

// Not the first layer's: of its 400,000 gradients the one at a kink of relu6 may fall on either side.
Deno.test("all backends of this machine give the CPU's scores, gradients and heatmaps", async (t) => {
  for (
    const { backend, layer, ...differences } of await measureParity(parityLayers.slice(0, isWhole ? 3 : 2))
  ) {
    await t.step(`${backend} at ${layer}`, () => {
      for (const [what, value] of Object.entries(differences)) {
        assertLessOrEqual(value, parityTolerance, `${what} differ by ${value}`);
      }
    });
  }
});
