/** Other inputs than one photo of a known size, worked out by hand. */
import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import {
  assertMap,
  channels,
  explainTensor,
  keep,
  mean,
  setIdentity,
  withModel,
} from "../testing/by_hand.ts";
import { graphOfTwoInputs } from "../testing/tiny_model.ts";

/** Grey pictures on the left and right of a number: left · right · age, meaned; the number is carried past the cut. */
function threeInputs(): tf.LayersModel {
  const left = tf.input({ shape: [4, 6, 2], name: "left" });
  const age = tf.input({ shape: [1], name: "age" });
  const right = tf.input({ shape: [4, 6, 2], name: "right" });
  const both = tf.layers.multiply({ name: "both" }).apply(
    [keep(2).apply(left), right] as tf.SymbolicTensor[],
  );
  const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(both);
  const aged = tf.layers.multiply({ name: "aged" }).apply([means, age] as tf.SymbolicTensor[]);
  const model = tf.model({ inputs: [left, age, right], outputs: aged as tf.SymbolicTensor });
  setIdentity(model, 2);
  return model;
}

Deno.test("gradcam() takes the values of a model's other inputs", async (t) => {
  await selectBackend({ backend: "cpu" });
  await withModel(threeInputs, async (model) => {
    const right = tf.tidy(() => tf.linspace(-1, 1, 48).reshape([1, 4, 6, 2]));
    const values = await right.data();
    const side = [0, 1].map((k) => values.filter((_, at) => at % 2 === k));
    // score c = age · mean(left_c · right_c), so αₖ = age · mean(right_c) / 24 for k = c, else 0.
    const expected = (age: number, c: number) =>
      channels[c]!.map((value) => value * age * mean([...side[c]!]) / 24);
    const cases: readonly (readonly [string, GradcamOptions])[] = [
      ["the only picture without values", { inputs: { age: 0.4, right } }],
      ["by name", { input: "left", inputs: { age: [0.4], right: values } }],
      ["by index", { input: 0, inputs: { right, age: Float32Array.of(0.4) } }],
    ];
    for (const [name, options] of cases) {
      await t.step(name, () =>
        leavingNoTensors(async () => {
          const { maps } = await explainTensor(model, { ...options, classIndex: [0, 1] });
          for (const [c, map] of maps.entries()) {
            const products = channels[c]!.map((value, at) => value * side[c]![at]!);
            assertAlmostEquals(map.score, 0.4 * mean(products), 1e-6);
            assertMap(map.raw.data, expected(0.4, c), 1e-7);
          }
        }));
    }
    await t.step("the other picture's tensor stays", () => assertEquals(right.isDisposed, false));
    const wrong: readonly (readonly [GradcamOptions, string])[] = [
      [{}, 'Cannot tell which input takes the image, "left" [?, 4, 6, 2], "right" [?, 4, 6, 2]: name it'],
      [{ input: "left" }, 'Cannot run the model without its inputs "age" [?, 1], "right" [?, 4, 6, 2]: give'],
      [{ inputs: { right, age: [1, 2] } }, 'Cannot give 2 numbers to input "age" [?, 1]: 1 are needed'],
      [{ input: "lft", inputs: { age: 1 } }, 'Cannot find input "lft": the inputs are "left" [?, 4, 6, 2], '],
    ];
    for (const [options, message] of wrong) {
      await t.step(message, () =>
        leavingNoTensors(async () => {
          await assertRejects(() => explainTensor(model, options), RangeError, message);
        }));
    }
    right.dispose();
  });
});

