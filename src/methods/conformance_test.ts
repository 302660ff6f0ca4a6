/** What holds for every method, of whatever it makes its map: one row a method of the registry, on every backend. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { Turns } from "../base/turns.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { mapTargets } from "../explain/maps.ts";
import { type MapProgress, Progress } from "../explain/progress.ts";
import type { ClassMap } from "../explain/record.ts";
import { settle } from "../explain/request.ts";
import { Subject } from "../explain/subject.ts";
import { loadModel } from "../formats/mod.ts";
import type { ExplainableModel } from "../split/model.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { type CamMethod, methods } from "./mod.ts";
import type { MethodSettings } from "./settings.ts";
import { everyNth } from "../testing/whole_matrix.ts";

/** Little work for each method; of these each is told what it takes. */
const modest: MethodSettings = {
  samples: 3,
  steps: 2,
  channels: 3,
  window: 12,
  stride: 12,
  segments: 4,
  cells: 2,
  components: 2,
  seed: 5,
};

/** A model's file, and what is known of it. */
interface Form {
  readonly form: string;
  readonly file: URL;
  readonly layer: string | undefined;
  readonly shape: readonly [number, number, number, number];
  input(): Promise<Float32Array | number[]>;
  /** The methods that such a model has. */
  readonly methods: readonly CamMethod[];
}

const zoo = new URL("zoo/residual/", testdata);
const transformers = new URL("transformers/", testdata);

/** Methods for attention are for transformers alone. */
const ofAny = methods.filter(({ at }) => at !== "tokens");

/** A network that any method explains. */
const residual = {
  shape: [1, 16, 24, 3],
  input: () => readFloats(new URL("input.f32", zoo)),
  methods: ofAny,
} as const;

/** The forms of a network; the converter gives the second other names and joins some of its operations. */
const forms: readonly Form[] = [
  { form: "layers", file: new URL("layers/", zoo), layer: "block1_relu", ...residual },
  { form: "graph", file: new URL("graph/", zoo), layer: undefined, ...residual },
  {
    form: "transformer's keras",
    file: new URL("vit.keras", transformers),
    layer: "block_1",
    shape: [1, 12, 16, 3],
    input: async () => JSON.parse(await Deno.readTextFile(new URL("goldens.json", transformers))).input,
    methods: methods.filter(({ at, name }) =>
      at === "tokens" || name === "gradcam" || name === "ablationcam"
    ),
  },
];

/** How far a map may be from itself when others are computed beside it, as a part of its largest magnitude. */
const besideOthers = 1e-5;

function settingsFor({ settings = {} }: CamMethod): MethodSettings {
  return Object.fromEntries(Object.entries(modest).filter(([name]) => Object.hasOwn(settings, name)));
}

/** What is explained, and where. */
interface Stage {
  readonly model: ExplainableModel;
  readonly x: tf.Tensor4D;
  readonly layer: string | undefined;
  /** The methods that it is explained by. */
  readonly methods: readonly CamMethod[];
}

/** Explain a picture by one method. */
async function explain(
  { model, x, layer }: Pick<Stage, "model" | "x" | "layer">,
  method: CamMethod,
  options: GradcamOptions = {},
): Promise<ClassMap[]> {
  const told: GradcamOptions = { method: method.name, settings: settingsFor(method), classIndex: 0, layer };
  const { maps } = await gradcam(model, x, { ...told, ...options });
  return [...maps];
}

/** A target that fails when it is asked for the so many-th time, and how often it was asked. */
function failingTarget(at: number): { target: (output: tf.Tensor) => tf.Scalar; asked: () => number } {
  let asked = 0;
  return {
    target(output) {
      if (++asked === at) throw new RangeError("The target fails");
      return output.flatten().gather([0]).sum() as tf.Scalar;
    },
    asked: () => asked,
  };
}

/** How many pieces of work are told before, and how many are counted when they are not held to that. */
async function countWork({ model, x, layer }: Stage, method: CamMethod): Promise<[number, number]> {
  const told = { method: method.name, settings: settingsFor(method), classIndex: 0, layer };
  const request = await settle(model, x, told);
  const turns = new Turns(undefined);
  const pause = () => turns.next();
  const { split, splitAtLayer, splitAtPicture, stages, attention } = request;
  const head = await split.headInTurns(x, pause);
  let [expected, counted] = [0, 0];
  const progress = new Progress(({ total }) => expected = total);
  const parts = {
    x,
    preprocessing: undefined,
    split,
    head,
    splitAtLayer,
    splitAtPicture,
    stages,
    attention,
    turns,
  };
  const subject = new Subject({ ...parts, count: (done) => counted += done });
  try {
    await mapTargets(request, subject, { progress, pause });
    return [expected, counted];
  } finally {
    await subject.dispose();
    tf.dispose([head.activation, ...head.carried]);
    request.dispose();
  }
}

/** Make sure that progress only grows, and ends where it was said to. */
function assertReaches(seen: readonly MapProgress[]): void {
  if (seen.length === 0) return; // nothing is run again
  const { total } = seen[0]!;
  assert(seen.every((step) => step.total === total && step.done <= total));
  assert(seen.every(({ done }, at) => at === 0 || done >= seen[at - 1]!.done));
  assertEquals(seen.at(-1)!.done, total);
}

