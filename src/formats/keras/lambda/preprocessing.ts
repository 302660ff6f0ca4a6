/**
 * `preprocess_input` of Keras's applications, by the module that it is in.
 *
 * @module
 */
import { quote } from "../../../base/quote.ts";
import { applyOperator, type Recorder, takeItem } from "./arithmetic.ts";
import { UnknownFunctionError, type Value } from "./values.ts";

/** What each mode makes of pixels. */
const modes: Readonly<Record<string, (x: Value, recorder: Recorder) => Value>> = {
  none: (x) => x,
  tf: (x, recorder) => applyOperator("-", applyOperator("/", x, 127.5, recorder), 1, recorder),
  torch(x, recorder) {
    const centred = applyOperator("-", applyOperator("/", x, 255, recorder), [0.485, 0.456, 0.406], recorder);
    return applyOperator("/", centred, [0.229, 0.224, 0.225], recorder);
  },
  caffe(x, recorder) {
    const turned = takeItem(x, ["...", { start: null, stop: null, step: -1 }], recorder);
    return applyOperator("-", turned, [103.939, 116.779, 123.68], recorder);
  },
};

/** The mode of each module. */
const modeOf: Readonly<Record<string, string>> = {
  convnext: "none",
  densenet: "torch",
  efficientnet: "none",
  efficientnet_v2: "none",
  inception_resnet_v2: "tf",
  inception_v3: "tf",
  mobilenet: "tf",
  mobilenet_v2: "tf",
  mobilenet_v3: "none",
  nasnet: "tf",
  regnet: "none",
  resnet: "caffe",
  resnet50: "caffe",
  resnet_rs: "none",
  resnet_v2: "tf",
  vgg16: "caffe",
  vgg19: "caffe",
  xception: "tf",
};

/** Arguments of `preprocess_input` after the picture. */
export interface PreprocessingArguments {
  readonly data_format?: Value;
  /** Of the module `imagenet_utils` alone. */
  readonly mode?: Value;
}

/** Whether a module is one of Keras's applications. */
export function isApplication(module: string): boolean {
  return module === "imagenet_utils" || Object.hasOwn(modeOf, module);
}

/**
 * What a module's `preprocess_input` makes of a tensor.
 *
 * @param module Such as `"resnet50"`.
 * @throws {UnknownFunctionError} If it cannot be told which that is.
 */
export function preprocess(
  module: string,
  x: Value,
  { data_format: format = null, mode = "caffe" }: PreprocessingArguments,
  recorder: Recorder,
): Value {
  const name = module === "imagenet_utils" ? String(mode) : modeOf[module]!;
  if (!Object.hasOwn(modes, name)) throw new UnknownFunctionError(`scales pixels in the mode ${quote(name)}`);
  if (format !== null && format !== "channels_last") throw new UnknownFunctionError("has its channels first");
  return modes[name]!(x, recorder);
}
