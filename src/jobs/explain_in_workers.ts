import { Explanation } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { OtherInputs } from "../explain/other_inputs.ts";
import * as tf from "../base/tfjs.ts";
import type { Feed } from "./feed.ts";
import { inOrder } from "./in_order.ts";
import type { Answer, Answered } from "./outcome.ts";
import type { PhotoAnswer, PhotoSetup } from "./photo_messages.ts";
import { photoWorkerLocation } from "./photo_worker_location.ts";
import { Pool } from "./pool.ts";
import { receiveError } from "./sent_error.ts";
import { sendPhoto, type SentPhoto } from "./sent_photo.ts";
import type { SharedModel } from "./shared_model.ts";

/** How many photos each worker may be ahead of the one whose turn it is, so that memory stays bounded. */
const lead = 2;

/** Workers that explain photos and send the explanations. */
export type ExplainingPool = Pool<PhotoSetup, SentPhoto, PhotoAnswer>;

/** Start workers; they begin to load what they need. */
export function startWorkers(jobs: number, { backend, threads }: GradcamOptions): ExplainingPool {
  return new Pool({ location: photoWorkerLocation, jobs, backend: { backend, threads } });
}

/** The values of other inputs as they can be sent. */
async function sendInputs(inputs: OtherInputs): Promise<OtherInputs> {
  const entries = Object.entries(inputs).map(async ([name, value]) =>
    [name, value instanceof tf.Tensor ? await value.data() : value] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function sendOptions(options: GradcamOptions): Promise<PhotoSetup["options"]> {
  const { signal: _, backend: __, threads: ___, inputs, ...plain } = options;
  return { ...plain, ...(inputs && { inputs: await sendInputs(inputs) }) };
}

function receive(answer: PhotoAnswer): Answer {
  if ("record" in answer) return { explanation: new Explanation(answer.record) };
  return { error: receiveError(answer.error), isHopeless: answer.isHopeless };
}

/** Options of {@linkcode explainInWorkers}. */
export interface WorkersOptions {
  /** How many workers there are. */
  readonly jobs: number;
  /** The files of the model, which all of them open. */
  readonly model: SharedModel;
  /** What to explain, and how. */
  readonly options: GradcamOptions;
}

/** Explain photos in workers, several at once. The caller stops the workers. */
export async function* explainInWorkers(
  feed: Feed<ImageInput>,
  pool: ExplainingPool,
  { jobs, model, options }: WorkersOptions,
): AsyncGenerator<Answered, void, undefined> {
  pool.prepare({ model, options: await sendOptions(options) });

  async function explain(photo: ImageInput): Promise<Answered> {
    const { photo: sent, transfer } = await sendPhoto(photo);
    return { photo, answer: receive(await pool.do(sent, transfer)) };
  }

  yield* inOrder(feed, jobs * lead, explain);
}
