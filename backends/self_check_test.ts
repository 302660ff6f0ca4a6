import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { leavingNoTensors } from "../src/testing/mod.ts";
import { selectBackend } from "./mod.ts";
import { runSelfTest } from "./self_check.ts";
import { withWrongKernel } from "./testing.ts";

Deno.test("runSelfTest() finds no fault where there is none", async () => {
  await selectBackend({ backend: "wasm", threads: 2 });
  const results = await leavingNoTensors(runSelfTest);
  assertEquals(tf.getBackend(), "wasm");
  for (const { name, difference, ok } of results) {
    assert(ok, name);
    assertLess(difference, 1e-6, name);
  }
});

Deno.test("runSelfTest() finds the computation that is wrong", async (t) => {
  await selectBackend({ backend: "wasm", threads: 2 });
  const cases = [
    ["Conv2D", ["convolution", "gradient of a small network"]],
    ["AvgPoolGrad", ["gradient of a small network"]],
  ] as const;
  for (const [kernel, faults] of cases) {
    await t.step(kernel, async () => {
      await withWrongKernel(kernel, "wasm", async () => {
        const results = await runSelfTest();
        assertEquals(results.filter(({ ok }) => !ok).map(({ name }) => name), [...faults]);
        assertAlmostEquals(results.find(({ name }) => name === faults[0])!.difference, 1, 0.9);
      });
    });
  }
});
