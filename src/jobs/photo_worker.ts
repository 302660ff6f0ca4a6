/**
 * A worker of the library: it opens the model on one thread and explains the photos it is given.
 *
 * @module
 */
import * as tf from "../base/tfjs.ts";
import { openModelFolder } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { ExplainableModel } from "../split/model.ts";
import { followOrders } from "./follow_orders.ts";
import { isHopeless } from "./hopeless.ts";
import type { PhotoAnswer, PhotoSetup } from "./photo_messages.ts";
import { sendError } from "./sent_error.ts";
import { buffersOf, sendExplanation } from "./sent_explanation.ts";
import { receivePhoto, type SentPhoto } from "./sent_photo.ts";
import { folderOf } from "./shared_model.ts";

/** A model, and how photos are explained with it. */
interface Prepared {
  readonly model: ExplainableModel;
  readonly options: PhotoSetup["options"];
}

async function prepare(
  { model, identity, options }: PhotoSetup,
  backend: Promise<void>,
): Promise<Prepared> {
  await backend;
  return { model: await openModelFolder(folderOf(model), { identity }), options };
}

async function run(photo: SentPhoto, { model, options }: Prepared): Promise<PhotoAnswer> {
  const image = receivePhoto(photo);
  try {
    return { record: sendExplanation(await gradcam(model, image, options)) };
  } finally {
    if (image instanceof tf.Tensor) image.dispose();
  }
}

followOrders<PhotoSetup, Prepared, SentPhoto, PhotoAnswer>({
  prepare,
  run,
  fail: (error) => ({ error: sendError(error), isHopeless: isHopeless(error) }),
  transfer: (answer) => "record" in answer ? buffersOf(answer.record) : [],
});
