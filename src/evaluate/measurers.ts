import { currentBackend } from "../../backends/mod.ts";
import type { ImageInput } from "../input/image_input.ts";
import { isHopeless } from "../jobs/hopeless.ts";
import { Pool } from "../jobs/pool.ts";
import { sendError } from "../jobs/sent_error.ts";
import { sendInputs } from "../jobs/sent_inputs.ts";
import { sendPhoto } from "../jobs/sent_photo.ts";
import type { MeasureOptions } from "../metrics/measure_options.ts";
import { whyNoWorkers } from "../platform/why_no_workers.ts";
import type { EvaluateAnswer, EvaluateSetup, EvaluateTask } from "./evaluate_messages.ts";
import type { EvaluateOptions } from "./evaluate_options.ts";
import { evaluateWorkerLocation } from "./evaluate_worker_location.ts";
import { measurePhoto, type PhotoTask } from "./measure_photo.ts";
import type { OpenedModel } from "./open_models.ts";

/** Who measures photos: this thread, or workers. */
export interface Measurer {
  /** How many photos may be under way at once. */
  readonly ahead: number;
  /** Why there are no workers, where some were asked for. */
  readonly note: string | undefined;
  /** @throws What stops everything: an interruption, or that a worker fails. */
  measure(image: ImageInput, task: PhotoTask): Promise<EvaluateAnswer>;
  /** End the workers, and free the models. */
  stop(): void;
}

/** How many photos each worker may be ahead of the one whose turn it is, so that memory stays bounded. */
const lead = 2;

/** Measure in this thread. */
function measureHere(
  models: readonly OpenedModel[],
  options: MeasureOptions,
  note: string | undefined,
): Measurer {
  const named = models.map(({ about: { name }, model }) => ({ name, model }));
  return {
    ahead: 1,
    note,
    async measure(image, task) {
      try {
        return { maps: await measurePhoto(named, image, task, options) };
      } catch (error) {
        options.signal?.throwIfAborted();
        return { error: sendError(error), isHopeless: isHopeless(error) };
      }
    },
    stop: () => models.forEach(({ dispose }) => dispose()),
  };
}

async function sendOptions(options: MeasureOptions): Promise<EvaluateSetup["options"]> {
  const { signal: _, backend: _b, threads: _t, onProgress: _p, truth: _r, inputs, ...plain } = options;
  return { ...plain, ...inputs && { inputs: await sendInputs(inputs) } };
}

/** Measure in workers, which open the models anew. */
async function measureInWorkers(
  models: readonly OpenedModel[],
  options: MeasureOptions,
  { jobs, identity }: { readonly jobs: number; readonly identity: readonly string[] | undefined },
): Promise<Measurer> {
  const { backend, threads, signal } = options;
  const setup: EvaluateSetup = {
    models: models.map(({ about: { name }, files }) => ({ name, files: files! })),
    identity,
    options: await sendOptions(options),
  };
  models.forEach(({ dispose }) => dispose()); // they were opened to see whether they can be, and for their files
  const pool = new Pool<EvaluateSetup, EvaluateTask, EvaluateAnswer>({
    location: evaluateWorkerLocation,
    jobs,
    backend: { backend, threads },
  });
  const stop = () => pool.stop(signal?.reason);
  signal?.addEventListener("abort", stop);
  const end = () => {
    signal?.removeEventListener("abort", stop);
    stop();
  };
  try {
    await pool.prepare(setup);
  } catch (error) {
    end();
    throw error;
  }
  return {
    ahead: jobs * lead,
    note: undefined,
    async measure(image, task) {
      const { photo, transfer } = await sendPhoto(image);
      return await pool.do({ ...task, photo }, transfer);
    },
    stop: end,
  };
}

/**
 * Who measures photos: workers where several are asked for and can be had, else this thread. The models are the measurer's
 * from then on.
 */
export async function startMeasurer(
  models: readonly OpenedModel[],
  options: MeasureOptions,
  { jobs = 1, identity }: Pick<EvaluateOptions, "jobs" | "identity">,
): Promise<Measurer> {
  if (jobs === 1) return measureHere(models, options, undefined);
  const reason = whyNoWorkers(evaluateWorkerLocation) ??
    (currentBackend()?.name === "webgpu" ? "the GPU serves one at a time" : undefined);
  if (reason === undefined) return await measureInWorkers(models, options, { jobs, identity });
  return measureHere(models, options, `Photos are measured one at a time: ${reason}`);
}
