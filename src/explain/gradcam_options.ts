import type { BackendName } from "../../backends/mod.ts";
import type { MethodName } from "../methods/mod.ts";
import type { InputOptions } from "../input/input_options.ts";
import type { OtherInputs } from "./other_inputs.ts";
import type { Region } from "./region.ts";
import type { ScoreKind } from "../split/model.ts";

/** Options of {@linkcode gradcam}. */
export interface GradcamOptions extends InputOptions {
  /**
   * The layer to take the map at: its path, or the end of it where that is unique.
   * @default {the last layer with a 4-D output that the score depends on}
   */
  readonly layer?: string | undefined;
  /**
   * The class to explain, by index from 0, or several. A model that ends in one sigmoid unit has two: class 0 is the
   * unit's own, as in the reference, class 1 its opposite, 1 − p; of two labels the second names the unit, as Keras
   * numbers them.
   * @default {the class with the highest score}
   */
  readonly classIndex?: number | readonly number[] | undefined;
  /** The class to explain by its name, or several. */
  readonly label?: string | readonly string[] | undefined;
  /**
   * How many of the classes with the highest scores to explain when none is named.
   * @default {1}
   */
  readonly top?: number | undefined;
  /**
   * The score to differentiate: the model's own output, or what stands before its softmax or sigmoid. Where the
   * output is a picture of logits, the scores listed are then the activation of their mean.
   * @default {"output"}
   */
  readonly score?: ScoreKind | undefined;
  /**
   * Whether negative values are cut off before the map is scaled, as in the paper.
   * @default {false}
   */
  readonly relu?: boolean | undefined;
  /**
   * Added to the map's range when it is divided by it.
   * @default {1e-8}
   */
  readonly eps?: number | undefined;
  /**
   * The CAM method.
   * @default {"gradcam"}
   */
  readonly method?: MethodName | undefined;
  /**
   * The model's output that holds the class scores, by index or name.
   * @default {0}
   */
  readonly output?: number | string | undefined;
  /**
   * The values of the model's other inputs by name, where it has several: tensors with the batch first, which stay
   * the caller's, or plain numbers, row by row. All of them are needed.
   */
  readonly inputs?: OtherInputs | undefined;
  /**
   * The part of the photo whose mean score is explained, where the output is a picture of scores, as a
   * segmentation's: a box in the photo's pixels (a tensor's, if the image is one), or a mask laid over it, as
   * numbers or as a picture's path, URL or content. What the model does not see of it does not count.
   * @default {all of it}
   */
  readonly region?: Region | undefined;
  /** The names of the classes, instead of the model's. */
  readonly labels?: readonly string[] | undefined;
  /**
   * The backend to compute on.
   * @default {the one in use, else the best there is}
   */
  readonly backend?: "auto" | BackendName | undefined;
  /** Threads for WebAssembly. */
  readonly threads?: number | undefined;
}

/** Refuse options that no model and no image could make sense of. */
export function checkOptions({ eps = 1e-8, top = 1, score = "output" }: GradcamOptions): void {
  if (!(eps >= 0 && Number.isFinite(eps))) throw new RangeError(`Cannot use eps ${eps}: it is 0 or more`);
  if (!Number.isInteger(top) || top < 1) throw new RangeError(`Cannot explain the top ${top}: use 1 or more`);
  if (score !== "output" && score !== "logit") {
    throw new RangeError(`Unknown score "${score}": use one of output, logit`);
  }
}
