/**
 * From a photo to what a model was trained to see: brought to its size, its pixels scaled.
 *
 * @module
 */
import { quote } from "../base/quote.ts";
import { fitPhoto, type FittedPhoto, type InputSize } from "./image/fit.ts";
import type { Placement, RgbaImage } from "./image/types.ts";
import type { FitMode, Fitting } from "./image/window.ts";
import { nearest } from "../base/nearest.ts";
import { checkOptionTypes, numberRule, type OptionRules, rule, textRule } from "../base/options.ts";
import { parseFitting } from "./parse_fitting.ts";

/** How a model was trained to see pixels: `(v − mean[c]) / std[c]` for v in 0 … 255. */
export interface Preprocessing extends Partial<Fitting> {
  /** What to call it, such as `"tf"`. */
  readonly name: string;
  /**
   * Subtracted, one value a channel or one for all, on the scale of 0 to 255, in the order of `channels`. Opacity, where
   * a model takes it, comes fourth; of three values it takes the first, as grey does.
   */
  readonly mean: readonly number[];
  /** Divided by, likewise. */
  readonly std: readonly number[];
  /**
   * The order of the channels that the model expects.
   * @default {"rgb"}
   */
  readonly channels?: "rgb" | "bgr";
  /**
   * How photos were brought to the model's size.
   * @default {"squash"}
   */
  readonly fit?: FitMode;
  /**
   * Height and width, in pixels, that photos were brought to; it counts where the model takes any size.
   * @default {whatever the model takes}
   */
  readonly size?: readonly [height: number, width: number] | undefined;
}

const perChannel = rule(
  "one number, or one a channel",
  (value) => typeof value === "number" || Array.isArray(value),
);

/** What each of them can be. */
const preprocessingRules: OptionRules<Preprocessing> = {
  name: textRule("a name"),
  mean: perChannel,
  std: perChannel,
  channels: textRule('"rgb" or "bgr"'),
  fit: textRule('"squash", "crop" or "letterbox"'),
  interpolation: textRule('a name such as "bilinear"'),
  cropFraction: numberRule("a number such as 0.875"),
  cropRounding: textRule('"down", "even" or "photo"'),
  border: perChannel,
  size: rule("[height, width]", Array.isArray),
};

/** The names of the usual ways to scale pixels. */
export type PreprocessingName = "tf" | "unit" | "caffe" | "torch" | "none";

/** The usual ways to scale pixels, by name. */
export const preprocessings: Readonly<Record<PreprocessingName, Preprocessing>> = Object.freeze({
  /** −1 … 1: MobileNet, Inception, Xception, EfficientNetV2's kin without a layer for it. */
  tf: { name: "tf", mean: [127.5], std: [127.5] },
  /** 0 … 1: what most tutorials teach. */
  unit: { name: "unit", mean: [0], std: [255] },
  /** Blue, green, red with ImageNet's mean taken off: VGG and ResNet as Keras has them. */
  caffe: { name: "caffe", mean: [103.939, 116.779, 123.68], std: [1], channels: "bgr" },
  /** ImageNet's mean and deviation: DenseNet, and what comes from PyTorch. */
  torch: {
    name: "torch",
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
  },
  /** 0 … 255: models that scale for themselves, such as Keras's EfficientNet. */
  none: { name: "none", mean: [0], std: [1] },
});

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && [1, 3, 4].includes(value.length) && value.every(Number.isFinite);
}

/**
 * Check a record of how pixels are scaled, such as a `preprocessing.json` beside a model.
 *
 * @param record A name of {@linkcode preprocessings}, or an object with `mean` and `std`.
 * @throws {TypeError} If it is of a wrong shape.
 * @throws {RangeError} If a value is out of range.
 */
