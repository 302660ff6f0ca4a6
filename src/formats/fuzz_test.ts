/**
 * Damaged files of all formats: one clear line, or a model; no hang, no leak. The seeds are the same each time;
 * GRADCAM_FUZZ sets how many files are tried, GRADCAM_FUZZ_FROM the first seed.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { fuzzInWorker } from "./fuzzing/watch.ts";

const trials = Number(Deno.env.get("GRADCAM_FUZZ") ?? 2000);
const from = Number(Deno.env.get("GRADCAM_FUZZ_FROM") ?? 0);

/** How long one damaged file may take, in ms. */
const limitMs = 5000;

Deno.test("loadModel() survives damaged files of all formats", async (t) => {
  const results = await fuzzInWorker({ from, trials }, limitMs);
  assertGreater(results.length, 10);
  assertGreater(results.reduce((sum, { refused, opened }) => sum + refused + opened, 0), trials - 1);
  for (const { kind, refused, opened, failures, slowest } of results) {
    await t.step(`${kind}: ${refused} refused, ${opened} opened`, () => {
      assertEquals(failures, []);
      // A damage that goes unnoticed, or none that does, would test nothing.
      assertGreater(refused, 0);
      assert(slowest < limitMs, `One took ${slowest} ms`);
    });
  }
});
