import { Explanation } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { fileNameOf } from "../input/image/read.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { Feed } from "./feed.ts";
import { inOrder } from "./in_order.ts";
import type { Answer, Answered } from "./outcome.ts";
import type { PhotoAnswer, PhotoSetup } from "./photo_messages.ts";
import { photoWorkerLocation } from "./photo_worker_location.ts";
import { Pool } from "./pool.ts";
import { receiveError } from "./sent_error.ts";
import { sendInputs } from "./sent_inputs.ts";
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

async function sendOptions(options: GradcamOptions): Promise<PhotoSetup["options"]> {
  const { signal: _, backend: __, threads: ___, inputs, ...plain } = options;
  return { ...plain, ...(inputs && { inputs: await sendInputs(inputs) }) };
}

/** What a worker answered; of a file it was sent the bytes alone. */
function receive(answer: PhotoAnswer, photo: ImageInput): Answer {
  if ("record" in answer) {
    return { explanation: new Explanation({ ...answer.record, photoName: fileNameOf(photo) }) };
  }
  return { error: receiveError(answer.error), isHopeless: answer.isHopeless };
}

/**
 * Let the workers open the model.
 *
 * @param model Its files.
 * @param options What to explain, and how.
 * @throws {ModelError} If one cannot, such as where a layer's class was registered in this thread alone.
 */
export async function prepareWorkers(
  pool: ExplainingPool,
  model: SharedModel,
  { identity, ...options }: GradcamOptions & Pick<PhotoSetup, "identity">,
): Promise<void> {
  await pool.prepare({ model, identity, options: await sendOptions(options) });
}

/** Explain photos in workers that are prepared, several at once. The caller stops the workers. */
export async function* explainInWorkers(
  feed: Feed<ImageInput>,
  pool: ExplainingPool,
  jobs: number,
): AsyncGenerator<Answered, void, undefined> {
  async function explain(photo: ImageInput): Promise<Answered> {
    const { photo: sent, transfer } = await sendPhoto(photo);
    return { photo, answer: receive(await pool.do(sent, transfer), photo) };
  }

  yield* inOrder(feed, jobs * lead, explain);
}
