/** How explainAll() goes through photos: how far ahead, past errors, to its end or to an early one. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { ClassNotFoundError, ImageError, LayerNotFoundError, ModelError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import { explainAll, type ExplainAllOptions } from "./explain_all.ts";
import { bytes, run, withModel } from "./testing.ts";

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
