import { assert, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { explainAll } from "../jobs/explain_all.ts";
import type { ExplainableModel } from "../split/model.ts";
import { now } from "../testing/clock.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { gradcam } from "./gradcam.ts";

/** Within how long work stops when its signal is given, in milliseconds. */
const promptly = 300;

const photo = new URL("photos/chelsea.png", testdata);

/** Work that takes long, and when it is stopped. */
interface Case {
  readonly name: string;
  /** After how many milliseconds. */
  readonly after: number;
  work(model: ExplainableModel, signal: AbortSignal): Promise<unknown>;
}

/** All numbers below another. */
const below = (count: number) => Array.from({ length: count }, (_, index) => index);

const cases: readonly Case[] = [
  {
    name: "a thousand classes at the last layer",
    after: 400,
    work: (model, signal) => gradcam(model, photo, { top: 1000, signal }),
  },
  {
    name: "a hundred classes at an early layer",
    after: 600,
    work: (model, signal) => gradcam(model, photo, { classIndex: below(100), layer: "block2_add", signal }),
  },
  {
    name: "a forward pass in plain JavaScript",
    after: 200,
    work: (model, signal) => gradcam(model, photo, { backend: "cpu", signal }),
  },
  {
    name: "the way back in plain JavaScript",
    after: 1000,
    work: (model, signal) => gradcam(model, photo, { backend: "cpu", layer: "block2_add", signal }),
  },
  {
    name: "many photos, here",
    after: 300,
    work: (model, signal) => Array.fromAsync(explainAll(Array(100).fill(photo), { model, signal })),
  },
  {
    name: "many photos, in workers",
    after: 1500,
    work: (_, signal) => Array.fromAsync(explainAll(Array(1000).fill(photo), { jobs: 2, signal })),
  },
];

Deno.test("work stops promptly when its signal is given, and leaves nothing behind", async (t) => {
  await selectBackend({ backend: "wasm", threads: 1 });
  const model = await loadModel();
  await gradcam(model, photo, { top: 2 });
  for (const { name, after, work } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const controller = new AbortController();
        let givenAt = Infinity;
        const timer = setTimeout(() => {
          givenAt = now();
          controller.abort(new Error("enough"));
        }, after);
        const error = await assertRejects(() => work(model, controller.signal), Error);
        const late = now() - givenAt;
        clearTimeout(timer);
        assertEquals(error.message, "enough");
        assert(late < promptly, `It went on for ${late.toFixed(0)} ms`);
      }));
  }
  model.dispose();
});

Deno.test("a signal that was given before stops everything", async () => {
  const signal = AbortSignal.abort(new Error("before"));
  await assertRejects(() => gradcam(photo, { signal }), Error, "before");
  await assertRejects(() => gradcam("no/such/model.json", photo, { signal }), Error, "before");
});

Deno.test("a signal ends the waiting for a computation on another backend", async () => {
  await selectBackend({ backend: "wasm", threads: 1 });
  using model = await loadModel();
  const stop = new AbortController();
  const slow = gradcam(model, photo, { backend: "cpu", layer: "block2_add", signal: stop.signal });
  await new Promise((resolve) => setTimeout(resolve, 200)); // it computes
  const controller = new AbortController();
  const waiting = gradcam(model, photo, { backend: "wasm", threads: 1, signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 300);
  const start = now();
  await assertRejects(() => waiting, Error, "enough");
  assert(now() - start < 300 + promptly, "It waited for the other");
  stop.abort(new Error("enough too"));
  await assertRejects(() => slow, Error, "enough too");
});

Deno.test("many classes let others have a turn", async () => {
  await selectBackend({ backend: "wasm", threads: 1 });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  await gradcam(photo, { classIndex: below(8), layer: "block2_add" });
  clearInterval(timer);
  assert(ticks >= 2, `${ticks} turns`);
});
