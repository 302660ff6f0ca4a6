/** Models into which two photos go. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { ImageError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { decodeImage } from "../input/image/mod.ts";
import { toldBy } from "../input/evidence.ts";
import { planInput } from "../input/plan.ts";
import { preprocessings } from "../input/preprocess.ts";
import type { PreprocessingName } from "../input/preprocess.ts";
import { explainAll } from "../jobs/explain_all.ts";
import { exists, leavingNoTensors, testdata } from "../testing/mod.ts";
import { buildTwoPhotos, disposeWhole, writeModel } from "../testing/tiny_model.ts";
import type { Explanation } from "./explanation.ts";
import { gradcam } from "./gradcam.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import type { OtherInputs } from "./other_inputs.ts";

const url = (name: string) => new URL(`images/${name}`, testdata);
const photo = url("plain.png"); // 40 wide, 26 high
const second = url("palette.bmp");

async function withTwoPhotos(use: (model: tf.LayersModel) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const model = buildTwoPhotos();
    try {
      await leavingNoTensors(() => use(model));
    } finally {
      disposeWhole(model);
    }
  });
}

/** A photo as the second input takes it. */
async function secondTensor(preprocess: PreprocessingName): Promise<tf.Tensor4D> {
  const seeing = {
    input: { name: "photo_b", shape: [null, 5, 10, 3] },
    evidence: [toldBy("the test", preprocessings[preprocess])],
  };
  return (await planInput(second, seeing, {})()).toTensor() as tf.Tensor4D;
}

function assertSame(explanation: Explanation, expected: Explanation): void {
  assertEquals(explanation.layer, expected.layer);
  for (const [at, map] of expected.maps.entries()) {
    assertAlmostEquals(explanation.maps[at]!.score, map.score, 1e-6);
    map.raw.data.forEach((value, index) =>
      assertAlmostEquals(explanation.maps[at]!.raw.data[index]!, value, 1e-6)
    );
  }
}

Deno.test("gradcam() takes a photo for another input, from wherever it comes", async (t) => {
  const bytes = await Deno.readFile(second);
  const values: OtherInputs = {
    "a path": second.pathname,
    "a URL": second,
    "bytes": bytes,
    "a buffer": bytes.buffer,
    "a file": new Blob([bytes]),
    "pixels": await decodeImage(bytes),
  };
  await withTwoPhotos(async (model) => {
    for (const preprocess of ["unit", "tf"] as const) {
      const options = { layer: "features", classIndex: [0, 1], preprocess } satisfies GradcamOptions;
      const tensor = await secondTensor(preprocess);
      const expected = await gradcam(model, photo, { ...options, inputs: { photo_b: tensor } });
      const numbers = await gradcam(model, photo, { ...options, inputs: { photo_b: await tensor.data() } });
      assertSame(numbers, expected);
      tensor.dispose();
      const other = await gradcam(model, photo, { ...options, inputs: { photo_b: photo } });
      assertNotEquals(other.score.toFixed(4), expected.score.toFixed(4), "The second photo counts");
      for (const [name, value] of Object.entries(values)) {
        await t.step(`${name}, ${preprocess}`, () =>
          leavingNoTensors(async () => {
            const explanation = await gradcam(model, photo, { ...options, inputs: { photo_b: value } });
            assertSame(explanation, expected);
            assertEquals(explanation.warnings, []);
            assertEquals([explanation.photo!.width, explanation.photo!.height], [40, 26]);
          }));
      }
    }
  });
});

Deno.test("gradcam() explains either of two photos", async () => {
  await withTwoPhotos(async (model) => {
    const options = { preprocess: "unit", classIndex: 1 } as const;
    const first = await gradcam(model, photo, { ...options, inputs: { photo_b: second } });
    assertEquals([first.layer, first.heatmap.height, first.heatmap.width], ["features", 6, 4]);
    const swapped = await gradcam(model, second, {
      ...options,
      input: "photo_b",
      inputs: { photo_a: photo },
    });
    assertEquals([swapped.layer, swapped.heatmap.height, swapped.heatmap.width], ["features:1", 3, 8]);
    assertAlmostEquals(swapped.score, first.score, 1e-6);
    assertEquals([swapped.photo!.width, swapped.photo!.height], await sizeOf(second));
  });
});