Deno.test("gradcam() takes the values of a converted graph's other inputs, whole numbers too", async (t) => {
  await selectBackend({ backend: "cpu" });
  const data = Uint8ClampedArray.from({ length: 6 * 4 }, (_, at) => at % 4 === 3 ? 255 : 200);
  const photo: RgbaImage = { data, height: 2, width: 3 };
  for (const type of ["DT_FLOAT", "DT_INT32"] as const) {
    await t.step(type, () =>
      leavingNoTensors(async () => {
        const model = await tf.loadGraphModel(tf.io.fromMemory(graphOfTwoInputs(type)));
        await leavingNoTensors(async () => {
          const options = { layer: "relu", size: [2, 3], preprocess: "none", inputs: { age: 0.5 } } as const;
          const { score, heatmap, maps } = await gradcam(model, photo, options);
          assertAlmostEquals(score, 200 * 0.5, 1e-4);
          assertEquals([heatmap.height, heatmap.width], [2, 3]);
          assertMap(maps[0]!.raw.data, new Array(6).fill(200 * 0.5 / 6), 1e-4);
          await assertRejects(
            () => gradcam(model, photo, { layer: "relu" }),
            RangeError,
            'Cannot run the model without its input "age" [?, 1]',
          );
        });
        model.dispose();
      }));
  }
});

Deno.test("gradcam() explains models that take any size", async (t) => {
  await selectBackend({ backend: "cpu" });
  const photo: RgbaImage = { data: new Uint8ClampedArray(6 * 4).fill(255), height: 2, width: 3 };
  function build(shape: (number | null)[]): tf.LayersModel {
    return tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: shape,
          filters: 2,
          kernelSize: 3,
          strides: 2,
          padding: "same",
          name: "conv",
        }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
  }
  const said = "The model takes any size: the photo is brought to ";
  const cases: readonly {
    readonly name: string;
    readonly shape: (number | null)[];
    readonly options: GradcamOptions;
    readonly map: readonly [number, number];
    readonly warning?: string;
  }[] = [
    { name: "a number", shape: [null, null, 3], options: { size: 10 }, map: [5, 5] },
    { name: "height and width", shape: [null, null, 3], options: { size: [12, 7] }, map: [6, 4] },
    { name: "the width is fixed", shape: [null, 7, 3], options: { size: [12, 7] }, map: [6, 4] },
    { name: "not said", shape: [null, null, 1], options: {}, map: [112, 112], warning: `${said}224 × 224` },
    { name: "half said", shape: [null, 7, 1], options: {}, map: [112, 4], warning: `${said}224 × 7` },
  ];
  for (const { name, shape, options, map: [height, width], warning } of cases) {
    await t.step(name, () =>
      withModel(() => build(shape), async (model) => {
        const { heatmap, warnings, photo: kept } = await gradcam(model, photo, {
          preprocess: "unit",
          ...options,
        });
        assertEquals([heatmap.height, heatmap.width, kept!.height, kept!.width], [height, width, 2, 3]);
        assertEquals(warnings.map((text) => text.replace(/ \(option.*/, "")), warning ? [warning] : []);
      }));
  }
  await t.step(
    "a tensor, whose size is its own",
    () =>
      withModel(() => build([null, null, 3]), async (model) => {
        const x = tf.ones<tf.Rank.R3>([9, 4, 3]);
        const { heatmap, warnings } = await gradcam(model, x);
        x.dispose();
        assertEquals([heatmap.height, heatmap.width, warnings], [5, 2, []]);
      }),
  );
});

Deno.test("gradcam() shows models of four channels the photo's opacity", async () => {
  await selectBackend({ backend: "cpu" });
  const data = Uint8ClampedArray.from({ length: 2 * 3 * 4 }, (_, at) => at % 4 === 3 ? at * 10 : 128);
  function build(): tf.LayersModel {
    const input = tf.input({ shape: [2, 3, 4], name: "picture" });
    const means = tf.layers.globalAveragePooling2d({}).apply(keep(4).apply(input));
    const model = tf.model({ inputs: input, outputs: means as tf.SymbolicTensor });
    setIdentity(model, 4);
    return model;
  }
  await withModel(build, async (model) => {
    const photo = { data, height: 2, width: 3 };
    const { maps: [colour, opacity] } = await gradcam(model, photo, {
      classIndex: [0, 3],
      preprocess: "none",
    });
    assertAlmostEquals(colour!.score, 128, 1e-4);
    assertMap(opacity!.raw.data, [30, 70, 110, 150, 190, 230].map((value) => value / 6), 1e-4);
  });
});
