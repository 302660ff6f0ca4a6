import * as tf from "@tensorflow/tfjs";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { BackendError, ClassNotFoundError, ImageError, LayerNotFoundError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "./gradcam.ts";
import { GradCAM } from "./gradcam_class.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import type { ImageInput } from "../input/image_input.ts";
import { peak } from "../base/heatmap.ts";
import { decodeImage } from "../input/image/mod.ts";
import { resize } from "../input/image/resize.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";

/**
 * A network that can be worked out by hand: a 1×1 convolution that keeps its two input channels, their means,
 * and a dense layer without activation.
 */
function handMadeModel(dense: number[][]): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [2, 3, 2], filters: 2, kernelSize: 1, useBias: false, name: "keep" }),
      tf.layers.globalAveragePooling2d({ name: "mean" }),
      tf.layers.dense({ units: dense[0]!.length, useBias: false, name: "scores" }),
    ],
  });
  const weights = [tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]), tf.tensor2d(dense)];
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

/** Two channels of a picture 2 high and 3 wide. */
const channels = [[1, 2, 3, 4, 5, 6], [6, 0, 0, 0, 0, 6]];

function handMadeInput(): tf.Tensor3D {
  return tf.tidy(() => tf.stack(channels.map((channel) => tf.tensor2d(channel, [2, 3])), -1) as tf.Tensor3D);
}

Deno.test("gradcam() takes a tensor for the embedded model, as for any other", async () => {
  await selectBackend({ backend: "wasm" });
  const model = await loadModel();
  const x = tf.tidy(() => tf.randomUniform<tf.Rank.R3>([224, 224, 3], -1, 1, "float32", 7));
  try {
    await gradcam(x); // opens it, for good
    await leavingNoTensors(async () => {
      const [embedded, same] = [await gradcam(x), await gradcam(model, x)];
      assertEquals([embedded.layer, embedded.photo], ["head_relu", undefined]);
      assertEquals([embedded.scores, embedded.heatmap], [same.scores, same.heatmap]);
    });
  } finally {
    x.dispose();
    model.dispose();
  }
});

Deno.test("gradcam() gives the numbers that follow by hand", async (t) => {
  await selectBackend({ backend: "cpu" });
  // The score of class c is Σₖ mean(Aₖ) · dense[k][c], so each pixel's gradient is dense[k][c] / 6.
  const model = handMadeModel([[6, -6], [12, 0]]);
  const cases = [
    { classIndex: 0, raw: [13, 2, 3, 4, 5, 18], score: 21 + 24 },
    { classIndex: 1, raw: [-1, -2, -3, -4, -5, -6], score: -21 },
  ];
  for (const { classIndex, raw, score } of cases) {
    await t.step(`class ${classIndex}`, () =>
      leavingNoTensors(async () => {
        const x = handMadeInput();
        const { maps: [map], layer, scoreKind, warnings } = await gradcam(model, x, { classIndex });
        x.dispose();
        assertEquals([layer, scoreKind, warnings], ["keep", "output", []]);
        assertEquals([map!.heatmap.height, map!.heatmap.width], [2, 3]);
        assertAlmostEquals(map!.score, score, 1e-5);
        const [min, max] = [Math.min(...raw), Math.max(...raw)];
        raw.forEach((value, index) => {
          assertAlmostEquals(map!.raw.data[index]!, value, 1e-5);
          assertAlmostEquals(map!.heatmap.data[index]!, (value - min) / (max - min + 1e-8), 1e-6);
        });
      }));
  }
  await t.step("with relu", async () => {
    const x = handMadeInput();
    const { maps: [negative], diagnosis } = await gradcam(model, x, { classIndex: 1, relu: true });
    x.dispose();
    assertEquals([...negative!.heatmap.data], [0, 0, 0, 0, 0, 0]);
    assertEquals(diagnosis, "all-negative");
  });
  await t.step("with a large eps", async () => {
    const x = handMadeInput();
    const { heatmap } = await gradcam(model, x, { classIndex: 1, eps: 5 });
    x.dispose();
    assertAlmostEquals(Math.max(...heatmap.data), 0.5, 1e-6);
  });
  model.dispose();
});

