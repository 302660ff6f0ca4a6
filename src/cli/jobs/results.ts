import { DiskFullError, ImageError } from "../../base/errors.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ImageInput } from "../../input/image_input.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { CardModel } from "../card_model.ts";
import type { Destination } from "../destination.ts";
import type { GridSheets } from "../grid.ts";
import { Interrupted } from "../interrupted.ts";
import type { CliIo } from "../io.ts";
import type { OpenRequest } from "../open_request.ts";
import type { Reporter } from "../reporter.ts";
import type { OpenedModel } from "../session.ts";
import { readStdin } from "../stdin.ts";
import { explainPhoto, type PhotoResult } from "./photo.ts";
import type { PhotoPool } from "./photo_pool.ts";

/** A photo, or why standard input could not be read; what stands elsewhere is read when it is explained. */
async function readPhoto(photo: string, io: CliIo): Promise<ImageInput | ImageError> {
  if (photo !== "-") return photo;
  try {
    return await readStdin(io);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
}

/** Explain the photos here, one after the other. */
export async function* explainHere(
  model: ExplainableModel,
  request: OpenRequest,
  destination: Destination,
  { io, reporter, cards }: {
    readonly io: CliIo;
    readonly reporter: Reporter;
    /** What cards say of the model, where photos get one. */
    readonly cards: CardModel | undefined;
  },
): AsyncGenerator<PhotoResult> {
  const { photos, stems, options, kinds, drawing, grid } = request;
  const plan = { destination, kinds, drawing, photos, grid, cards, stdout: io.stdout };
  for (const [at, stem] of stems.entries()) {
    const name = photos[at]!;
    const image = await readPhoto(name, io);
    const onProgress: GradcamOptions["onProgress"] = (work) => reporter.work(work, name);
    const onPlan: GradcamOptions["onPlan"] = (work) => reporter.cost(work);
    const told = { signal: io.signal, onProgress, onPlan };
    yield image instanceof ImageError
      ? { error: image, isHopeless: false }
      : await explainPhoto(model, { image, name, stem }, { ...options, ...told }, plan);
  }
}

/** Explain the photos in workers, several at once. */
export function explainInPool(
  pool: PhotoPool,
  { model, labels, files }: OpenedModel,
  request: OpenRequest,
  destination: Destination,
  signal: AbortSignal,
): AsyncGenerator<PhotoResult> {
  const { photos, stems, identity, options, drawing, kinds, grid } = request;
  model.dispose(); // it was opened to see whether it can be, and for its files
  return pool.explain({
    model: files!.shared(),
    labels,
    request: { photos, identity, options, drawing, grid },
    kinds: kinds.map(({ name }) => name),
    destination,
    stems,
  }, signal);
}

/** Put each result into the grid too. */
export async function* intoGrid(
  results: AsyncGenerator<PhotoResult>,
  photos: readonly string[],
  grid: GridSheets,
  reporter: Reporter,
): AsyncGenerator<PhotoResult> {
  for (const photo of photos) {
    const { value } = await results.next();
    const written = await grid.add(photo, value);
    if (written) await reporter.sheet(written);
    yield value;
  }
}

/** Say what became of each photo; one that fails does not stop the others. */
export async function reportAll(
  results: AsyncGenerator<PhotoResult>,
  photos: readonly string[],
  reporter: Reporter,
  io: CliIo,
): Promise<number> {
  let failures = 0;
  const interrupted = (done: number) =>
    new Interrupted(`Interrupted: ${done} of ${photos.length} photos done`);
  for (const [done, photo] of photos.entries()) {
    if (io.signal.aborted) throw interrupted(done);
    await reporter.progress(done, photo);
    const { value } = await results.next().catch((error) => {
      throw io.signal.aborted ? interrupted(done) : error; // in the middle of a photo
    });
    const result = value as PhotoResult; // there is one for each photo
    if (io.signal.aborted && "error" in result) throw interrupted(done);
    if ("explanation" in result) {
      await reporter.success(photo, result.explanation, result.saved, result.card);
      continue;
    }
    if (result.isHopeless && failures === done) throw result.error; // none has succeeded yet
    if (result.error instanceof DiskFullError) throw result.error; // no other could be written
    await reporter.failure(photo, result.error);
    failures++;
  }
  return failures > 0 ? 1 : 0;
}
