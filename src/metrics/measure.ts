import * as tf from "../base/tfjs.ts";
import { forgetGpuRefusals } from "../../backends/gpu_errors.ts";
import { ensureBackend, withBackend } from "../../backends/mod.ts";
import { checkOptionTypes } from "../base/options.ts";
import { Turns } from "../base/turns.ts";
import { readArguments } from "../explain/arguments.ts";
import { backendOf, checkOptions, type GradcamOptions } from "../explain/gradcam_options.ts";
import { withSubject } from "../explain/look.ts";
import { type Model, openModel } from "../explain/model.ts";
import { givenTensors } from "../explain/other_inputs.ts";
import { prepare, type Prepared, readLike } from "../explain/prepare.ts";
import { Progress } from "../explain/progress.ts";
import { type ExplainRequest, settle } from "../explain/request.ts";
import { Stopwatch } from "../explain/stopwatch.ts";
import type { ModelSource } from "../formats/mod.ts";
import type { ImageInput } from "../input/image_input.ts";
import { methods as allMethods } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import type { ExplainableModel } from "../split/model.ts";
import { classesOf } from "./class_truth.ts";
import { findControl } from "./controls/mod.ts";
import { measureMaps } from "./measure_maps.ts";
import { type MeasureOptions, measureRules } from "./measure_options.ts";
import type { MeasuredMap } from "./measured_map.ts";
import { findMetrics, type Metric } from "./mod.ts";
import { RandomisedModels } from "./randomised_models.ts";
import type { MetricSettings } from "./settings.ts";

/** Which metrics there are where none is named. */
function metricsOf({ metrics, metricSettings, truth }: MeasureOptions): Metric[] {
  const usual = [...truth ? ["pointinggame"] : [], "deletion", "insertion"];
  return findMetrics(metrics ?? usual, metricSettings);
}

/** What methods are told: the seed too, where one of them takes it. */
function methodSettings(
  { methods = ["gradcam"], settings, seed }: MeasureOptions,
): MethodSettings | undefined {
  const takesSeed = allMethods.some(({ name, settings = {} }) =>
    methods.includes(name) && Object.hasOwn(settings, "seed")
  );
  return seed !== undefined && takesSeed ? { seed, ...settings } : settings;
}

/** What is asked of the model, as `gradcam()` takes it. */
function explainOptions(options: MeasureOptions): GradcamOptions {
  const {
    methods = ["gradcam"],
    layers,
    controls: _,
    metrics: _m,
    metricSettings: _s,
    truth,
    seed: _d,
    ...rest
  } = options;
  const isTold = rest.classIndex !== undefined || rest.label !== undefined || rest.top !== undefined;
  return {
    ...rest,
    ...(truth && !isTold && classesOf(truth)),
    method: methods.length > 0 ? methods : ["gradcam"], // which is not asked then
    settings: methodSettings(options),
    ...(layers && { layer: layers }),
  };
}

/** What was asked for, and all that it is measured with. */
interface Measuring {
  readonly model: ExplainableModel;
  readonly image: ImageInput;
  readonly options: MeasureOptions;
  /** The same as `gradcam()` takes it. */
  readonly asked: GradcamOptions;
  readonly request: ExplainRequest;
}

/** Run the model, and have its maps measured. */
async function run(
  { model, image, options, asked, request }: Measuring,
  { input, others, like }: Prepared,
): Promise<MeasuredMap[]> {
  const { seed = 0, controls = [], methods = ["gradcam"], truth } = options;
  const settings: MetricSettings = { seed, ...options.metricSettings };
  const turns = new Turns(options.signal);
  const progress = new Progress(options.onProgress);
  const layer = [request.split, ...request.moreSplits].map(({ layer }) => layer);
  const { values } = request;
  const randomised = new RandomisedModels({
    model,
    image,
    options: { ...asked, layer },
    values,
    seed: settings.seed ?? 0,
  });
  const made: tf.Tensor[] = [];
  forgetGpuRefusals();
  try {
    const x = input.toTensor(); // [1, H, W, C]
    made.push(x);
    for (const [name, other] of others) made.push(values[name] = other.toTensor());
    const embedding = await readLike(request, like, turns);
    const { pixels, original } = input;
    return await withSubject(
      request,
      x,
      { pixels, turns, progress },
      (subject) =>
        measureMaps({ request, x, subject, pixels, turns, progress, randomised }, {
          methods: methods.length > 0 ? request.methods : [],
          controls: controls.map((name) => findControl(name)),
          metrics: metricsOf(options),
          settings,
          truth,
          original,
          like: embedding,
        }),
    );
  } finally {
    randomised.dispose();
    tf.dispose(made);
  }
}

/** From an image to its measured maps. */
async function measureWith(
  model: ExplainableModel,
  image: ImageInput,
  options: MeasureOptions,
): Promise<MeasuredMap[]> {
  const asked = explainOptions(options);
  const compute = <Result>(use: () => Promise<Result>) =>
    withBackend(backendOf(options), use, {
      tensors: givenTensors(image, options.inputs),
      signal: options.signal,
    });
  const request = await compute(() => settle(model, image, asked));
  try {
    const prepared = await prepare(request, new Stopwatch());
    return await compute(() => run({ model, image, options, asked, request }, prepared));
  } finally {
    request.dispose();
  }
}

/** Refuse options of which no model and no image could make sense. */
function checkMeasureOptions(options: MeasureOptions): void {
  checkOptionTypes("measure()", options, measureRules);
  metricsOf(options);
  options.controls?.forEach((name) => findControl(name));
  checkOptions(explainOptions(options));
}

/**
 * How good are the maps of a photo? Maps by several methods at several layers, and controls, by any metrics. What maps and
 * metrics share is computed once.
 *
 * @param model As `gradcam()` takes it.
 * @param image Likewise.
 * @param options Which methods, layers, controls and metrics; what is on the photo; and as `gradcam()` takes them.
 * @returns Class by class, by each method at each layer and then by each control.
 * @throws As `gradcam()` does; and a `RangeError` if there is no such metric or control, or none takes a setting.
 *
 * @example Does the map's peak lie on the cat?
 * ```ts
 * import { measure } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const cat = { classIndex: 285, boxes: [{ x: 0.1, y: 0, width: 0.75, height: 1 }] }; // in parts of the photo
 * const [map] = await measure("testdata/photos/chelsea.png", {
 *   metrics: ["pointinggame"],
 *   truth: { file: "chelsea.png", objects: [cat] },
 * });
 * assertEquals(map!.label, "Egyptian cat");
 * assertEquals(map!.measurements[0]!.measurement.value, 1);
 * ```
 */
export function measure(
  model: Model | ModelSource,
  image: ImageInput,
  options?: MeasureOptions,
): Promise<MeasuredMap[]>;
/**
 * How good are the maps of a photo by the embedded ImageNet model?
 *
 * @param image As above.
 * @param options As above.
 */
export function measure(image: ImageInput, options?: MeasureOptions): Promise<MeasuredMap[]>;
export async function measure(first: unknown, second?: unknown, third?: unknown): Promise<MeasuredMap[]> {
  const { source, image, options: given } = readArguments(first, second, third);
  const options = given as MeasureOptions;
  checkMeasureOptions(options);
  options.signal?.throwIfAborted();
  await ensureBackend(backendOf(options), options.signal);
  const { model, close } = await openModel(source, options.signal);
  try {
    return await measureWith(model, image, options);
  } finally {
    close();
  }
}
