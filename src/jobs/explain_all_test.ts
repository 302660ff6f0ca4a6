import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { ClassNotFoundError, ImageError, LayerNotFoundError, ModelError } from "../errors.ts";
import type { Explanation } from "../explanation.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam, type ImageInput } from "../gradcam.ts";
import { decodeImage } from "../image/mod.ts";
import { leavingNoTensors, testdata } from "../testing.ts";
import { writeTinyModel } from "../testing_model.ts";
import { explainAll, type ExplainAllOptions } from "./explain_all.ts";
import type { PhotoOutcome } from "./outcome.ts";
import type { Photos } from "./photos.ts";

const images = new URL("images/", testdata);
const jpeg = new URL("plain.jpg", images);
const bytes = await Deno.readFile(new URL("plain.png", images));

/** Do something with a model that gives three classes, and a folder; no tensor may be left over. */
async function withModel(use: (model: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "wasm", threads: 1 });
    await Deno.mkdir(`${folder}/photos`);
    const model = await writeTinyModel(folder);
    await leavingNoTensors(() => use(model, `${folder}/photos`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function run(photos: Photos, options: ExplainAllOptions): Promise<PhotoOutcome[]> {
  return Array.fromAsync(explainAll(photos, { preprocess: "unit", ...options }));
}

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
      assertEquals(outcome?.error?.message, `Cannot read "${folder}/empty": it is a folder`);
    });
  });
});

Deno.test("explainAll() goes on after photos that fail", async (t) => {
  await withModel(async (model, folder) => {
    const missing = `${folder}/none.png`;
    for (const jobs of [1, 2]) {
      await t.step(`${jobs} jobs`, async () => {
        const photos = [missing, bytes, bytes.subarray(0, 99), 7 as unknown as string, bytes];
        const outcomes = await run(photos, { model, jobs });
        assertEquals(outcomes.map(({ error }) => error?.message), [
          `Cannot read "${missing}": no such file`,
          undefined,
          "Cannot decode the image: the PNG file is damaged or cut short",
          "Cannot read a photo: give a path, a URL, bytes, pixels or a tensor",
          undefined,
        ]);
        const kinds = outcomes.map(({ error }) => error?.constructor);
        assertEquals(kinds, [ImageError, undefined, ImageError, TypeError, undefined]);
      });
    }
  });
});

Deno.test("explainAll() ends where no photo can be explained", async (t) => {
  const cases: {
    name: string;
    options: ExplainAllOptions;
    type: new () => Error;
    message: string;
    /** Whether the stream was begun, and so is ended. */
    isTouched?: boolean;
  }[] = [
    { name: "layer", options: { layer: "nowhere" }, type: LayerNotFoundError, message: '"nowhere"' },
    { name: "class", options: { label: "unicorn" }, type: ClassNotFoundError, message: '"unicorn"' },
    { name: "index", options: { classIndex: 9 }, type: RangeError, message: "class 9" },
    {
      name: "no jobs",
      options: { jobs: 0 },
      type: RangeError,
      message: "Cannot use 0 jobs: use 1 to 64",
      isTouched: false,
    },
    {
      name: "half a job",
      options: { jobs: 1.5 },
      type: RangeError,
      message: "Cannot use 1.5 jobs",
      isTouched: false,
    },
    { name: "a model", options: { model: "none.json" }, type: ModelError, message: "none.json" },
    {
      name: "a region",
      options: { region: "none.png" },
      type: ImageError,
      message: "none.png",
      isTouched: false,
    },
  ];
  await withModel(async (model) => {
    for (const { name, options, type, message, isTouched = true } of cases) {
      for (const jobs of [1, 2]) {
        await t.step(`${name}, ${jobs} jobs`, async () => {
          const photos = (function* () {
            while (true) yield bytes;
          })();
          await assertRejects(() => run(photos, { model, jobs, ...options }), type, message);
          assertEquals(photos.next().done, isTouched);
        });
      }
    }
    await t.step("an open model for several", async () => {
      const open = await loadModel(model);
      await assertRejects(
        () => run([bytes], { model: open, jobs: 2 }),
        TypeError,
        "Cannot share an open model",
      );
      assertEquals((await run([bytes], { model: open })).length, 1);
      assertEquals((await gradcam(open, bytes, { preprocess: "unit" })).layer, "features"); // it stays open
      open.dispose();
    });
    for (const photos of [7, null, bytes, {}]) {
      await t.step(`no collection: ${String(photos).slice(0, 20)}`, async () => {
        await assertRejects(() => run(photos as never, { model }), TypeError, "Cannot go through the photos");
      });
    }
  });
});