async function sizeOf(photo: URL): Promise<[number, number]> {
  const { width, height } = await decodeImage(await Deno.readFile(photo));
  return [width, height];
}

Deno.test("gradcam() brings each photo to its own input's size, and warns once", async (t) => {
  await selectBackend({ backend: "cpu" });
  const build = () => {
    const first = tf.input({ shape: [null, null, 3], name: "photo_a" });
    const second = tf.input({ shape: [null, 7, 1], name: "photo_b" });
    const layer = tf.layers.conv2d({
      filters: 1,
      kernelSize: 1,
      name: "features",
      kernelInitializer: "ones",
    });
    const means = [layer.apply(first), second].map((value) =>
      tf.layers.globalAveragePooling2d({}).apply(value as tf.SymbolicTensor) as tf.SymbolicTensor
    );
    const sum = tf.layers.add({ name: "sum" }).apply(means);
    return tf.model({ inputs: [first, second], outputs: sum as tf.SymbolicTensor });
  };
  const grey = (value: number) => ({
    data: Uint8ClampedArray.from({ length: 4 * 6 }, (_, at) => at % 4 === 3 ? 255 : value),
    height: 2,
    width: 3,
  });
  await leavingNoTensors(async () => {
    const model = build();
    await t.step("any size", async () => {
      const { score, warnings } = await gradcam(model, grey(102), { inputs: { photo_b: grey(51) } });
      assertAlmostEquals(score, 3 * 0.4 + 0.2, 1e-4);
      const beginnings = [
        "The model takes any size",
        "The model does not say how",
        'Input "photo_b": The model takes any',
      ];
      assertEquals(warnings.length, beginnings.length, warnings.join("\n"));
      for (const [at, beginning] of beginnings.entries()) {
        assert(warnings[at]!.startsWith(beginning), warnings[at]);
      }
    });
    await t.step("a size", async () => {
      const options = { size: [4, 9] as const, preprocess: "none" as const };
      const { score, warnings, heatmap } = await gradcam(model, grey(10), {
        ...options,
        inputs: { photo_b: grey(20) },
      });
      assertAlmostEquals(score, 3 * 10 + 20, 1e-3);
      assertEquals([warnings, heatmap.height, heatmap.width], [[], 4, 9]);
    });
    model.dispose();
  });
});

Deno.test("gradcam() tells numbers of a picture from a photo's file", async () => {
  await withTwoPhotos(async (model) => {
    const options = { layer: "features", preprocess: "unit", classIndex: 0 } as const;
    const numbers = Uint8Array.from({ length: 150 }, (_, at) => at % 3);
    const { score } = await gradcam(model, photo, { ...options, inputs: { photo_b: numbers } });
    const plain = await gradcam(model, photo, { ...options, inputs: { photo_b: [...numbers] } });
    assertAlmostEquals(score, plain.score, 1e-6);
  });
});

