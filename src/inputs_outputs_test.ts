/** Models with other inputs and outputs than one photo and some classes, worked out by hand. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../backends/mod.ts";
import { RegionError } from "./errors.ts";
import { loadModel } from "./formats/mod.ts";
import { gradcam, type GradcamOptions } from "./gradcam.ts";
import { normalize } from "./heatmap.ts";
import type { RgbaImage } from "./image/types.ts";
import { prepare } from "./input.ts";
import type { Region } from "./region.ts";
import { graphOfTwoInputs } from "./testing_model.ts";
import { leavingNoTensors, readFloats, testdata, testedBackends, tryBackend } from "./testing.ts";

/** Two channels of a picture 4 high and 6 wide. */
const channels = [
  Array.from({ length: 24 }, (_, at) => Math.sin(at * 1.7) / 2),
  Array.from({ length: 24 }, (_, at) => Math.cos(at * 0.9) / 3),
];

function inputTensor(): tf.Tensor3D {
  return tf.tidy(() => tf.stack(channels.map((channel) => tf.tensor2d(channel, [4, 6])), -1) as tf.Tensor3D);
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A 1 × 1 convolution that keeps its channels with {@linkcode setIdentity}'s weights: its activation is the input. */
function keep(count: number, name = "keep") {
  return tf.layers.conv2d({ filters: count, kernelSize: 1, useBias: false, name, kernelInitializer: "ones" });
}

/** The weights of {@linkcode keep}. */
function setIdentity(model: tf.LayersModel, count: number): void {
  const values = Array.from({ length: count * count }, (_, at) => at % (count + 1) === 0 ? 1 : 0);
  setWeights(model, "keep", values, [1, 1, count, count]);
}

/** Give a layer weights, without leaving them behind. */
function setWeights(model: tf.LayersModel, layer: string, values: readonly number[], shape: number[]): void {
  tf.tidy(() => model.getLayer(layer).setWeights([tf.tensor([...values], shape)]));
}

/** Build and use a model; nothing may be left over. */
async function withModel(
  build: () => tf.LayersModel,
  use: (model: tf.LayersModel) => Promise<void>,
): Promise<void> {
  await leavingNoTensors(async () => {
    const model = build();
    try {
      await leavingNoTensors(() => use(model));
    } finally {
      model.dispose();
    }
  });
}

async function explainTensor(model: tf.LayersModel, options: GradcamOptions) {
  const x = inputTensor();
  try {
    return await gradcam(model, x, { layer: "keep", ...options });
  } finally {
    x.dispose();
  }
}

function assertMap(raw: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  assertEquals(raw.length, expected.length);
  expected.forEach((value, at) => assertAlmostEquals(raw[at]!, value, tolerance));
}

/** The kept channels' means, and one unit upon them. */
function unitModel(dense: readonly [number, number], activation: "sigmoid" | "linear"): tf.LayersModel {
  const input = tf.input({ shape: [4, 6, 2], name: "picture" });
  const kept = keep(2).apply(input);
  const means = tf.layers.globalAveragePooling2d({ name: "means" }).apply(kept);
  const unit = tf.layers.dense({ units: 1, useBias: false, activation, name: "unit" }).apply(means);
  const model = tf.model({ inputs: input, outputs: unit as tf.SymbolicTensor });
  setIdentity(model, 2);
  setWeights(model, "unit", dense, [2, 1]);
  return model;
}

Deno.test("gradcam() explains both classes of one sigmoid unit", async (t) => {
  // z = Σₖ mean(Aₖ)·dₖ, p = σ(z); ∂p/∂Aₖ = p(1 − p)·dₖ/24, ∂z/∂Aₖ = dₖ/24; of the opposite, both turned.
  const cases = [{ name: "likely", dense: [9, 20] }, { name: "unlikely", dense: [-30, -8] }] as const;
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      continue;
    }
    for (const { name, dense } of cases) {
      await t.step(
        `${name}, ${backend}`,
        () =>
          withModel(() => unitModel(dense, "sigmoid"), async (model) => {
            const z = dense[0] * mean(channels[0]!) + dense[1] * mean(channels[1]!);
            const p = sigmoid(z);
            assert(name === "likely" ? p > 0.55 : p < 0.45);
            const slope = channels[0]!.map((value, at) =>
              (dense[0] * value + dense[1] * channels[1]![at]!) / 24
            );
            for (const score of ["output", "logit"] as const) {
              const factor = score === "output" ? p * (1 - p) : 1;
              const { maps, scores } = await explainTensor(model, { classIndex: [0, 1], score });
              assertAlmostEquals(maps[0]!.score, p, 1e-6);
              assertAlmostEquals(maps[1]!.score, 1 - p, 1e-6);
              assertEquals(scores.map(({ classIndex }) => classIndex), p > 0.5 ? [0, 1] : [1, 0]);
              for (const [index, sign] of [[0, 1], [1, -1]] as const) {
                const raw = slope.map((value) => sign * factor * value);
                assertMap(maps[index]!.raw.data, raw);
                assertMap(maps[index]!.heatmap.data, [...normalize(Float32Array.from(raw), 1e-8)], 1e-4);
              }
              const { maps: [top] } = await explainTensor(model, { score });
              assertEquals(top!.classIndex, p > 0.5 ? 0 : 1, "The likelier one is explained by default");
              assertMap(top!.raw.data, slope.map((value) => (p > 0.5 ? 1 : -1) * factor * value));
            }
          }),
      );
    }
  }
  await selectBackend({ backend: "cpu" });
});

