import type { ModelSource } from "../formats/mod.ts";
import { type ImageInput, isImage } from "../input/image_input.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { isModel, type Model } from "./model.ts";

/** What `gradcam()` is called with. */
export interface ReadArguments {
  /** The model, or where it is; the embedded one if left out. */
  readonly source: Model | ModelSource | undefined;
  readonly image: ImageInput;
  readonly options: GradcamOptions;
}

/** Tell what the arguments of `gradcam()` are: where an image comes second, the first is a model, or where one is. */
export function readArguments(first: unknown, second: unknown, third: unknown): ReadArguments {
  const hasModel = isModel(first) || isImage(second) || third !== undefined;
  const [image, options = {}] = hasModel ? [second, third] : [first, second];
  return {
    source: hasModel ? first as Model | ModelSource : undefined,
    image: image as ImageInput,
    options: options as GradcamOptions,
  };
}
