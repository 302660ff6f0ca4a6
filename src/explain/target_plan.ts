import { ClassNotFoundError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { type ImageInput, isPixels } from "../input/image_input.ts";
import type { RgbaImage } from "../input/image/types.ts";
import { fileNameOf } from "../input/image/read.ts";
import type { ModelInput } from "../input/plan.ts";
import type { ScoreKind } from "../split/model.ts";
import { findTarget, type TargetKind } from "../targets/mod.ts";
import { negativeTarget } from "../targets/negative.ts";
import type { Target, TargetWish } from "../targets/target.ts";
import { checkClasses, topScores, wantedClasses } from "./classes.ts";
import { areClasses, isEmbedding } from "./embeddings.ts";
import type { GradcamOptions } from "./gradcam_options.ts";

/** Options whose embeddings have been read: what is left to be like is a photo, or one embedding. */
export interface SettledOptions extends Omit<GradcamOptions, "like"> {
  readonly like?: ImageInput | readonly number[] | Float32Array | undefined;
}

/** What tells which kind of target is asked for. */
type TargetOptions = Pick<GradcamOptions, "target" | "versus" | "like">;

/** The kind of target that options ask for. */
export function targetKindOf({ target, versus, like }: TargetOptions): TargetKind {
  if (typeof target === "function") return findTarget("function");
  const usual = like !== undefined && !areClasses(like)
    ? "similarity"
    : versus !== undefined
    ? "difference"
    : "class";
  return findTarget(target ?? usual);
}

/** The score that is differentiated. */
export function scoreKindOf(options: TargetOptions & Pick<GradcamOptions, "score">): ScoreKind {
  return options.score ?? targetKindOf(options).score;
}

/**
 * Refuse options about targets that do not go together.
 *
 * @throws {RangeError} If they do not.
 */
export function checkTarget(options: SettledOptions): void {
  const { name, ofClasses } = targetKindOf(options);
  const { versus, like, nearest, contrast, region, box } = options;
  const isAsked = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  if (isAsked(versus) !== (name === "difference")) {
    throw new RangeError(
      isAsked(versus)
        ? `Cannot use versus with the target ${name}: it is for difference`
        : "Cannot explain a difference: say versus which class",
    );
  }
  if ((like !== undefined) !== (name === "similarity")) {
    throw new RangeError(
      like !== undefined
        ? `Cannot use like with the target ${name}: it is for similarity`
        : "Cannot explain a similarity: give the photo, or the embedding, to be like",
    );
  }
  if ((isAsked(nearest) || isAsked(contrast)) && name !== "finer") {
    throw new RangeError(`Cannot use nearest or contrast with the target ${name}: they are for finer`);
  }
  if (!ofClasses && [options.classIndex, options.label, options.top, region, box].some(isAsked)) {
    throw new RangeError(
      `Cannot choose classes, a region or a box for the target ${name}: it is made of the whole output`,
    );
  }
  if (isAsked(region) && isAsked(box)) {
    throw new RangeError("Cannot use a region and a box together: use one");
  }
}

/** A photo to be like: it is read when the photo that is explained has been. */
export interface LikePhoto {
  /** What it is called. */
  readonly name: string;
  /** Read it, and bring it to the model's input. */
  makeInput(): Promise<ModelInput>;
}

/** What the photo that is explained is compared with. */
export type Like = LikePhoto | { readonly embedding: Float32Array };

/** Pixels that know which file they were read from. */
export interface ReadPhoto extends RgbaImage {
  readonly photoName?: string | undefined;
}

/** What a photo to be like is called. */
export function likeNameOf(like: ImageInput): string {
  const name = isPixels(like) ? (like as ReadPhoto).photoName : fileNameOf(like);
  return name === undefined ? "the other photo" : quote(name);
}

/** What is known of the classes when targets are planned. */
export interface ClassKnowledge {
  /** The classes asked for, by index. */
  readonly classes: readonly number[];
  /** How many the output has, where its shape tells. */
  readonly classCount: number | undefined;
  readonly labels: readonly string[] | undefined;
  /** The output's shape, batch first. */
  readonly outputShape: readonly (number | null)[];
  /** What the only embedding is called that the photo is compared with. */
  readonly likeName?: string | undefined;
}

/** What is known when the model has been run. */
export interface TargetScores {
  /** The model's own output for all classes. */
  readonly output: Float32Array;
  /** The scores that are differentiated. */
  readonly scores: Float32Array;
  /** What the model makes of the photo to be like. */
  readonly like: Float32Array | undefined;
}

/** Makes the targets of the scores. */
export type TargetPlan = (known: TargetScores) => readonly Target[];

function indexOfVersus(
  versus: NonNullable<GradcamOptions["versus"]>,
  { classCount, labels }: ClassKnowledge,
): number {
  const isIndex = typeof versus === "number" || /^\s*\d+\s*$/.test(versus);
  const wish = isIndex ? { classIndex: versus } : { label: versus };
  return wantedClasses(wish, classCount, labels)[0]!;
}

/**
 * Plan what is explained: all that can be wrong with the classes is told now.
 *
 * @param options What is asked for.
 * @param known The classes.
 * @returns What makes the targets once the scores are known.
 * @throws {RangeError} If a class is out of range, or there is nothing to explain.
 * @throws {ClassNotFoundError} If no class bears a name.
 */
export function planTargets(options: SettledOptions, known: ClassKnowledge): TargetPlan {
  const kind = targetKindOf(options);
  const { classes, labels, outputShape, likeName } = known;
  const { top = 1, nearest = 3, contrast = 0.6, target, like: likeWish } = options;
  const versus = options.versus === undefined ? undefined : indexOfVersus(options.versus, known);
  if (versus !== undefined && classes.length === 1 && classes[0] === versus) {
    throw new ClassNotFoundError(`Cannot explain a class versus itself: name another than ${versus}`);
  }
  const wish: Omit<TargetWish, "classes" | "scores"> = {
    versus,
    nearest,
    contrast,
    likeName: likeName ??
      (likeWish === undefined || isEmbedding(likeWish) ? "the embedding" : likeNameOf(likeWish)),
    given: typeof target === "function" ? target : undefined,
    outputShape,
    nameOf: (classIndex) => labels?.[classIndex] ?? `class ${classIndex}`,
  };
  return ({ output, scores, like }) => {
    const asked = versus === undefined ? classes : [...classes, versus];
    checkClasses(asked, output.length);
    const best = () => topScores(output, versus === undefined ? top : top + 1, undefined);
    const found = classes.length > 0 ? classes : best().map(({ classIndex }) => classIndex);
    const chosen = versus === undefined
      ? found
      : found.filter((one) => one !== versus).slice(0, classes.length || top);
    const made = kind.make({ ...wish, classes: chosen, scores, like });
    if (!options.counterfactual) return made;
    return made.map((one) => negativeTarget(one, one.title ?? wish.nameOf(one.classIndex)));
  };
}