Deno.test("gradcam() explains the classes asked for", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = handMadeModel([[6, -6, 1], [12, 0, 2]]);
  const labels = ["oak", "ash", "elm"];
  const cases: readonly (readonly [string, GradcamOptions, number[]])[] = [
    ["none: the highest score", {}, [0]],
    ["the best two", { top: 2 }, [0, 2]],
    ["more than there are", { top: 9 }, [0, 2, 1]],
    ["several by index, in their order", { classIndex: [2, 1] }, [2, 1]],
    ["one by name", { label: "Ash" }, [1]],
    ["by index and by name", { classIndex: 2, label: "oak" }, [2, 0]],
  ];
  for (const [name, options, expected] of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const x = handMadeInput();
        const explanation = await gradcam(model, x, { ...options, labels });
        x.dispose();
        assertEquals(explanation.maps.map(({ classIndex }) => classIndex), expected);
        assertEquals(explanation.maps.map(({ label }) => label), expected.map((index) => labels[index]));
        assertEquals(explanation.scores.map(({ classIndex }) => classIndex), [0, 2, 1]);
        assert(Object.isFrozen(explanation) && Object.isFrozen(explanation.maps[0]));
      }));
  }
  model.dispose();
});

Deno.test("gradcam() says what is wrong, and leaves nothing behind", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = handMadeModel([[6, -6], [12, 0]]);
  const flat = tf.sequential({ layers: [tf.layers.dense({ inputShape: [5], units: 2, name: "only" })] });
  const seeing = tf.sequential({
    layers: [tf.layers.conv2d({ inputShape: [2, 3, 3], filters: 2, kernelSize: 1 })],
  });
  const labels = ["oak", "ash"];
  const cases: readonly {
    readonly name: string;
    readonly model?: tf.LayersModel;
    readonly options?: Record<string, unknown>;
    readonly image?: unknown;
    readonly type: new (message?: string) => Error;
    readonly message: string;
  }[] = [
    {
      name: "no 4-D layer",
      model: flat,
      type: LayerNotFoundError,
      message: "Could not find 4D layer. Cannot apply Grad-CAM.",
    },
    {
      name: "unknown layer",
      options: { layer: "keeep" },
      type: LayerNotFoundError,
      message: "keep",
    },
    {
      name: "layer that is not 4-D",
      options: { layer: "mean" },
      type: LayerNotFoundError,
      message: '"mean"',
    },
    { name: "unknown label", options: { label: "oat", labels }, type: ClassNotFoundError, message: "oak" },
    { name: "class out of range", options: { classIndex: 2 }, type: RangeError, message: "0 to 1" },
    { name: "class that is no whole number", options: { classIndex: 0.5 }, type: RangeError, message: "0.5" },
    { name: "negative eps", options: { eps: -1 }, type: RangeError, message: "Cannot use eps -1" },
    { name: "top 0", options: { top: 0 }, type: RangeError, message: "Cannot explain the top 0" },
    { name: "unknown score", options: { score: "logits" }, type: RangeError, message: "output, logit" },
    { name: "unknown method", options: { method: "gradcan" }, type: RangeError, message: "gradcam" },
    { name: "unknown output", options: { output: "main" }, type: RangeError, message: "main" },
    { name: "unknown backend", options: { backend: "webgl" }, type: RangeError, message: "webgl" },
    { name: "threads 0", options: { backend: "wasm", threads: 0 }, type: RangeError, message: "threads" },
    {
      name: "tensor of a wrong shape",
      image: [2, 2, 2],
      type: TypeError,
      message: "the model takes [2, 3, 2]",
    },
    { name: "no such file", model: seeing, image: "no/such.png", type: ImageError, message: "no/such.png" },
    {
      name: "not an image",
      model: seeing,
      image: new Uint8Array([1, 2, 3]),
      type: ImageError,
      message: "Cannot decode",
    },
    {
      name: "a photo for two channels",
      image: { data: new Uint8ClampedArray(24), height: 2, width: 3 },
      type: RangeError,
      message: "2 channels",
    },
  ];
  for (const { name, options, image, type, message, model: other } of cases) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const shape = other
          ? undefined
          : Array.isArray(image)
          ? image as [number, number, number]
          : undefined;
        const x = image === undefined
          ? other ? tf.zeros([1, 5]) : handMadeInput()
          : shape
          ? tf.zeros(shape)
          : image;
        try {
          const error = await assertRejects(
            () => gradcam(other ?? model, x as ImageInput, options as GradcamOptions),
            type,
            message,
          );
          assert(!error.message.includes("\n"), "The message is one line");
        } finally {
          if (x instanceof tf.Tensor) x.dispose();
        }
      }));
  }
  model.dispose();
  flat.dispose();
  seeing.dispose();
  await selectBackend({ backend: "cpu" });
});

