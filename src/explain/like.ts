import * as tf from "../base/tfjs.ts";
import { ImageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { TensorInfo } from "../base/tensor_info.ts";
import { type ImageInput, isPixels } from "../input/image_input.ts";
import type { InputOptions } from "../input/input_options.ts";
import { fileNameOf, PhotoFile, type PhotoSource, readPhotoFile } from "../input/image/read.ts";
import { readPhoto } from "../input/plan.ts";
import type { ExplainableModel } from "../split/model.ts";
import {
  areClasses,
  areNumbered,
  classesOf,
  type EmbeddedClasses,
  isEmbedding,
  isNamedEmbeddings,
  type NamedEmbeddings,
} from "./embeddings.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { likeNameOf, type ReadPhoto, type SettledOptions } from "./target_plan.ts";

/** A photo or embeddings that others are compared with. */
type Like = NonNullable<GradcamOptions["like"]>;

/** What a file was read as. */
type LikeFile = PhotoFile | NamedEmbeddings | Float32Array;

/** Whether nothing has to be read. */
function isRead(like: Like): like is Exclude<Like, PhotoSource> {
  return isEmbedding(like) || isNamedEmbeddings(like) || like instanceof tf.Tensor || isPixels(like);
}

/** Read a file, and what it holds if that are embeddings; one is called what its file is. */
async function readFile(like: PhotoSource | PhotoFile, signal?: AbortSignal): Promise<LikeFile> {
  const file = like instanceof PhotoFile ? like : await readPhotoFile(like, signal);
  const { readEmbeddings } = await import("./read_embeddings.ts");
  const embeddings = readEmbeddings(file.bytes, file.name);
  if (!embeddings) return file;
  return isEmbedding(embeddings) && file.fileName !== undefined
    ? { [file.fileName]: embeddings }
    : embeddings;
}

/**
 * Read a photo to be like once, where many photos are compared with it; one that is taken in a range of its own values
 * is read each time, since these are known to its file alone.
 *
 * @param like A photo, or a file of embeddings; tensors, pixels and embeddings stay as they are.
 * @param options What reading a photo takes.
 * @throws {ImageError} If it cannot be read.
 */
export async function readLike(like: Like, options: InputOptions): Promise<Like> {
  if (isRead(like)) return like;
  try {
    const file = await readFile(like, options.signal);
    if (!(file instanceof PhotoFile)) return file;
    if (options.range !== undefined) return like;
    const read: ReadPhoto = { ...await readPhoto(file, options), photoName: fileNameOf(like) };
    return read;
  } catch (error) {
    if (!(error instanceof ImageError) || error.message.includes(likeNameOf(like))) throw error;
    throw new ImageError(`${error.message} (it is what the photo is to be like)`, { cause: error });
  }
}

/** What options say when it has been read what the photo is to be like. */
export interface SettledLike {
  readonly options: SettledOptions;
  /** The classes that embeddings stand for. */
  readonly classes?: EmbeddedClasses | undefined;
  /** What the only embedding is called. */
  readonly likeName?: string | undefined;
}

/** Outputs that hold the embedding of a picture, by the names that exporters give them, the likeliest first. */
const embeddingOutputs = [/^image_(embeds?|embeddings?|features)$/i, /^pooler_output$/i];

/** The output that is compared, where a model has several and none is asked for. */
function findOutput(outputs: readonly TensorInfo[]): string | undefined {
  const names = outputs.map(({ name }) => name);
  return embeddingOutputs.map((pattern) => names.find((name) => pattern.test(name))).find(Boolean);
}

/** What to tell of an output that holds an embedding, where it is explained as if it held the scores of classes. */
export function embeddingWarnings({ name }: TensorInfo): string[] {
  if (!embeddingOutputs.some((pattern) => pattern.test(name))) return [];
  return [
    `Output ${
      quote(name)
    } is an embedding, whose numbers are no classes: say with the option "like" what the photo is to be like`,
  ];
}

/** What is known of a model that embeddings are compared with. */
type ComparedModel = Pick<ExplainableModel, "outputs" | "labels">;

/** The names of classes: as the options say, else as the embeddings do, else as the model does. */
function namesFor(
  { names }: EmbeddedClasses,
  given: readonly string[] | undefined,
  { labels }: ComparedModel,
): readonly string[] {
  if (given) return given;
  return areNumbered(names) && labels?.length === names.length ? labels : names;
}

/** Several embeddings as classes. */
function asClasses(
  { like: _, ...options }: GradcamOptions,
  classes: EmbeddedClasses,
  model: ComparedModel,
): SettledLike {
  const { target, region, box, labels } = options;
  if (target === "similarity") {
    throw new RangeError(
      "Cannot explain a similarity to several embeddings: they are classes: leave the target out, or give one",
    );
  }
  if (region !== undefined || box !== undefined) {
    throw new RangeError(
      "Cannot use a region or a box with embeddings: they are compared with the whole output",
    );
  }
  return { options: { ...options, labels: namesFor(classes, labels, model) }, classes };
}

/**
 * Read what the photo is to be like, as far as embeddings go: of a photo nothing but its file.
 *
 * @param options As the caller gave them.
 * @param model What it is compared with.
 * @throws {ImageError} If a file cannot be read, or holds no embeddings where it should.
 * @throws {RangeError} If embeddings cannot be used.
 */
export async function settleLike(
  options: GradcamOptions,
  model: ComparedModel,
): Promise<SettledLike> {
  const { like, output = findOutput(model.outputs) } = options;
  if (like === undefined) return { options: options as SettledOptions };
  const found = { ...options, output };
  const read = isRead(like) ? like : await readFile(like, options.signal);
  if (!isNamedEmbeddings(read)) {
    const one: unknown = read; // a file that was read is taken as what it is of
    return { options: { ...found, like: one as ImageInput } };
  }
  const classes = classesOf(read);
  const [name] = classes.names;
  if (areClasses(read)) return asClasses(found, classes, model);
  return { options: { ...found, like: classes.vectors[0]! }, likeName: quote(name) };
}

/**
 * Make sure that embeddings are as long as what a model gives, where its shape tells that.
 *
 * @throws {RangeError} If they are not.
 */
export function checkEmbeddingLength({ shape }: TensorInfo, { vectors }: EmbeddedClasses): void {
  const sizes = shape.slice(1);
  if (sizes.some((size) => size === null)) return;
  const size = sizes.reduce<number>((product, one) => product * one!, 1);
  const { length } = vectors[0]!;
  if (size === length) return;
  throw new RangeError(
    `Cannot compare an embedding of ${size} numbers with those of ${length}: give embeddings of ${size}`,
  );
}
