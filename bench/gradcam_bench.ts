/**
 * Speed of every backend of this machine on the embedded model: start-up, forward pass, heatmap, photo to PNG.
 * Run it with `deno task bench`, on a quiet machine; each group is compared within itself, WASM as its baseline.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend, type SelectBackendOptions } from "../backends/mod.ts";
import { loadModel } from "../src/formats/mod.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { availableBackends, backendLabel } from "./parity.ts";
import { photo, photoTensor, runCli, temporaryFolder } from "./setup.ts";

/** Few runs where one takes seconds. */
function effort(name: string): { n: number; warmup: number } {
  return name === "wasm" ? { n: 30, warmup: 5 } : { n: 3, warmup: 1 };
}

/** Measure on one backend, with the model open and the input there before the clock starts. */
function benchOn(
  group: string,
  wish: SelectBackendOptions,
  label: string,
  run: (
    model: Awaited<ReturnType<typeof loadModel>>,
    x: tf.Tensor4D,
  ) => Promise<unknown>,
): void {
  Deno.bench({
    name: label,
    group,
    baseline: wish.backend === "wasm" && wish.threads === undefined,
    ...effort(wish.backend!),
    async fn(bench) {
      await selectBackend(wish);
      const model = await loadModel();
      const x = photoTensor();
      await run(model, x); // the first run after a switch moves the weights
      bench.start();
      await run(model, x);
      bench.end();
      x.dispose();
      model.dispose();
    },
  });
}

const out = await temporaryFolder();

// Deno.bench waits for functions that are declared async, not for promises that others return.
Deno.bench(
  { name: "gradcam --version", group: "start-up, cold process", n: 5 },
  async () => await runCli("--version"),
);
Deno.bench(
  { name: "photo to overlay", group: "start-up, cold process", n: 5, baseline: true },
  async () => await runCli(photo.pathname, "--out", `${out}/`),
);

for (const wish of await availableBackends()) {
  const label = backendLabel(await selectBackend(wish));
  Deno.bench({
    name: label,
    group: "start-up, model to first scores",
    baseline: wish.backend === "wasm" && wish.threads === undefined,
    ...effort(wish.backend!),
    async fn(bench) {
      await selectBackend(wish);
      bench.start();
      const model = await loadModel();
      const scores = tf.tidy(() => model.predict(photoTensor()));
      await scores.data();
      bench.end();
      scores.dispose();
      model.dispose();
    },
  });
  benchOn("forward pass", wish, label, async (model, x) => {
    const scores = model.predict(x);
    await scores.data();
    scores.dispose();
  });
  benchOn("heatmap, default layer", wish, label, (model, x) => gradcam(model, x));
  benchOn(
    "heatmap, block5_depthwise_relu",
    wish,
    label,
    (model, x) => gradcam(model, x, { layer: "block5_depthwise_relu" }),
  );
  benchOn("photo to PNG", wish, label, async (model) => (await gradcam(model, photo)).encode("overlay"));
}
