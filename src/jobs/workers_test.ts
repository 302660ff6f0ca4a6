/** What becomes of workers: that are dropped, that fail, or that lack a layer of the caller's own. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeModel } from "../testing/tiny_model.ts";
import { bytes, jpeg, run, withModel } from "./testing.ts";

const root = new URL("../../", import.meta.url);

Deno.test("explainAll() lets the process exit when it is dropped in the middle", async (t) => {
  const photo = new URL("photos/chelsea.png", testdata).pathname;
  for (const jobs of [1, 2]) {
    await t.step(`${jobs} jobs`, async () => {
      const script = `
        import { explainAll } from "${new URL("mod.ts", root)}";
        const photos = Array(50).fill("${photo}");
        const results = explainAll(photos, { jobs: ${jobs} });
        const { value } = await results.next();
        console.log(value.explanation.label);
      `;
      const start = performance.now();
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--ext=ts", script],
        cwd: root,
        env: { XDG_RUNTIME_DIR: "/" },
        signal: AbortSignal.timeout(30_000),
      }).output();
      const text = (output: Uint8Array) => new TextDecoder().decode(output);
      assertEquals([code, text(stdout)], [0, "Egyptian cat\n"], text(stderr));
      assert(performance.now() - start < 20_000, "It ended by itself");
    });
  }
});

Deno.test("explainAll() goes on in its own thread where workers end without a word", async (t) => {
  /** Plays workers that fail once they are told what to prepare for. */
  class SilentWorker extends EventTarget {
    onerror?: (event: Event) => void;
    onmessageerror?: () => void;
    onmessage?: (event: { data: unknown }) => void;
    static how: "error" | "messageerror" = "error";
    constructor() {
      super();
      queueMicrotask(() => this.onmessage?.({ data: { runs: true } }));
    }
    postMessage(order: object) {
      if (!("setup" in order)) return;
      queueMicrotask(() =>
        SilentWorker.how === "error" ? this.onerror?.(new Event("error")) : this.onmessageerror?.()
      );
    }
    terminate() {}
  }
  const { Worker } = globalThis;
  for (
    const [how, reason] of [["error", "a worker ended without a word"], [
      "messageerror",
      "cannot be read",
    ]] as const
  ) {
    await t.step(how, () =>
      withModel(async (model) => {
        SilentWorker.how = how;
        Object.assign(globalThis, { Worker: SilentWorker });
        try {
          const outcomes = await run([bytes, jpeg], { model, jobs: 2 });
          assertEquals(outcomes.length, 2);
          for (const { explanation } of outcomes) assertStringIncludes(explanation!.warnings.at(-1)!, reason);
        } finally {
          Object.assign(globalThis, { Worker });
        }
      }));
  }
});

/** A layer that no worker knows of. */
class Halved extends tf.layers.Layer {
  static className = "Halved";
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => (Array.isArray(inputs) ? inputs[0]! : inputs).div(2));
  }
}

Deno.test("explainAll() explains models with layers of the caller's own in this thread, and says so", async () => {
  tf.serialization.registerClass(Halved);
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "wasm", threads: 1 });
    await leavingNoTensors(async () => {
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [8, 9, 3], filters: 4, kernelSize: 3, activation: "relu" }),
          new Halved({}),
          tf.layers.globalAveragePooling2d({}),
          tf.layers.dense({ units: 3, activation: "softmax" }),
        ],
      });
      const path = await writeModel(model, folder);
      model.dispose();
      const outcomes = await run([bytes, jpeg], { model: path, jobs: 2 });
      assertEquals(outcomes.map(({ error }) => error?.message), [undefined, undefined]);
      for (const { explanation } of outcomes) {
        const warning = explanation!.warnings.at(-1)!;
        assertStringIncludes(warning, "Photos are explained one at a time: workers cannot open the model: ");
        assertStringIncludes(warning, "Halved");
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
