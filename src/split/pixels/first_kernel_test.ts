import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { LayersModelAdapter } from "../layers_model.ts";

/** A network whose first kernel, [3, 3, 3, filters], holds the same number everywhere. */
function networkOf(weight: number, { filters = 8, norm = false } = {}): tf.LayersModel {
  const first = tf.layers.conv2d({ filters, kernelSize: 3, useBias: false });
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [12, 10, 3] }),
      ...norm ? [tf.layers.batchNormalization()] : [],
      first,
      tf.layers.globalAveragePooling2d({}),
    ],
  });
  tf.tidy(() => first.setWeights([tf.fill([3, 3, 3, filters], weight)]));
  return model;
}

Deno.test("firstKernelEvidence() tells a division within the first weights by their size", async (t) => {
  await selectBackend({ backend: "cpu" });
  // The strength of a filter is √27 times its weights': 0.2 is that of one that was trained.
  const cases:
    readonly (readonly [name: string, model: () => tf.LayersModel, expected: string | undefined])[] = [
      ["usual weights", () => networkOf(0.2), undefined],
      ["as many filters make them", () => networkOf(0.0147), undefined],
      ["divided by 255", () => networkOf(0.2 / 255), "none"],
      ["divided by 127.5", () => networkOf(-0.3 / 127.5), "none"],
      ["none at all", () => networkOf(0), undefined],
      ["too few to tell", () => networkOf(0.2 / 255, { filters: 2 }), undefined],
      ["behind a batch norm", () => networkOf(0.2 / 255, { norm: true }), undefined],
    ];
  for (const [name, build, expected] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const model = build();
        const evidence = await new LayersModelAdapter(model).pixelEvidence();
        assertEquals(evidence.find(({ source }) => source === "kernel")?.preprocessing.name, expected);
        model.dispose();
      }));
  }
});
