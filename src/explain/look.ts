import * as tf from "../base/tfjs.ts";
import type { Tensor4D } from "../base/tensors.ts";
import type { Turns } from "../base/turns.ts";
import type { ModelInput } from "../input/plan.ts";
import type { SplitModel } from "../split/model.ts";
import { mapTargets, type RawMaps } from "./maps.ts";
import type { Progress } from "./progress.ts";
import type { ExplainRequest } from "./request.ts";
import { type LayerCut, Subject } from "./subject.ts";

/** How a photo is looked at. */
export interface LookOptions {
  /** How the input was made of a photo's pixels. */
  readonly pixels: ModelInput["pixels"];
  /** What the model makes of what the photo is compared with. */
  readonly like: Float32Array | undefined;
  /** Given between pieces of work. */
  readonly turns: Turns;
  /** Told what is expected and what is done. */
  readonly progress: Progress;
  /**
   * How many times as much there is to do in all.
   * @default {1}
   */
  readonly rounds?: number | undefined;
  /** Told when the layers have been reached. */
  readonly onHead?: (() => void) | undefined;
}

/** What a request asks of the model once its input is there. */
export type LookRequest = Omit<ExplainRequest, "makeInput" | "otherPhotos" | "dispose">;

/**
 * Run the model to the layers, and have somebody look at what lies there.
 *
 * @param request What is asked for.
 * @param x The model's input, `[1, H, W, C]`; it stays the caller's.
 * @param use What is done; the subject is freed after it.
 */
export async function withSubject<Result>(
  request: LookRequest,
  x: Tensor4D,
  { pixels, turns, progress, onHead }: Omit<LookOptions, "like" | "rounds">,
  use: (subject: Subject) => Promise<Result>,
): Promise<Result> {
  const pause = () => turns.next();
  const made: tf.Tensor[] = [];
  const runHead = async (split: SplitModel): Promise<LayerCut> => {
    const head = await split.headInTurns(x, pause); // A: [1, h, w, k]
    made.push(head.activation, ...head.carried);
    return { split, head };
  };
  try {
    const { split, moreSplits, splitAtLayer, splitAtPicture, stages, attention } = request;
    const cut = await runHead(split);
    const more: LayerCut[] = [];
    for (const other of moreSplits) more.push(await runHead(other)); // each from the picture on
    onHead?.();
    const preprocessing = pixels?.preprocessing;
    const ways = { splitAtLayer, splitAtPicture, stages, attention, turns, count: progress.count };
    const subject = new Subject({ x, preprocessing, ...cut, more, ...ways });
    try {
      return await use(subject);
    } finally {
      await subject.dispose();
    }
  } finally {
    tf.dispose(made);
  }
}

/**
 * Run the model to the layers and on to the scores, and have the methods map all targets.
 *
 * @param request What is asked for.
 * @param x The model's input, `[1, H, W, C]`; it stays the caller's.
 */
export async function look(request: LookRequest, x: Tensor4D, options: LookOptions): Promise<RawMaps> {
  const { like, turns, progress, rounds } = options;
  const pause = () => turns.next();
  return await withSubject(
    request,
    x,
    options,
    (subject) => mapTargets(request, subject, { progress, like, rounds, pause }),
  );
}