Deno.test("gradcam() names the classes of one sigmoid unit", async (t) => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel([9, 20], "sigmoid"), async (model) => {
    const labels = ["NORMAL", "PNEUMONIA"];
    await t.step("the unit is the second label's, as Keras numbers folders", async () => {
      const { maps: [ill, healthy], warnings } = await explainTensor(model, { classIndex: [0, 1], labels });
      assertEquals([ill!.label, healthy!.label, warnings], ["PNEUMONIA", "NORMAL", []]);
      assert(ill!.score > 0.5);
    });
    await t.step("by name", async () => {
      const { classIndex, label } = await explainTensor(model, { label: "normal", labels });
      assertEquals([classIndex, label], [1, "NORMAL"]);
    });
    await t.step("one label is the unit's own", async () => {
      const { maps } = await explainTensor(model, { top: 2, labels: ["cat"] });
      assertEquals(maps.map(({ label }) => label), ["cat", "not cat"]);
    });
    await t.step("too many labels", async () => {
      const { warnings } = await explainTensor(model, { labels: ["a", "b", "c"] });
      assertEquals(warnings, ["There are 3 labels for 2 classes: names may be wrong"]);
    });
    await t.step("there is no third class", async () => {
      await assertRejects(() => explainTensor(model, { classIndex: 2 }), RangeError, "classes 0 to 1");
    });
  });
});

Deno.test("gradcam() explains the one sigmoid unit of a converted graph likewise", async () => {
  await selectBackend({ backend: "cpu" });
  const folder = new URL("zoo/sigmoid_unit/", testdata);
  const golden = JSON.parse(await Deno.readTextFile(new URL("golden.json", folder)));
  const { raw, score } = golden.maps.find(({ scoreKind }: { scoreKind: string }) => scoreKind === "output");
  await leavingNoTensors(async () => {
    const model = await loadModel(new URL("graph/", folder));
    const x = tf.tensor4d(await readFloats(new URL("input.f32", folder)), golden.inputShape);
    const { maps: [unit, opposite] } = await gradcam(model, x, { classIndex: [0, 1] });
    assertAlmostEquals(unit!.score, score, 1e-6);
    assertAlmostEquals(opposite!.score, 1 - score, 1e-6);
    assertMap(unit!.raw.data, raw);
    assertMap(opposite!.raw.data, raw.map((value: number) => -value));
    const { classIndex } = await gradcam(model, x);
    assertEquals(classIndex, 1, "0.114 for the unit, 0.886 for its opposite");
    tf.dispose([x]);
    model.dispose();
  });
});

