import type { TruthBox, TruthMask } from "../metrics/truth.ts";
import type { TruthSource } from "./truth_source.ts";

/** Height and width in pixels. */
export interface PhotoSize {
  /** Its height in pixels. */
  readonly height: number;
  /** Its width in pixels. */
  readonly width: number;
}

/** An object as a file has it: what its class is in a model is not known yet. */
export interface FoundObject {
  /** The name of its class, where the file has one. */
  readonly label: string | undefined;
  /** Its class's index in the model's output, where the file says so. */
  readonly classIndex?: number | undefined;
  /** The index among ImageNet's 1,000 classes, where the file says so. */
  readonly imagenet?: number | undefined;
  /** Where they are, one box each, in fractions of the photo. */
  readonly boxes: readonly TruthBox[];
  /** Which parts of the photo they cover, where the file says so. */
  readonly mask: TruthMask | undefined;
}

/** What a file says of a photo. */
export interface FoundTruth {
  /** One for each class. */
  readonly objects: readonly FoundObject[];
  /** What is wrong with it, a few words each: the rest is used. */
  readonly problems: readonly string[];
}

/** What a truth file has of one photo; it is read when it is asked for. */
export interface TruthEntry {
  /** The photo's path, as the file has it; where it has none, of the file itself, without its ending. */
  readonly file: string;
  /**
   * What it says.
   *
   * @param sizeOf The photo's size, for boxes in pixels of a file that does not say how large the photo is.
   * @throws {TruthError} If nothing of it can be read.
   */
  read(sizeOf: () => Promise<PhotoSize>): Promise<FoundTruth>;
}

/** What a truth file holds. */
export interface FoundEntries {
  /** What it has, one for each photo. */
  readonly entries: readonly TruthEntry[];
  /** What is wrong with it, a sentence each: the rest is used. */
  readonly warnings: readonly string[];
}

/** A kind of file, or of folder, that says where objects are. */
export interface NamedTruthFormat {
  /** The name in messages and results, such as `"coco"`. */
  readonly name: string;
  /** The name in print. */
  readonly title: string;
  /** What it is, for the help. */
  readonly description: string;
  /** Whether a file or folder is one of this kind, by what it holds. */
  recognise(source: TruthSource): Promise<boolean>;
  /**
   * Find what there is; photos are read later, one by one.
   *
   * @throws {TruthError} If nothing can be used.
   */
  open(source: TruthSource): Promise<FoundEntries>;
}
