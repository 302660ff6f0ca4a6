import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LayerNotFoundError, ModelError, TruthError } from "../base/errors.ts";
import { loadModel } from "../formats/mod.ts";
import { measure } from "../metrics/measure.ts";
import { evaluate } from "./evaluate.ts";
import type { EvaluateOptions, EvaluationPlan } from "./evaluate_options.ts";
import { photoSeed } from "./measure_photo.ts";
import { summarise } from "./summarise.ts";
import { images, linesOf, photos, quick, run, withModel } from "./testing.ts";

/** Where bees are, and something that the model does not know. */
const box = { x: 0, y: 0, width: 0.5, height: 0.5 };
const truth = [
  { file: "plain.jpg", objects: [{ label: "BEE", boxes: [box] }, { label: "dog", boxes: [box] }] },
  { file: "plain.png", objects: [{ boxes: [box] }] },
  { file: "lost.png", objects: [{ label: "bee", boxes: [box] }] },
];

Deno.test("evaluate() gives what measure() gives of each photo, and goes on after one that fails", async () => {
  await withModel(async (model, folder) => {
    await Deno.writeTextFile(`${folder}/broken.jpg`, "no photo");
    let plan: EvaluationPlan | undefined;
    const given = [photos[0]!, `${folder}/broken.jpg`, photos[1]!, await Deno.readFile(photos[2]!)];
    const found = await run(given, { model, truth, seed: 3, onBegin: (told) => plan = told });
    assertEquals(found.map(({ index, photo }) => [index, photo]), [
      [0, "plain.jpg"],
      [1, "broken.jpg"],
      [2, "plain.png"],
      [3, "photo 4"],
    ]);
    assertEquals(found[1]!.error?.name, "ImageError");
    assertEquals(found.map(({ maps }) => maps.length), [3, 0, 3, 3]); // two methods and a control
    assertEquals(found[0]!.truth, { file: "plain.jpg", objects: 2 });
    const name = plan!.models[0]!.name;
    assertEquals(found[0]!.unmatched, [{ model: name, unknown: ["dog"], ambiguous: [] }]);
    assertEquals(found[0]!.maps.map(({ classIndex, chance }) => [classIndex, chance]), [
      [1, 0.25],
      [1, 0.25],
      [1, 0.25],
    ]);
    const opened = await loadModel(model);
    const measured = await measure(opened, photos[0]!, {
      ...quick,
      seed: photoSeed(3, 0),
      truth: { file: "", objects: [{ classIndex: 1, boxes: [box] }] },
    });
    opened.dispose();
    const numbers = measured.map((
      { method, measurements },
    ) => [method, ...measurements.map((one) => one.measurement.value)]);
    assertEquals(
      found[0]!.maps.map((
        { method, measurements },
      ) => [method, ...measurements.map((one) => one.measurement.value)]),
      numbers.map(([name, hit, area]) => [name, hit, Number((area as number).toPrecision(7))]),
    );
    assertEquals(found[3]!.maps[0]!.measurements[0]!.measurement.value, undefined); // nothing is known of it
    assertEquals(summarise(found, { plan }).about.warnings, [
      `${name} has no class of these names, whose objects are left out: dog`,
      "2 photos have no truth: broken.jpg, photo 4",
      "The truth is also of 1 photo not given: lost.png",
    ]);
  });
});

Deno.test("evaluate() gives the same with workers, and other noise for other seeds and photos", async () => {
  await withModel(async (model) => {
    const here = await run(photos, { model, truth, seed: 1 });
    const there = await run(photos, { model, truth, seed: 1, jobs: 2 });
    assertEquals(linesOf(there), linesOf(here));
    const noiseOf = (found: typeof here, at: number) => String(found[at]!.maps.at(-1)!.heatmap.data);
    assert(noiseOf(here, 2) !== noiseOf(here, 3));
    const other = await run(photos.slice(0, 1), { model, truth, seed: 2 });
    assert(noiseOf(other, 0) !== noiseOf(here, 0));
  });
});

Deno.test("evaluate() takes several models and layers, folders, and no more than it is asked for", async () => {
  await withModel(async (model) => {
    let plan: EvaluationPlan | undefined;
    const options: EvaluateOptions = {
      models: [model, model],
      layers: ["features"],
      limit: 2,
      onBegin: (told) => plan = told,
    };
    const found = await run(images, options);
    assertEquals(found.length, 2);
    const names = plan!.models.map(({ name }) => name);
    assertEquals(names[1], `${names[0]} (2)`);
    assertEquals([...new Set(found[0]!.maps.map((map) => map.model))], names);
    assertEquals(plan!.passes, [{ method: "gradcam", passes: 2 }, { method: "eigencam", passes: 1 }]);
    assert(/^[0-9a-f]{64}$/.test(plan!.models[0]!.hash!));
    assertEquals(
      summarise(found, { plan }).rows.map(({ model }) => model).filter((name) => name === names[1]).length,
      6,
    );
  });
});

Deno.test("evaluate() stops when it is told to, or when nobody asks for more, and frees what it holds", async () => {
  await withModel(async (model) => {
    for (const jobs of [1, 2]) {
      for await (const { index } of evaluate(photos, { ...quick, model, jobs })) if (index === 1) break;
      const stopping = new AbortController();
      const reason = new Error("enough");
      const error = await assertRejects(async () => {
        for await (const _ of evaluate(photos, { ...quick, model, jobs, signal: stopping.signal })) {
          stopping.abort(reason);
        }
      });
      assertEquals(error, reason);
    }
  });
});

Deno.test("evaluate() refuses what would fail for every photo, and options of which nothing can be made", async (t) => {
  await withModel(async (model, folder) => {
    await Deno.writeTextFile(`${folder}/cut.json`, '[{"file": "a.jpg", "boxes": [[0.5,');
    const open = await loadModel(model);
    type Refusal = [options: EvaluateOptions, type: new (message: string) => Error, message: string];
    const cases: Record<string, Refusal> = {
      "layer": [{ model, layers: ["nowhere"] }, LayerNotFoundError, "nowhere"],
      "layer in workers": [{ model, layers: ["nowhere"], jobs: 2 }, LayerNotFoundError, "nowhere"],
      "model": [{ model: `${folder}/cut.json` }, ModelError, "cut.json"],
      "truth": [{ model, truth: `${folder}/cut.json` }, TruthError, "the JSON is cut: it ends in the middle"],
      "metric": [{ model, metrics: ["deletoin" as "deletion"] }, RangeError, "deletion"],
      "jobs": [{ model, jobs: 65 }, RangeError, "Cannot use 65 jobs: use 1 to 64"],
      "limit": [{ model, limit: 0 }, RangeError, "Cannot take 0 photos: use 1 or more"],
      "both": [{ model, models: [model] }, TypeError, "Cannot take both model and models: give one of them"],
      "none": [{ models: [] }, RangeError, "Cannot evaluate no model: name at least one"],
      "shared": [{ model: open, jobs: 2 }, TypeError, "Cannot share an open model among 2 jobs"],
      "misspelt": [{ model, thruth: "x" } as EvaluateOptions, TypeError, "did you mean truth?"],
    };
    for (const [name, [options, type, message]] of Object.entries(cases)) {
      await t.step(name, async () => {
        const error = await assertRejects(() => run(photos, options), type);
        assertStringIncludes(error.message, message);
      });
    }
    open.dispose();
  });
});
