import { Explanation } from "../explain/explanation.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { Model } from "../explain/model.ts";
import { readPhotoFile } from "../input/image/read.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { Feed } from "./feed.ts";
import { isHopeless } from "./hopeless.ts";
import { inOrder } from "./in_order.ts";
import type { Answer, Answered } from "./outcome.ts";

/** How many photos are read, or being read, while one is explained. */
const ahead = 2;

/** What of a photo was read ahead, or why it could not be. */
type ReadAhead =
  | { readonly photo: ImageInput; readonly image: ImageInput }
  | { readonly photo: ImageInput; readonly error: unknown };

async function readAhead(photo: ImageInput, signal: AbortSignal | undefined): Promise<ReadAhead> {
  const isElsewhere = typeof photo === "string" || photo instanceof URL || photo instanceof Blob;
  if (!isElsewhere) return { photo, image: photo };
  try {
    const file: unknown = await readPhotoFile(photo, signal); // which reading takes as it takes what it is of
    return { photo, image: file as ImageInput };
  } catch (error) {
    return { photo, error };
  }
}

/** The explanation with one more thing that the user should know. */
function withNote(explanation: Explanation, note: string | undefined): Explanation {
  if (note === undefined) return explanation;
  return new Explanation({ ...explanation, warnings: [...explanation.warnings, note] });
}

/** Options of {@linkcode explainHere}. */
export interface HereOptions {
  /** The model; the embedded one if left out. */
  readonly model: Model | undefined;
  /** What to explain, and how. */
  readonly options: GradcamOptions;
  /** What the user should know with every photo. */
  readonly note: string | undefined;
}

/** Explain photos in this thread, one after the other; the next ones are read meanwhile. */
export async function* explainHere(
  feed: Feed<ImageInput>,
  { model, options, note }: HereOptions,
): AsyncGenerator<Answered, void, undefined> {
  const { signal } = options;
  const stopping = new AbortController();
  const reading = AbortSignal.any([stopping.signal, ...signal ? [signal] : []]);
  const reads = new Set<Promise<ReadAhead>>();

  function read(photo: ImageInput): Promise<ReadAhead> {
    const begun = readAhead(photo, reading).finally(() => reads.delete(begun));
    reads.add(begun);
    return begun;
  }

  async function explain(read: ReadAhead): Promise<Answer> {
    try {
      if ("error" in read) throw read.error;
      const explanation = await (model ? gradcam(model, read.image, options) : gradcam(read.image, options));
      return { explanation: withNote(explanation, note) };
    } catch (error) {
      signal?.throwIfAborted();
      return { error, isHopeless: isHopeless(error) };
    }
  }

  try {
    for await (const photo of inOrder(feed, ahead + 1, read)) {
      signal?.throwIfAborted();
      yield { photo: photo.photo, answer: await explain(photo) };
    }
  } finally {
    stopping.abort();
    await Promise.allSettled(reads);
  }
}
