import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { LayersModelAdapter } from "../layers_model.ts";

/** What a batch norm holds of its input. */
interface Saw {
  readonly means: readonly number[];
  readonly variances: readonly number[];
  readonly isFrozen?: boolean;
}

/** A network that begins with a batch norm, `[40, 56, channels]` → 2 classes. */
function networkThatSaw({ means, variances, isFrozen = false }: Saw): tf.LayersModel {
  const norm = tf.layers.batchNormalization({ name: "norm", trainable: !isFrozen });
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [40, 56, means.length] }),
      norm,
      tf.layers.conv2d({ filters: 2, kernelSize: 3 }),
      tf.layers.globalAveragePooling2d({}),
    ],
  });
  tf.tidy(() => {
    const [gamma, beta] = norm.getWeights();
    norm.setWeights([gamma!, beta!, tf.tensor1d([...means]), tf.tensor1d([...variances])]);
  });
  return model;
}

/** What a network's batch norm tells. */
async function evidenceOf(saw: Saw) {
  const model = networkThatSaw(saw);
  try {
    return (await new LayersModelAdapter(model).pixelEvidence()).find(({ source }) =>
      source === "batch-norm"
    );
  } finally {
    model.dispose();
  }
}

const imagenet = { means: [0.485, 0.456, 0.406], variances: [0.0784, 0.0751, 0.0794] };

/** The same statistics of pixels that are scaled otherwise. */
function scaled(slope: number, shift: number): Saw {
  const { means, variances } = imagenet;
  return {
    means: means.map((mean) => mean * slope + shift),
    variances: variances.map((value) => value * slope ** 2),
  };
}

Deno.test("batchNormEvidence() tells the scaling by what the first batch norm saw", async (t) => {
  await selectBackend({ backend: "cpu" });
  const cases:
    readonly (readonly [name: string, saw: Saw, expected: string | undefined, isSure?: boolean])[] = [
      ["0 … 1", imagenet, "unit"],
      ["−1 … 1", scaled(2, -1), "tf"],
      ["−0.5 … 0.5", scaled(1, -0.5), "centred"],
      ["0 … 255", scaled(255, 0), "none"],
      ["mean taken off", { means: [0, 0, 0], variances: [5163, 4883, 5098] }, "caffe"],
      ["ImageNet's mean and deviation", { means: [0, 0, 0], variances: [1.5, 1.5, 1.57] }, "torch"],
      ["in grey", { means: [0.46], variances: [0.07] }, "unit"],
      ["with opacity", { means: [-0.03, -0.09, -0.19, 1], variances: [0.31, 0.3, 0.32, 0] }, "tf"],
      ["digits, light on dark", { means: [0.13], variances: [0.095] }, "unit", false],
      ["warm photos, blue first", { means: [0.33, 0.42, 0.53], variances: [0.07, 0.066, 0.07] }, "unit-bgr"],
      ["something in between", scaled(1.4, -0.5), "centred", false],
      ["what is no picture", { means: [40, 3, -20], variances: [900, 0.1, 4] }, "unit", false],
      ["nothing yet", { means: [0, 0, 0], variances: [1, 1, 1] }, undefined],
    ];
  for (const [name, saw, expected, isSure = true] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const found = await evidenceOf(saw);
        assertEquals(found?.preprocessing.name, expected);
        if (found) assertEquals(found.isSure, isSure);
      }));
  }
});

Deno.test("batchNormEvidence() is not sure of what was frozen", async () => {
  await selectBackend({ backend: "cpu" });
  const found = await evidenceOf({ ...imagenet, isFrozen: true });
  assertEquals([found?.preprocessing.name, found?.isSure, found?.isTakenOver], ["unit", false, true]);
  assert(found!.margin > 10);
});
