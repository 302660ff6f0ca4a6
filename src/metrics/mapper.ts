import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import type { Turns } from "../base/turns.ts";
import { withSubject } from "../explain/look.ts";
import { mapAtLayer, type PlannedMethod } from "../explain/method_map.ts";
import { Progress } from "../explain/progress.ts";
import type { Question } from "../explain/question.ts";
import type { ExplainRequest } from "../explain/request.ts";
import type { Subject as ExplainedSubject } from "../explain/subject.ts";
import type { PixelChoice } from "../input/evidence.ts";
import type { SplitModel } from "../split/model.ts";
import { asTarget } from "../targets/class.ts";
import type { Target } from "../targets/target.ts";
import type { RandomisedModels } from "./randomised_models.ts";

/** A raw map of a changed model. */
export interface ChangedModelMap {
  /** The layer furthest from the output that was changed. */
  readonly layer: string;
  /** How many of those layers could not be changed. */
  readonly kept: number;
  readonly raw: Heatmap;
}

/** Makes raw maps of one kind, whatever of: by a method at a layer, or by a control. */
export interface Mapper {
  /** Of the photo. */
  map(): Promise<Heatmap>;
  /**
   * Of another picture.
   *
   * @param picture `[1, H, W, C]`; it stays the caller's.
   */
  mapOf(picture: Tensor4D): Promise<Heatmap>;
  /** Of the photo for another class. */
  mapOfClass(classIndex: number): Promise<Heatmap>;
  /**
   * Of the photo by a model whose last layers have new weights.
   *
   * @param share How much of it, 0 to 1.
   * @returns `undefined` where it has no weights that could be drawn.
   */
  mapOfRandomised(share: number): Promise<ChangedModelMap | undefined>;
}

/** What a photo is looked at with. */
export interface Looking {
  readonly request: ExplainRequest;
  /** The model's input, `[1, H, W, C]`. */
  readonly x: Tensor4D;
  readonly subject: ExplainedSubject;
  readonly pixels: PixelChoice | undefined;
  readonly turns: Turns;
  readonly progress: Progress;
  readonly randomised: RandomisedModels;
}

/** A method at a layer, and what it explains. */
export interface MethodAt {
  readonly planned: PlannedMethod;
  /** Which of the layers. */
  readonly layer: number;
  readonly target: Target;
  readonly question: Question;
}

/** The model cut at one of several layers. */
function splitsOf({ split, moreSplits }: ExplainRequest): readonly SplitModel[] {
  return [split, ...moreSplits];
}

/** What makes maps by a method. */
export function methodMapper(looking: Looking, at: MethodAt): Mapper {
  const { request, subject, pixels, turns, randomised } = looking;
  const { planned, layer, target, question } = at;
  const silent = () => new Progress(undefined);
  const ask = async (request: ExplainRequest, question: Question, layer: number) =>
    (await mapAtLayer(planned, question, request, layer)).raw;
  const askAbout = async (subject: ExplainedSubject, target: Target, layer: number) => {
    const question = subject.about(target);
    try {
      return await ask(request, question, layer);
    } finally {
      await question.dispose();
    }
  };
  const lookAt = (changed: ExplainRequest, x: Tensor4D) => {
    const alone = { ...changed, split: splitsOf(changed)[layer]!, moreSplits: [] };
    const options = { pixels, turns, progress: silent() };
    return withSubject(alone, x, options, (other) => askAbout(other, target, 0));
  };
  return {
    map: () => ask(request, question, layer),
    mapOf: (picture) => lookAt(request, picture),
    mapOfClass: (classIndex) => askAbout(subject, asTarget(classIndex), layer),
    async mapOfRandomised(share) {
      const model = await randomised.at(share);
      return model && { layer: model.layer, kept: model.kept, raw: await lookAt(model.request, looking.x) };
    },
  };
}

/**
 * What makes maps by a control: whatever is explained, and whatever the model is, it is the same.
 *
 * @param make Makes it of a picture.
 */
export function controlMapper(
  { x, randomised }: Pick<Looking, "x" | "randomised">,
  make: (picture: Tensor4D) => Promise<Heatmap>,
): Mapper {
  return {
    map: () => make(x),
    mapOf: make,
    mapOfClass: () => make(x),
    async mapOfRandomised(share) {
      const model = await randomised.at(share);
      return model && { layer: model.layer, kept: model.kept, raw: await make(x) };
    },
  };
}