export function parsePreprocessing(record: unknown): Preprocessing {
  if (typeof record === "string") return resolvePreprocessing(record as PreprocessingName);
  if (typeof record !== "object" || record === null || !("mean" in record) || !("std" in record)) {
    throw new TypeError('Cannot read preprocessing: an object with "mean" and "std" is wanted');
  }
  const { mean, std, name = "custom", channels = "rgb", ...fitting } = record as Record<string, unknown>;
  const [means, deviations] = [[mean].flat(), [std].flat()];
  if (!isNumbers(means) || !isNumbers(deviations)) {
    throw new TypeError(
      'Cannot read preprocessing: "mean" and "std" are one number, three, or four with opacity',
    );
  }
  if (deviations.includes(0)) throw new RangeError('Cannot use preprocessing: "std" must not be 0');
  if (channels !== "rgb" && channels !== "bgr") {
    throw new RangeError(`Unknown channels ${quote(channels)}: use one of rgb, bgr`);
  }
  return { name: String(name), mean: means, std: deviations, channels, ...parseFitting(fitting) };
}

/**
 * A way to scale pixels, by name or as given.
 *
 * @throws {RangeError} If there is none of the name.
 * @throws {TypeError} If it is of a wrong shape.
 */
export function resolvePreprocessing(wanted: PreprocessingName | Preprocessing): Preprocessing {
  if (typeof wanted !== "string") {
    checkOptionTypes("preprocess", wanted, preprocessingRules);
    return parsePreprocessing(wanted);
  }
  if (Object.hasOwn(preprocessings, wanted)) return preprocessings[wanted];
  const names = nearest(wanted, Object.keys(preprocessings), 5).join(", ");
  throw new RangeError(`Unknown preprocessing ${quote(wanted)}: use one of ${names}`);
}

/** Options of {@linkcode prepareInput}. */
export interface PrepareOptions {
  /** How pixels are scaled. */
  readonly preprocessing: Preprocessing;
  /**
   * How the photo is brought to the model's size.
   * @default {as the preprocessing says, else "squash"}
   */
  readonly fit?: FitMode;
}

/** A model's input, before it is a tensor. */
export interface PreparedInput {
  /** The values, row by row, channels innermost. */
  readonly data: Float32Array;
  /** `[1, height, width, channels]`. */
  readonly shape: readonly [number, number, number, number];
  /** The part of the photo that the input shows, in the photo's pixels. */
  readonly placement: Placement;
}

/**
 * Make a model's input of a photo.
 *
 * @param photo Upright, and opaque where the model takes no opacity.
 * @param size What the model takes.
 * @throws {RangeError} If the model takes neither colour nor grey, or there is no such fit.
 */
export function prepareInput(photo: RgbaImage, size: InputSize, options: PrepareOptions): PreparedInput {
  return scaleInput(fitPhoto(photo, size, fitOf(options)), options.preprocessing);
}

/** How a photo is brought to the model's size: what is asked for takes the place of the way, and of how much is cut out. */
export function fitOf({ preprocessing, fit: asked }: PrepareOptions): Fitting {
  const { fit = "squash", interpolation, cropFraction, cropRounding, border } = preprocessing;
  if (asked !== undefined) return { fit: asked, interpolation, border };
  return { fit, interpolation, cropFraction, cropRounding, border };
}

/** Scale the pixels of a photo that was brought to a model's size. */
export function scaleInput(
  { planes, placement }: FittedPhoto,
  { mean, std, channels: order = "rgb" }: Preprocessing,
): PreparedInput {
  const { data: values, height, width, channels } = planes;
  const area = height * width;
  const data = new Float32Array(area * channels);
  for (let channel = 0; channel < channels; channel++) {
    const isTurned = order === "bgr" && channel < 3 && channels >= 3;
    const plane = (isTurned ? 2 - channel : channel) * area;
    const [offset, scale] = [mean[channel] ?? mean[0]!, std[channel] ?? std[0]!];
    const scaled = Float32Array.from({ length: 256 }, (_, value) => (value - offset) / scale);
    for (let from = plane, to = channel; from < plane + area; from++, to += channels) {
      data[to] = scaled[values[from]!]!;
    }
  }
  return { data, shape: [1, height, width, channels], placement };
}