Deno.test("gradcam() explains a regression", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel([9, 20], "linear"), async (model) => {
    for (const score of ["output", "logit"] as const) {
      const { maps, scores, warnings } = await explainTensor(model, { score });
      assertEquals([maps.length, scores.length, maps[0]!.classIndex], [1, 1, 0]);
      assertAlmostEquals(maps[0]!.score, 9 * mean(channels[0]!) + 20 * mean(channels[1]!), 1e-6);
      assertMap(
        maps[0]!.raw.data,
        channels[0]!.map((value, at) => (9 * value + 20 * channels[1]![at]!) / 24),
      );
      assertEquals(warnings.length, score === "logit" ? 1 : 0);
    }
    await assertRejects(() => explainTensor(model, { classIndex: 1 }), RangeError, "classes 0 to 0");
  });
});

/** What a pixel of class `c` weighs of the two channels. */
const pixelWeights = [[3, -2], [4, 5]] as const;

/** A segmentation: the kept channels averaged over 2 × 2 pixels, and a sigmoid for each of two classes. */
function segmentation(end: "picture" | "sequence" = "picture"): tf.LayersModel {
  const input = tf.input({ shape: [4, 6, 2], name: "picture" });
  const kept = keep(2).apply(input);
  const pooled = tf.layers.averagePooling2d({ poolSize: 2, name: "pool" }).apply(kept);
  let output = tf.layers.conv2d({
    filters: 2,
    kernelSize: 1,
    useBias: false,
    activation: "sigmoid",
    name: "mask",
  }).apply(pooled);
  if (end === "sequence") output = tf.layers.reshape({ targetShape: [6, 2] }).apply(output);
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  setIdentity(model, 2);
  setWeights(model, "mask", pixelWeights.flat(), [1, 1, 2, 2]);
  return model;
}

/** The six cells' scores of a class: 2 × 2 means through the weights and the sigmoid. */
function cellScores(classIndex: number): number[] {
  return Array.from({ length: 6 }, (_, cell) => {
    const [row, column] = [Math.floor(cell / 3) * 2, cell % 3 * 2];
    const at = [0, 1, 6, 7].map((offset) => row * 6 + column + offset);
    return sigmoid(channels.reduce(
      (sum, channel, k) => sum + mean(at.map((pixel) => channel[pixel]!)) * pixelWeights[k]![classIndex]!,
      0,
    ));
  });
}

Deno.test("gradcam() explains the mean score of a segmentation, all over or in a region", async (t) => {
  await selectBackend({ backend: "cpu" });
  const all = new Array(6).fill(1 / 6);
  const cases: readonly { name: string; region?: Region; weights: readonly number[] }[] = [
    { name: "all of it", weights: all },
    { name: "a box", region: { x: 2, y: 0, width: 2, height: 4 }, weights: [0, 0.5, 0, 0, 0.5, 0] },
    {
      name: "a box over parts of cells",
      region: { x: 1, y: 0, width: 3, height: 2 },
      weights: [1 / 3, 2 / 3, 0, 0, 0, 0],
    },
    {
      name: "a mask",
      region: { data: [0, 0, 1, 0, 0, 3], height: 2, width: 3 },
      weights: [0, 0, 0.25, 0, 0, 0.75],
    },
    {
      name: "a mask of all",
      region: { data: new Uint8Array(24).fill(255), height: 4, width: 6 },
      weights: all,
    },
  ];
  await withModel(() => segmentation(), async (model) => {
    for (const { name, region, weights } of cases) {
      for (const classIndex of [0, 1]) {
        await t.step(`${name}, class ${classIndex}`, async () => {
          // ∂score/∂Aₖ is w·s(1 − s)·Wₖ/4 in each of a cell's four pixels: its mean over 24 is Σ w·s(1 − s)·Wₖ/24.
          const cells = cellScores(classIndex);
          const slope = cells.reduce((sum, s, cell) => sum + weights[cell]! * s * (1 - s), 0) / 24;
          const raw = channels[0]!.map((value, at) =>
            slope * (value * pixelWeights[0][classIndex]! + channels[1]![at]! * pixelWeights[1][classIndex]!)
          );
          const { maps: [map], warnings } = await explainTensor(model, { classIndex, region });
          assertAlmostEquals(map!.score, cells.reduce((sum, s, cell) => sum + weights[cell]! * s, 0), 1e-6);
          assertMap(map!.raw.data, raw, 1e-7);
          assertEquals(warnings, []);
        });
      }
    }
    await t.step("the default layer is the picture of scores itself, which is said", async () => {
      const x = inputTensor();
      const { layer, output, warnings, maps: [map] } = await gradcam(model, x, { classIndex: 1 });
      x.dispose();
      assertEquals([layer, output, warnings.length], ["mask", "mask", 1]);
      assertMap(map!.raw.data, cellScores(1).map((score) => score / 6));
    });
    await t.step("a region that is not there", async () => {
      await leavingNoTensors(async () => {
        const region = { x: 6, y: 0, width: 2, height: 2 };
        await assertRejects(() => explainTensor(model, { region }), RegionError, "covers nothing");
      });
    });
  });
});

