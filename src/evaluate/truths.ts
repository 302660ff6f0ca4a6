import * as tf from "../base/tfjs.ts";
import { TruthError } from "../base/errors.ts";
import { cut } from "../base/quote.ts";
import { openImage, type PhotoSource } from "../input/image/read.ts";
import type { ImageInput } from "../input/image_input.ts";
import type { PhotoTruth } from "../metrics/truth.ts";
import { lastPartOf, toLocation } from "../platform/files.ts";
import { findEntry } from "../truth/find_entry.ts";
import { ClassMatcher, describeAmbiguous } from "../truth/match_classes.ts";
import {
  type FoundObject,
  type FoundTruth,
  openTruth,
  type PhotoSize,
  type TruthEntry,
} from "../truth/mod.ts";
import type { EvaluatedPhoto, UnmatchedClasses } from "./evaluated.ts";
import type { EvaluateOptions, EvaluationPlan } from "./evaluate_options.ts";
import { sha256 } from "../base/sha256.ts";
import type { OpenedModel } from "./open_models.ts";

/** What is known of a photo. */
export interface PhotoTruths extends Pick<EvaluatedPhoto, "truth" | "unmatched" | "warnings"> {
  /** For each model, with classes of its own; `undefined` where none of its classes is there. */
  readonly of: readonly (PhotoTruth | undefined)[];
}

/** Where truth comes from, whatever it is. */
interface TruthStore {
  readonly name: string;
  readonly kind: string;
  readonly hash: string;
  readonly warnings: readonly string[];
  readonly entries: readonly TruthEntry[];
}

/** What the caller says of photos. */
async function given(truths: readonly PhotoTruth[]): Promise<TruthStore> {
  const entries = truths.map(({ file, objects }): TruthEntry => ({
    file,
    read: () =>
      Promise.resolve({
        objects: objects.map(({ label, classIndex, boxes, mask }): FoundObject => ({
          label,
          classIndex,
          boxes,
          mask,
        })),
        problems: [],
      }),
  }));
  const hash = await sha256(JSON.stringify(truths));
  return { name: "given", kind: "given", hash, warnings: [], entries };
}

async function openStore({ truth, signal }: EvaluateOptions): Promise<TruthStore | undefined> {
  if (truth === undefined) return undefined;
  if (typeof truth !== "string" && !(truth instanceof URL)) return await given(truth);
  return { name: lastPartOf(toLocation(truth)) ?? "truth", ...await openTruth(truth, { signal }) };
}

/** The size of a photo that is given in any way. */
async function sizeOf(image: ImageInput, signal: AbortSignal | undefined): Promise<PhotoSize> {
  if (image instanceof tf.Tensor) {
    const [height, width] = image.shape.slice(-3);
    return { height: height!, width: width! };
  }
  if (typeof image === "object" && "data" in image && "width" in image) return image as PhotoSize;
  const { height, width } = await openImage(image as PhotoSource, { signal });
  return { height, width };
}

/** A model's name, and its classes. */
interface NamedMatcher {
  readonly name: string;
  readonly matcher: ClassMatcher;
}

/** What is known to be on photos, in the classes of several models. */
export class Truths {
  readonly #store: TruthStore | undefined;
  readonly #find: ReturnType<typeof findEntry>;
  readonly #models: readonly NamedMatcher[];
  readonly #signal: AbortSignal | undefined;

  private constructor(
    store: TruthStore | undefined,
    models: readonly OpenedModel[],
    options: EvaluateOptions,
  ) {
    this.#store = store;
    this.#find = findEntry(store?.entries ?? []);
    this.#models = models.map(({ about: { name }, labels, classes }) => ({
      name,
      matcher: new ClassMatcher(labels, classes, options.classes),
    }));
    this.#signal = options.signal;
  }

  /**
   * Read what is known.
   *
   * @throws {TruthError} If nothing of it can be used.
   */
  static async open(models: readonly OpenedModel[], options: EvaluateOptions): Promise<Truths> {
    return new Truths(await openStore(options), models, options);
  }

  /** What of it is told before the first photo. */
  get plan(): Pick<EvaluationPlan, "truth" | "warnings"> {
    if (!this.#store) return { warnings: [] };
    const { name, kind, hash, entries, warnings } = this.#store;
    return { truth: { name, kind, hash, files: entries.map(({ file }) => file) }, warnings };
  }

  /**
   * What is known of a photo; what is wrong with it is told in its warnings.
   *
   * @param path The photo's path or name; `undefined` of one that has none.
   * @param image The photo.
   */
  async of(path: string | undefined, image: ImageInput): Promise<PhotoTruths> {
    const nothing: PhotoTruths = { of: this.#models.map(() => undefined), warnings: [] };
    if (!this.#store || path === undefined) return nothing;
    const name = cut(path.split(/[/\\]/).at(-1));
    try {
      const entry = this.#find(path);
      if (!entry) return nothing;
      const found = await entry.read(() => sizeOf(image, this.#signal));
      const matched = this.#models.map(({ name, matcher }) => match(entry.file, found, { name, matcher }));
      const unmatched = matched.flatMap(({ unmatched }) => unmatched ?? []);
      return {
        of: matched.map(({ truth }) => truth),
        truth: { file: entry.file, objects: found.objects.length },
        ...unmatched.length > 0 && { unmatched },
        warnings: found.problems.map((problem) => `${name}: ${problem}`),
      };
    } catch (error) {
      if (!(error instanceof TruthError)) throw error;
      return { ...nothing, warnings: [error.message] };
    }
  }
}

/** The objects of a photo in the classes of a model, and the names of those that it has not. */
function match(
  file: string,
  { objects }: FoundTruth,
  { name: model, matcher }: NamedMatcher,
): { readonly truth: PhotoTruth | undefined; readonly unmatched: UnmatchedClasses | undefined } {
  const [unknown, ambiguous] = [new Set<string>(), new Set<string>()];
  const known = objects.flatMap((object) => {
    const { label, boxes, mask } = object;
    const found = matcher.classOf(object);
    const name = label ?? String(object.classIndex ?? object.imagenet);
    if (found?.kind === "unknown") unknown.add(name);
    if (found?.kind === "ambiguous") ambiguous.add(describeAmbiguous(name, found.classes));
    if (found && found.kind !== "found") return [];
    return [{ boxes, mask, ...found && { classIndex: found.classIndex } }];
  });
  const isAll = unknown.size + ambiguous.size === 0;
  return {
    truth: known.length > 0 ? { file, objects: known } : undefined,
    unmatched: isAll ? undefined : { model, unknown: [...unknown], ambiguous: [...ambiguous] },
  };
}