Deno.test("gradcam() refuses a backend that cannot be had", async () => {
  const available = await selectBackend({ backend: "webgpu" }).then(() => true, () => false);
  await selectBackend({ backend: "cpu" });
  if (available) return;
  const x = handMadeInput();
  const model = handMadeModel([[1], [1]]);
  await assertRejects(() => gradcam(model, x, { backend: "webgpu" }), BackendError, "webgpu");
  x.dispose();
  model.dispose();
});

/** Two photos beside each other, each 300 high. */
async function sideBySide(names: readonly string[]): Promise<RgbaImage> {
  const height = 300;
  const photos = await Promise.all(names.map(async (name) => {
    const photo = await decodeImage(await Deno.readFile(new URL(`photos/${name}`, testdata)));
    return resize(photo, { height, width: Math.round(photo.width * height / photo.height) });
  }));
  const width = photos.reduce((sum, photo) => sum + photo.width, 0);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  let left = 0;
  for (const { data: planes, width: own } of photos) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < own; x++) {
        for (let channel = 0; channel < 3; channel++) {
          data[(y * width + left + x) * 4 + channel] = planes[(channel * height + y) * own + x]!;
        }
      }
    }
    left += own;
  }
  return { data, height, width };
}

Deno.test("gradcam() tells classes apart: the cat's map peaks on the cat, the espresso's on the cup", async () => {
  await selectBackend({ backend: "wasm" });
  const image = await sideBySide(["chelsea.png", "coffee.png"]);
  const border = 451 / image.width;
  const { maps: [cat, espresso] } = await gradcam(image, { classIndex: [285, 967] });
  assert(peak(cat!.heatmap).x < border, "The cat is on the left");
  assert(peak(espresso!.heatmap).x > border, "The espresso is on the right");
});

Deno.test("GradCAM has the reference's interface", async () => {
  await selectBackend({ backend: "cpu" });
  const model = handMadeModel([[6, -6], [12, 0]]);
  await leavingNoTensors(async () => {
    const cam = new GradCAM(model);
    assertEquals(cam.findOutputLayer(), "keep");
    const x = handMadeInput();
    const heatmap = await cam.computeHeatmap(x, 0);
    const softer = await cam.computeHeatmap(x, 0, 16);
    x.dispose();
    assertInstanceOf(heatmap.data, Float32Array);
    assertAlmostEquals(heatmap.data[5]!, 1, 1e-6);
    assertAlmostEquals(softer.data[5]!, 0.5, 1e-6);
    assertThrows(
      () => new GradCAM(model, { layerName: "kep" }).findOutputLayer(),
      LayerNotFoundError,
      "keep",
    );
  });
  model.dispose();
});

Deno.test("gradcam() sees what is no number in a tensor, though relu6 hides it", () =>
  leavingNoTensors(async () => {
    await selectBackend({ backend: "wasm" });
    const model = await loadModel();
    for (const [value, expected] of [[NaN, "non-finite"], [0.5, "ok"]] as const) {
      const x = tf.fill([224, 224, 3], value) as tf.Tensor3D;
      assertEquals((await gradcam(model, x)).maps[0]!.diagnosis, expected);
      x.dispose();
    }
    model.dispose();
  }));

Deno.test("gradcam() goes on with the model that the caller holds", async () => {
  await selectBackend({ backend: "cpu" });
  const held = handMadeModel([[6, -6], [12, 0]]);
  const model = await loadModel(held);
  model.dispose();
  const x = handMadeInput();
  const { score } = await gradcam(held, x, { classIndex: 1 });
  assertAlmostEquals(score, -21, 1e-5);
  x.dispose();
  held.dispose();
});

Deno.test("gradcam() takes models of another copy of TensorFlow.js", async () => {
  await selectBackend({ backend: "cpu" });
  const held = handMadeModel([[6, -6], [12, 0]]);
  // What makes a copy another one: the same engine and methods, but classes of its own.
  Object.setPrototypeOf(held, Object.create(null, Object.getOwnPropertyDescriptors(methodsOf(held))));
  assertEquals(held instanceof tf.LayersModel, false);
  const x = handMadeInput();
  const { score } = await gradcam(held, x, { classIndex: 1 });
  assertAlmostEquals(score, -21, 1e-5);
  x.dispose();
  held.dispose();
});

/** All methods and accessors of an object, those it inherits too. */
function methodsOf(object: object): object {
  const chain: object[] = [];
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    chain.unshift(at);
  }
  const methods = {};
  for (const prototype of chain) {
    Object.defineProperties(methods, Object.getOwnPropertyDescriptors(prototype));
  }
  return methods;
}