Deno.test("gradcam() places a region on the photo, however the model sees it", async (t) => {
  await selectBackend({ backend: "cpu" });
  const photo: RgbaImage = {
    data: Uint8ClampedArray.from({ length: 8 * 4 * 4 }, (_, at) => at % 4 === 3 ? 255 : at * 37 % 256),
    height: 8,
    width: 4,
  };
  function build(): tf.LayersModel {
    const input = tf.input({ shape: [4, 6, 1], name: "picture" });
    const kept = keep(1).apply(input);
    const pooled = tf.layers.averagePooling2d({ poolSize: 2 }).apply(kept);
    const output = tf.layers.conv2d({ filters: 1, kernelSize: 1, activation: "tanh", name: "mask" }).apply(
      pooled,
    );
    return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  }
  // 8 × 4 into 4 × 6: letterboxed it fills columns 2 … 4; cropped, rows 2.67 … 5.33 fill all.
  const cases = [
    {
      fit: "squash",
      region: { x: 2, y: 4, width: 2, height: 4 },
      onInput: { x: 3, y: 2, width: 3, height: 2 },
    },
    {
      fit: "letterbox",
      region: { x: 0, y: 0, width: 4, height: 4 },
      onInput: { x: 2, y: 0, width: 2, height: 2 },
    },
    {
      fit: "crop",
      region: { x: 0, y: 0, width: 4, height: 4 },
      onInput: { x: 0, y: 0, width: 6, height: 2 },
    },
  ] as const;
  await withModel(build, async (model) => {
    for (const { fit, region, onInput } of cases) {
      await t.step(fit, async () => {
        const options: GradcamOptions = { layer: "keep", preprocess: "unit" };
        const seen = await gradcam(model, photo, { ...options, fit, region });
        const adopted = await loadModel(model);
        const { x } = await prepare(photo, adopted, { preprocess: "unit", fit });
        const given = await gradcam(model, x, { ...options, region: onInput });
        x.dispose();
        assertAlmostEquals(seen.score, given.score, 1e-6);
        assertMap(seen.maps[0]!.raw.data, [...given.maps[0]!.raw.data]);
      });
    }
  });
});

Deno.test("gradcam() takes no region of classes", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => unitModel([9, 20], "sigmoid"), async (model) => {
    await assertRejects(
      () => explainTensor(model, { region: { x: 0, y: 0, width: 2, height: 2 } }),
      RangeError,
      'Cannot take a region of output "unit" [?, 1]: it is no picture of scores',
    );
  });
});

Deno.test("gradcam() explains the mean score of a sequence", async () => {
  await selectBackend({ backend: "cpu" });
  await withModel(() => segmentation("sequence"), async (model) => {
    const { scores } = await explainTensor(model, { classIndex: 0 });
    assertEquals(scores.length, 2);
    for (const { classIndex, score } of scores) assertAlmostEquals(score, mean(cellScores(classIndex)), 1e-6);
  });
});

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
