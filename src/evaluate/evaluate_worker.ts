/**
 * A worker of an evaluation: it opens the models on one thread and measures the photos it is given.
 *
 * @module
 */
import * as tf from "../base/tfjs.ts";
import { openModelFolder } from "../formats/mod.ts";
import { followOrders } from "../jobs/follow_orders.ts";
import { isHopeless } from "../jobs/hopeless.ts";
import { sendError } from "../jobs/sent_error.ts";
import { receivePhoto } from "../jobs/sent_photo.ts";
import { folderOf } from "../jobs/shared_model.ts";
import type { EvaluateAnswer, EvaluateSetup, EvaluateTask } from "./evaluate_messages.ts";
import { measurePhoto, type NamedModel } from "./measure_photo.ts";

/** Models, and how photos are measured with them. */
interface Prepared {
  readonly models: readonly NamedModel[];
  readonly options: EvaluateSetup["options"];
}

async function prepare(
  { models, identity, options }: EvaluateSetup,
  backend: Promise<void>,
): Promise<Prepared> {
  await backend;
  const { labels, preprocess } = options;
  const opened: NamedModel[] = [];
  for (const { name, files } of models) {
    opened.push({ name, model: await openModelFolder(folderOf(files), { labels, preprocess, identity }) });
  }
  return { models: opened, options };
}

async function run({ photo, ...task }: EvaluateTask, { models, options }: Prepared): Promise<EvaluateAnswer> {
  const image = receivePhoto(photo);
  try {
    return { maps: await measurePhoto(models, image, task, options) };
  } finally {
    if (image instanceof tf.Tensor) image.dispose();
  }
}

followOrders<EvaluateSetup, Prepared, EvaluateTask, EvaluateAnswer>({
  prepare,
  run,
  fail: (error) => ({ error: sendError(error), isHopeless: isHopeless(error) }),
});
