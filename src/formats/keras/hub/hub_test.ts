/** Networks of keras-hub, of which a file keeps the settings of classes alone. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { ModelError } from "../../../base/errors.ts";
import { gradcam } from "../../../explain/gradcam.ts";
import type { GradcamOptions } from "../../../explain/gradcam_options.ts";
import { loadModel } from "../../mod.ts";
import { readArchitecture } from "../architecture.ts";
import type { ExplainableModel } from "../../../split/model.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  tryBackend,
} from "../../../testing/mod.ts";

/** What tools/make_keras_hub.py knows of a network. */
interface Golden {
  readonly name: string;
  readonly scores: readonly number[];
  readonly classIndex: number;
  readonly maps: readonly { readonly layer: string; readonly raw: readonly number[] }[];
  readonly rollout?: readonly number[];
}

const folder = new URL("keras_hub/", testdata);
const goldens: {
  readonly seed: number;
  readonly shape: [number, number, number, number];
  readonly networks: readonly Golden[];
} = JSON.parse(await Deno.readTextFile(new URL("goldens.json", folder)));

/** The picture that the tool makes too. */
function picture(): tf.Tensor4D {
  let state = goldens.seed;
  const values = Array.from({ length: goldens.shape.reduce((a, b) => a * b) }, () => {
    state = Number((BigInt(state) * 1664525n + 1013904223n) % 2n ** 32n);
    return state / 2 ** 31 - 1;
  });
  return tf.tensor4d(values, goldens.shape);
}

function assertNear(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  assertEquals(found.length, expected.length, what);
  const difference = largestDifference(found, expected) / largestMagnitude(expected);
  assertLessOrEqual(difference, 1e-4, `${what} is off by ${difference.toExponential(1)}`);
}

async function rawMap(
  model: ExplainableModel,
  x: tf.Tensor4D,
  options: GradcamOptions,
): Promise<Float32Array> {
  const { maps: [map] } = await gradcam(model, x, options);
  return map!.raw.data;
}

async function checkNetwork({ name, scores, classIndex, maps, rollout }: Golden): Promise<void> {
  using model = await loadModel(new URL(`${name}.keras`, folder), { preprocess: "none" });
  const x = picture();
  const output = model.predict(x);
  assertNear(await output.data(), scores, "The score");
  for (const { layer, raw } of maps) {
    assertNear(await rawMap(model, x, { layer, classIndex }), raw, `The map at "${layer}"`);
  }
  if (rollout) {
    assertNear(await rawMap(model, x, { method: "rollout", classIndex }), rollout, "Rollout");
    assertEquals(model.split(undefined).layer, maps.at(-1)!.layer); // what goes into the last block
  }
  tf.dispose([x, output]);
}

Deno.test("networks of keras-hub give TensorFlow's scores and maps", async (t) => {
  await tryBackend("wasm");
  for (const golden of goldens.networks) {
    await t.step(golden.name, () => leavingNoTensors(() => checkNetwork(golden)));
  }
});

Deno.test("a classifier of keras-hub tells how it takes photos", async () => {
  await tryBackend("wasm");
  using model = await loadModel(new URL("vit.keras", folder));
  const { name, mean, std, fit, size } = model.preprocessing!;
  assertEquals({ name, mean, std, fit, size }, {
    name: "keras-hub",
    mean: [127.5, 90, 0.8 * 64],
    std: [127.5, 100, 64],
    fit: "crop",
    size: [32, 48],
  });
});

Deno.test("what is not known of keras-hub is told in one line", async (t) => {
  const layer = (className: string, config: Record<string, unknown>) => ({
    module: "keras_hub.src.models",
    class_name: className,
    config: { name: "model", ...config },
  });
  const int8 = { class_name: "QuantizedDTypePolicy", config: { mode: "int8" } };
  const cases: readonly (readonly [ReturnType<typeof layer>, string])[] = [
    [
      layer("SwinVariant", {}),
      'Cannot open model "m": "model" is a "SwinVariant" of keras-hub, whose layers',
    ],
    [
      layer("ViTBackbone", { dtype: int8 }),
      'Cannot open model "m": "model" is a "ViTBackbone" of keras-hub with',
    ],
    [layer("ViTBackbone", {}), 'Cannot open model "m": its architecture is damaged'],
    [
      layer("VGGBackbone", {
        image_shape: [8, 8, 3],
        stackwise_num_filters: [8],
        stackwise_num_repeats: [1e9],
      }),
      'Cannot open model "m": its architecture is damaged',
    ],
    [layer("ViTImageClassifier", { backbone: null }), 'Cannot open model "m": its architecture is damaged'],
  ];
  for (const [model, message] of cases) {
    await t.step(message, async () => {
      await assertRejects(() => readArchitecture(model, "m"), ModelError, message);
    });
  }
});