Deno.test("explainAll() takes no more from a stream than it needs", async (t) => {
  await withModel(async (model) => {
    for (const { jobs, most } of [{ jobs: 1, most: 3 }, { jobs: 2, most: 4 }]) {
      await t.step(`${jobs} jobs`, async () => {
        let [taken, given, isClosed] = [0, 0, false];
        const photos = (async function* () {
          try {
            while (true) {
              taken++;
              yield bytes;
            }
          } finally {
            isClosed = true;
          }
        })();
        for await (const { explanation } of explainAll(photos, { model, jobs, preprocess: "unit" })) {
          assertEquals(explanation?.layer, "features");
          given++;
          await new Promise((resolve) => setTimeout(resolve, 20)); // a slow reader
          assertLessOrEqual(taken, given + most);
          if (given === 10) break;
        }
        assertEquals(isClosed, true);
      });
    }
  });
});

Deno.test("explainAll() stops when its signal is given", async (t) => {
  await withModel(async (model) => {
    for (const jobs of [1, 2]) {
      await t.step(`${jobs} jobs, before the first`, async () => {
        const signal = AbortSignal.abort(new RangeError("enough"));
        await assertRejects(() => run([bytes], { model, jobs, signal }), RangeError, "enough");
      });
      await t.step(`${jobs} jobs, between two`, async () => {
        const abortion = new AbortController();
        const photos = ReadableStream.from(Array(50).fill(bytes));
        let given = 0;
        await assertRejects(
          async () => {
            const options = { model, jobs, preprocess: "unit", signal: abortion.signal } as const;
            for await (const { error } of explainAll(photos, options)) {
              assertEquals(error, undefined);
              if (++given === 5) abortion.abort(new RangeError("enough"));
            }
          },
          RangeError,
          "enough",
        );
        assertLessOrEqual(given, 5);
      });
      await t.step(`${jobs} jobs, while a photo is waited for`, async () => {
        const abortion = new AbortController();
        const silence = new ReadableStream<Uint8Array>();
        setTimeout(() => abortion.abort(new RangeError("enough")), 50);
        await assertRejects(
          () => run(silence, { model, jobs, signal: abortion.signal }),
          RangeError,
          "enough",
        );
      });
    }
  });
});

Deno.test("explainAll() tells the error of a stream after the photos before it", async () => {
  await withModel(async (model) => {
    const photos = (async function* () {
      yield bytes;
      yield bytes;
      await Promise.reject(new RangeError("the disk is gone"));
    })();
    let given = 0;
    await assertRejects(
      async () => {
        for await (const _ of explainAll(photos, { model, jobs: 2, preprocess: "unit" })) given++;
      },
      RangeError,
      "the disk is gone",
    );
    assertEquals(given, 2);
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

Deno.test("explainAll() ends a stream of 300 photos with the tensors it began with", async () => {
  await withModel(async (model) => {
    const photos = (function* () {
      for (let index = 0; index < 300; index++) yield bytes;
    })();
    let before: number | undefined;
    for await (const { explanation } of explainAll(photos, { model, preprocess: "unit" })) {
      assert(explanation);
      before ??= tf.memory().numTensors;
      assertEquals(tf.memory().numTensors, before);
    }
  });
});
