import * as tf from "../base/tfjs.ts";
import type { Turns } from "../base/turns.ts";
import type { ModelInput } from "../input/plan.ts";
import type { ExplainRequest } from "./request.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** What goes into the model. */
export interface Prepared {
  /** Made of the image. */
  readonly input: ModelInput;
  /** Made of photos for other inputs, by name. */
  readonly others: ReadonlyMap<string, ModelInput>;
  /** Made of the photo that it is compared with. */
  readonly like: ModelInput | undefined;
}

/** Make the model's inputs of the image and of other photos. */
export async function prepare(
  { makeInput, otherPhotos, region, like }: ExplainRequest,
  watch: Stopwatch,
): Promise<Prepared> {
  const others = new Map<string, ModelInput>();
  for (const { name, makeInput } of otherPhotos) others.set(name, await makeInput());
  const other = like && "makeInput" in like ? await like.makeInput() : undefined;
  const input = await makeInput();
  const { shape, original } = input;
  region?.layOn({ shape, photo: original, placement: original?.placement });
  watch.lap("decode", input.decodedAt);
  watch.lap("prepare");
  return { input, others, like: other };
}

/** What the model makes of what the photo is compared with. */
export async function readLike(
  { like, split }: ExplainRequest,
  other: ModelInput | undefined,
  turns: Turns,
): Promise<Float32Array | undefined> {
  if (like && "embedding" in like) return like.embedding;
  if (!other) return undefined;
  const pause = () => turns.next();
  const x = other.toTensor(); // [1, H, W, C]
  const made: tf.Tensor[] = [x];
  try {
    const { activation, carried } = await split.headInTurns(x, pause);
    made.push(activation, ...carried);
    const scores = await split.rerun(activation, carried, pause);
    made.push(scores);
    return await scores.data() as Float32Array;
  } finally {
    tf.dispose(made);
  }
}