Deno.test("gradcam() says in one line what is wrong with a photo for another input", async (t) => {
  const cases: readonly { inputs: unknown; type: new () => Error; message: string; input?: string }[] = [
    {
      inputs: {},
      input: "photo_a",
      type: RangeError,
      message: 'Cannot run the model without its input "photo_b" [?, 5, 10, 3]: give a photo by name ' +
        '(option "inputs", --inputs photo_b=FILE, a form\'s file "inputs.photo_b")',
    },
    {
      inputs: {},
      type: RangeError,
      message:
        'Cannot tell which input takes the image, "photo_a" [?, 8, 6, 3], "photo_b" [?, 5, 10, 3]: name it with ' +
        'the option "input", and give the others photos (option "inputs", --inputs NAME=FILE)',
    },
    { inputs: { photo_b: "none.png" }, type: ImageError, message: 'Cannot read "none.png": no such file' },
    {
      inputs: { photo_b: new Uint8Array([1, 2, 3]) },
      type: ImageError,
      message: 'Cannot decode the photo for input "photo_b": it is no image',
    },
    {
      inputs: { photo_b: new Blob(["%PDF-1.5"]) },
      type: ImageError,
      message: 'Cannot decode the photo for input "photo_b": it is a PDF',
    },
    {
      inputs: { photo_b: { data: new Uint8ClampedArray(5), width: 3, height: 2 } },
      type: TypeError,
      message: "3 × 2 pixels: they have 24 values",
    },
    { inputs: { photo_b: [1, 2] }, type: RangeError, message: 'Cannot give 2 numbers to input "photo_b"' },
    {
      inputs: { photo_b: null },
      type: TypeError,
      message: 'Cannot give null to input "photo_b": give numbers or a tensor, or a photo',
    },
    { inputs: { photo_c: photo }, type: RangeError, message: 'Cannot give values to input "photo_c"' },
  ];
  await withTwoPhotos(async (model) => {
    for (const { inputs, input, type, message } of cases) {
      await t.step(message, () =>
        leavingNoTensors(async () => {
          const options = { inputs: inputs as OtherInputs, preprocess: "unit" as const, input };
          const error = await assertRejects(() => gradcam(model, photo, options), type, message);
          assert(!error.message.includes("\n"));
        }));
    }
    await t.step("a photo for numbers", async () => {
      const first = tf.input({ shape: [4, 6, 3], name: "photo" }),
        age = tf.input({ shape: [1], name: "age" });
      const means = tf.layers.globalAveragePooling2d({}).apply(tf.layers.reLU().apply(first));
      const joined = tf.layers.concatenate().apply([means, age] as tf.SymbolicTensor[]);
      const model = tf.model({ inputs: [first, age], outputs: joined as tf.SymbolicTensor });
      for (const value of [photo, new Blob([])]) {
        await assertRejects(
          () => gradcam(model, photo, { inputs: { age: value } }),
          RangeError,
          'Cannot give a photo to input "age" [?, 1]: it takes numbers',
        );
      }
      model.dispose();
    });
  });
});

Deno.test("explainAll() explains each photo beside the same other one, in workers too", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "cpu" });
    const built = buildTwoPhotos();
    const path = await writeModel(built, folder);
    disposeWhole(built);
    const photos = [photo, url("plain.jpg"), url("grey.png")];
    const options = { preprocess: "unit", classIndex: 0, layer: "features" } as const;
    for (const value of [second, await Deno.readFile(second)]) {
      for (const jobs of [1, 2]) {
        await t.step(
          `${value instanceof URL ? "a URL" : "bytes"}, ${jobs} jobs`,
          () =>
            leavingNoTensors(async () => {
              const given = { ...options, inputs: { photo_b: value } };
              const model = await loadModel(path);
              let at = 0;
              for await (
                const { explanation, error } of explainAll(photos, { ...given, model: path, jobs })
              ) {
                if (error) throw error;
                assertSame(explanation, await gradcam(model, photos[at++]!, given));
              }
              assertEquals(at, 3);
              model.dispose();
            }),
        );
      }
    }
    await t.step("one that is missing ends it", async () => {
      const given = { ...options, inputs: { photo_b: "none.png" }, model: path };
      await assertRejects(
        () => Array.fromAsync(explainAll(photos, given)),
        ImageError,
        'Cannot read "none.png"',
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const data = new URL("../../../shared/data/", import.meta.url);

Deno.test({
  name: "gradcam() explains a Siamese network of Keras with two photos (../shared/data)",
  ignore: !await exists(new URL("cases/two_photos.keras", data)),
  async fn() {
    await selectBackend({ backend: "cpu" });
    await leavingNoTensors(async () => {
      const model = await loadModel(new URL("cases/two_photos.keras", data), { preprocess: "unit" });
      const [dog, cat] = ["dog", "cat"].map((name) => new URL(`photos/tfjs-examples/${name}.jpg`, data));
      const both = await gradcam(model, dog!, { inputs: { photo_b: cat! }, classIndex: 1 });
      assertEquals(both.layer, "joint");
      const swapped = await gradcam(model, cat!, {
        input: "photo_b",
        inputs: { photo_a: dog! },
        classIndex: 1,
        layer: "shared:1/feat",
      });
      assertAlmostEquals(swapped.score, both.score, 1e-6);
      assertEquals(swapped.layer, "shared:1/feat");
      model.dispose();
    });
  },
});