/** What a map must be, and that it is the same again; `alone` is it. */
async function conform(stage: Stage, method: CamMethod, alone: ClassMap): Promise<void> {
  const { raw } = alone;
  const [, height, width] = stage.x.shape;
  assertEquals([raw.height, raw.width], method.at === "picture" ? [height, width] : await gridOf(stage));
  assert(raw.data.every(Number.isFinite), "It is finite");
  assert(largestMagnitude(raw.data) > 0, "It shows something");
  assert(alone.heatmap.data.every((value) => value >= 0 && value <= 1), "It is scaled");

  const seen: MapProgress[] = [];
  const [again] = await leavingNoTensors(() =>
    explain(stage, method, { onProgress: (step) => seen.push(step) })
  );
  assertEquals(again!.raw.data, raw.data, "The same bytes");
  assertReaches(seen);
}

/** Several targets, signs that are kept, and the cost that was told. */
async function askFurther(stage: Stage, method: CamMethod, { raw }: ClassMap): Promise<void> {
  const signed = await leavingNoTensors(() => explain(stage, method, { relu: false, classIndex: [0, 2, 0] }));
  assertEquals(signed.map(({ relu }) => relu), [false, false]);
  assertEquals(signed[0]!.raw.data, raw.data, "The raw map is signed anyway");
  const [told, counted] = await leavingNoTensors(() => countWork(stage, method));
  assertEquals(counted, told, "The cost that was told");
}

const grids = new WeakMap<tf.Tensor4D, Map<string | undefined, [number, number]>>();

/** Height and width of the layer's output. */
async function gridOf({ model, x, layer }: Stage): Promise<[number, number]> {
  const known = grids.get(x)?.get(layer);
  if (known) return known;
  const { activation, carried } = await model.split(layer).headInTurns(x, () => Promise.resolve());
  const grid: [number, number] = [activation.shape[1], activation.shape[2]];
  tf.dispose([activation, ...carried]);
  grids.set(x, new Map([...grids.get(x) ?? [], [layer, grid]]));
  return grid;
}

/** What happens when it cannot go on. */
async function endEarly(stage: Stage, method: CamMethod): Promise<void> {
  const { target, asked } = failingTarget(Infinity);
  await explain(stage, method, { target, classIndex: undefined });
  for (const at of new Set([1, Math.ceil(asked() / 2), asked()])) {
    const failing = failingTarget(at);
    await leavingNoTensors(() =>
      assertRejects(
        () => explain(stage, method, { target: failing.target, classIndex: undefined }),
        RangeError,
        "The target fails",
      )
    );
  }

  const steps: MapProgress[] = [];
  await explain(stage, method, { onProgress: (step) => steps.push(step) });
  if (steps.length === 0) return; // it is done at once
  for (const at of new Set([1, Math.ceil(steps.length / 2), steps.length])) {
    const controller = new AbortController();
    let step = 0;
    const onProgress = () => {
      if (++step === at) controller.abort();
    };
    const { signal } = controller;
    await leavingNoTensors(() =>
      assertRejects(() => explain(stage, method, { onProgress, signal }), DOMException, "abort")
    );
  }
}

/** All methods at once, each of which gives what it gives alone, for each of several classes. */
async function together(stage: Stage, alone: ReadonlyMap<string, ClassMap>): Promise<void> {
  const { model, x, layer, methods } = stage;
  const names = methods.map(({ name }) => name);
  const settings = Object.assign({}, ...methods.map(settingsFor));
  const asked = { method: names, settings, classIndex: [2, 0], layer };
  const { maps } = await leavingNoTensors(() => gradcam(model, x, asked));
  assertEquals(maps.map(({ method, classIndex }) => `${method} ${classIndex}`), [
    ...names.map((name) => `${name} 2`),
    ...names.map((name) => `${name} 0`),
  ]);
  for (const { method, raw } of maps.slice(names.length)) {
    const expected = alone.get(method)!.raw.data;
    const difference = largestDifference(raw.data, expected) / largestMagnitude(expected);
    assertLessOrEqual(difference, besideOthers, `${method} beside others`);
  }
}

for (const backend of testedBackends) {
  // The software that stands in for a graphics processor is slow; what is asked further is the same everywhere.
  for (
    const { form, file, layer, shape, input, methods } of backend === "webgpu" ? forms.slice(0, 1) : forms
  ) {
    Deno.test(`every method conforms: a ${form} model on ${backend}`, async (t) => {
      const reason = await tryBackend(backend);
      if (reason !== undefined) {
        await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
        return;
      }
      const model = await loadModel(file);
      const x = tf.tensor4d(await input(), [...shape]);
      const asked = backend === "webgpu" ? everyNth(methods, 2) : methods;
      const stage: Stage = { model, x, layer, methods: asked };
      const alone = new Map<string, ClassMap>();
      for (const method of asked) {
        await t.step(method.name, async () => {
          const [map] = await leavingNoTensors(() => explain(stage, method));
          alone.set(method.name, map!);
          await conform(stage, method, map!);
          if (backend !== "webgpu") await askFurther(stage, method, map!);
          if (backend === "cpu") await endEarly(stage, method);
        });
      }
      await t.step("all at once", () => together(stage, alone));
      x.dispose();
      model.dispose();
    });
  }
}
