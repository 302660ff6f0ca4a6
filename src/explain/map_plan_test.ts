import { assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { expectPlan } from "./expected_plan.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import type { ExplainableModel } from "../split/model.ts";
import type { MapPlan } from "./progress.ts";

/** 8 × 6 × 3, whose layer "features" has 8 × 6 cells and 2 channels, and 3 classes. */
async function withTiny(use: (model: ExplainableModel) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "cpu" });
  const folder = await Deno.makeTempDir();
  try {
    const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
    await leavingNoTensors(() => use(model));
    model.dispose();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const photo = { data: new Uint8ClampedArray(8 * 6 * 4).fill(99), height: 8, width: 6 };

const rows: readonly (readonly [GradcamOptions, methods: Record<string, number>, advice: string])[] = [
  [{}, { gradcam: 1 }, "another method"],
  [{ top: 2 }, { gradcam: 2 }, "fewer classes"],
  [{ method: ["gradcam", "eigencam"] }, { gradcam: 1, eigencam: 0 }, "fewer methods"],
  [{ method: "scorecam" }, { scorecam: 2 }, "fewer channels"],
  [
    { method: ["rise", "lime"], settings: { samples: 9 }, classIndex: [0, 2] },
    { rise: 18, lime: 18 },
    "fewer samples or classes or methods",
  ],
  [{ method: "occlusion", settings: { window: 2, stride: 2 } }, { occlusion: 12 }, "a larger stride"],
];

Deno.test("gradcam() tells what maps take before any is computed, and refuses what takes too much", async (t) => {
  await withTiny(async (model) => {
    for (const [options, methods, advice] of rows) {
      await t.step(JSON.stringify(options), async () => {
        const told: string[] = [];
        const plans: MapPlan[] = [];
        const passes = Object.values(methods).reduce((sum, cost) => sum + cost, 0);
        const listeners = {
          onPlan: (plan: MapPlan) => {
            plans.push(plan);
            told.push("plan");
          },
          onProgress: () => told.push("progress"),
        };
        await gradcam(model, photo, { ...options, ...listeners, maxPasses: passes });
        const targets = options.top ?? [options.classIndex ?? 0].flat().length;
        assertEquals(plans, [{ passes, methods, targets }]);
        assertEquals(told[0], "plan");
        assertEquals(expectPlan(model, options, targets), plans[0]);
        told.length = 0;
        const refusal = await assertRejects(
          () => gradcam(model, photo, { ...options, ...listeners, maxPasses: passes - 1 }),
          RangeError,
        );
        assertEquals(
          refusal.message,
          `Cannot explain by ${
            Object.keys(methods).join(", ")
          }: it takes ${passes} passes of the model, and at most ` +
            `${passes - 1} are allowed: use ${advice}`,
        );
        assertEquals(told, [], "nothing was computed");
      });
    }
    await t.step("what is no number of passes", async () => {
      await assertRejects(
        () => gradcam(model, photo, { maxPasses: -1 }),
        RangeError,
        "Cannot allow -1 passes",
      );
    });
    assertEquals(expectPlan(model, { layer: "nowhere" }, 1), undefined);
  });
});
