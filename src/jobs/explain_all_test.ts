import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import type { Explanation } from "../explain/explanation.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { ImageInput } from "../input/image_input.ts";
import { decodeImage } from "../input/image/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { buildManyWays, writeModel } from "../testing/tiny_model.ts";
import { explainAll } from "./explain_all.ts";
import type { Photos } from "./photos.ts";
import { bytes, images, jpeg, run, withModel } from "./testing.ts";

/** What does not depend on when and where it was computed. */
function told(explanation: Explanation | undefined) {
  const { times: _, ...rest } = explanation!.toJSON();
  return { ...rest, pixels: explanation!.photo?.data };
}

Deno.test("explainAll() gives what gradcam() gives of each photo, whatever it is", async (t) => {
  await withModel(async (path) => {
    const pixels = await decodeImage(bytes);
    const tensor = tf.randomUniform<tf.Rank.R3>([8, 6, 3], 0, 1, "float32", 3);
    const buffer = new Uint8Array([1, 2, ...bytes, 3]); // a part of it is the photo
    const photos: ImageInput[] = [
      jpeg.pathname,
      jpeg,
      bytes,
      buffer.subarray(2, -1),
      bytes.slice().buffer,
      new Blob([bytes]),
      pixels,
      tensor,
    ];
    const model = await loadModel(path);
    const options = { preprocess: "unit", top: 2, layer: "features", score: "logit" } as const;
    const expected: unknown[] = [];
    for (const photo of photos) expected.push(told(await gradcam(model, photo, options)));
    model.dispose();
    for (const jobs of [1, 2]) {
      await t.step(`${jobs} jobs`, async () => {
        const outcomes = await run(photos, { ...options, model: path, jobs });
        assertEquals(outcomes.map(({ index }) => index), [...photos.keys()]);
        assert(outcomes.every(({ photo, index }) => photo === photos[index]));
        assertEquals(outcomes.map(({ explanation }) => told(explanation)), expected);
        const png = await outcomes[0]!.explanation!.encode("panel");
        assertEquals([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]);
      });
    }
    assertEquals([bytes.length > 0, pixels.data.length > 0, buffer.length > 0], [true, true, true]); // none was taken
    tensor.dispose();
  });
});

