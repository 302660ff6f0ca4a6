import { assertAlmostEquals, assertGreaterOrEqual } from "@std/assert";
import { defaultFolder, playPointingGame } from "./pointing_game.ts";

const isThere = await Deno.stat(defaultFolder).then(() => true, () => false);

// AUCMEDI 0.11's Grad-CAM at head_relu hits 32 of the 41 objects.
Deno.test({
  name: "the pointing game on real photos reaches the reference's 32 of 41, with its scores to 0.01",
  ignore: !isThere,
  async fn() {
    const all = await Array.fromAsync(playPointingGame(defaultFolder));
    const results = all.filter(({ method }) => method === "gradcam");
    assertGreaterOrEqual(results.reduce((sum, { hit }) => sum + hit, 0), 32);
    for (const { file, class: name, score, ours } of results) {
      assertAlmostEquals(ours, score, 0.01, `${file} ${name}`);
    }
  },
});