Deno.test("explainAll() takes all options of gradcam() to the workers", async (t) => {
  const folder = await Deno.makeTempDir();
  await selectBackend({ backend: "wasm", threads: 1 });
  await leavingNoTensors(async () => {
    const built = buildManyWays();
    const path = await writeModel(built, folder);
    built.dispose();
    const model = await loadModel(path);
    const age = tf.tensor2d([[0.4]]);
    const given = { preprocess: "tf", layer: "features", size: [12, 18] } as const;
    const cases: Readonly<Record<string, GradcamOptions>> = {
      "a tensor for another input": { ...given, inputs: { age }, output: "unit" },
      "numbers for another input": {
        ...given,
        inputs: { age: 0.4 },
        output: "unit",
        labels: ["ill", "well"],
      },
      "a box": { ...given, inputs: { age }, output: "mask", region: { x: 3, y: 2, width: 20, height: 9 } },
      "a mask by its URL": { ...given, inputs: { age }, output: "mask", region: new URL("grey.png", images) },
      "a preprocessing of one's own": {
        ...given,
        inputs: { age },
        preprocess: { name: "own", mean: [1, 2, 3], std: [50] },
        fit: "crop",
      },
      "a range of values": { ...given, inputs: { age }, range: [60, 180] },
      "methods and what they are told": {
        ...given,
        inputs: { age },
        method: ["rise", "gradcam++"],
        settings: { samples: 4, cells: 2, variant: "aucmedi" },
      },
      "how maps are made": {
        ...given,
        inputs: { age },
        relu: false,
        scale: "symmetric",
        smooth: "principal",
        counterfactual: true,
        maxPasses: 9,
      },
      "a class that it is not": {
        ...given,
        layer: ["features", "half"],
        inputs: { age },
        output: "mask",
        classIndex: 1,
        versus: 0,
      },
      "a photo to be like": { ...given, inputs: { age }, like: new URL("grey.png", images) },
      "bytes to be like": { ...given, inputs: { age }, like: bytes, range: "auto" },
      "numbers to be like": { ...given, inputs: { age }, like: [0.7] },
    };
    for (const [name, options] of Object.entries(cases)) {
      await t.step(name, async () => {
        const expected = told(await gradcam(model, bytes, options));
        const outcomes = await Array.fromAsync(
          explainAll([bytes, bytes], { ...options, model: path, jobs: 2 }),
        );
        assertEquals(outcomes.map(({ error, explanation }) => error ?? told(explanation)), [
          expected,
          expected,
        ]);
      });
    }
    age.dispose();
    model.dispose();
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("explainAll() takes photos from wherever they come", async (t) => {
  await withModel(async (model, folder) => {
    await Deno.writeFile(`${folder}/b.png`, bytes);
    await Deno.copyFile(jpeg, `${folder}/a.jpg`);
    await Deno.writeTextFile(`${folder}/notes.txt`, "");
    const paths = [`${folder}/a.jpg`, `${folder}/b.png`];
    const sources: Readonly<Record<string, () => Photos>> = {
      "an array": () => paths,
      "a set": () => new Set(paths),
      "a generator": () => paths.values(),
      "an asynchronous generator": async function* () {
        yield* paths;
      },
      "a stream": () => ReadableStream.from(paths),
      "a folder": () => folder,
      "a folder's URL": () => new URL(`file://${folder}/`),
    };
    for (const [name, source] of Object.entries(sources)) {
      await t.step(name, async () => {
        const outcomes = await run(source(), { model });
        assertEquals(outcomes.map(({ photo }) => photo), paths);
        assert(outcomes.every(({ error }) => error === undefined));
      });
    }
    await t.step("a photo's path", async () => {
      assertEquals((await run(paths[0]!, { model })).map(({ photo }) => photo), [paths[0]!]);
    });
    await t.step("nothing", async () => assertEquals(await run([], { model, jobs: 2 }), []));
    await t.step("a folder without photos", async () => {
      await Deno.mkdir(`${folder}/empty`);
      const [outcome] = await run(`${folder}/empty`, { model });
      const message = `Cannot read "${folder}/empty": it is a folder: give photos that lie in it`;
      assertEquals(outcome?.error?.message, message);
    });
  });
});

Deno.test("explainAll() works in its own thread, and says so, where there are no workers", async (t) => {
  /** Plays a host whose workers never run. */
  class BrokenWorker extends EventTarget {
    onerror?: (event: ErrorEvent) => void;
    postMessage() {
      queueMicrotask(() => this.onerror?.(new ErrorEvent("error", { message: "forbidden here" })));
    }
    terminate() {}
  }
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["no class for them", undefined, "this platform has no workers"],
    ["ones that fail", BrokenWorker, "workers cannot be started: Cannot run jobs: forbidden here"],
  ];
  const { Worker } = globalThis;
  await withModel(async (model) => {
    for (const [name, substitute, reason] of cases) {
      await t.step(name, async () => {
        Object.assign(globalThis, { Worker: substitute });
        try {
          const outcomes = await run([bytes, jpeg], { model, jobs: 2 });
          assertEquals(outcomes.length, 2);
          for (const { explanation } of outcomes) {
            assertStringIncludes(
              explanation!.warnings.at(-1)!,
              `Photos are explained one at a time: ${reason}`,
            );
          }
        } finally {
          Object.assign(globalThis, { Worker });
        }
      });
    }
  });
});

Deno.test("explainAll() names photos and the model, in this thread as in workers", async (t) => {
  await withModel(async (model, folder) => {
    const photos = [jpeg.pathname, jpeg, new File([bytes], "tom.png"), new Blob([bytes]), bytes];
    const expected = ["plain.jpg", "plain.jpg", "tom.png", undefined, undefined];
    for (const jobs of [1, 2]) {
      await t.step(`${jobs} jobs`, async () => {
        const outcomes = await run(photos, { model, jobs });
        assertEquals(outcomes.map(({ explanation }) => explanation?.photoName), expected);
        const [name] = new Set(outcomes.map(({ explanation }) => explanation?.modelName));
        assertEquals(name, model.split("/").at(-1));
        assert(!JSON.stringify(outcomes.map(({ explanation }) => explanation)).includes(folder));
      });
    }
  });
});

Deno.test("explainAll() says what cannot be shared among jobs", async (t) => {
  const like = tf.zeros([8, 6, 3]) as tf.Tensor3D;
  const cases: readonly (readonly [GradcamOptions, message: string])[] = [
    [
      { target: (output) => output.sum() as tf.Scalar },
      "Cannot share a function among 2 jobs: name a target",
    ],
    [{ like }, "Cannot share a tensor to be like among 2 jobs: give a photo or an embedding"],
    [{ onProgress: () => {} }, "Cannot call onProgress from 2 jobs: leave it out, or use one job"],
    [{ onPlan: () => {} }, "Cannot call onPlan from 2 jobs: leave it out, or use one job"],
  ];
  for (const [options, message] of cases) {
    await t.step(message, async () => {
      const explaining = Array.fromAsync(explainAll([bytes], { ...options, jobs: 2 }));
      assertStringIncludes((await assertRejects(() => explaining, TypeError)).message, message);
    });
  }
  await t.step("one job tells of each photo's progress, in this thread", async () => {
    await withModel(async (model) => {
      const told: string[] = [];
      const options: GradcamOptions = {
        onPlan: ({ passes }) => told.push(`plan ${passes}`),
        onProgress: ({ done, total }) => told.push(`${done} of ${total}`),
      };
      await run([bytes, jpeg], { ...options, model, jobs: 1 });
      assertEquals(told, ["plan 1", "1 of 1", "plan 1", "1 of 1"]);
    });
  });
  like.dispose();
});
