import { type Fields, flagIn, numberIn, numbersIn } from "./fields.ts";

/** What is subtracted and divided by, on the scale of 0 to 255. */
export interface PixelScale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** How near a factor must be to 1/255 to be taken for it: files write it with as many digits as they have. */
const nearness = 1e-4;

/** What pixels are divided by, so that usual ways to scale them are known as such. */
function divisorOf(factor: number): number {
  if (!(factor > 0)) throw new RangeError(`rescale_factor ${factor} is not above 0`);
  return Math.abs(factor * 255 - 1) < nearness ? 255 : 1 / factor;
}

/**
 * How pixels are scaled: v · factor, less 1 where there is an offset, then less the mean and divided by the deviation.
 *
 * @param fields `do_rescale`, `rescale_factor`, `do_normalize`, `image_mean`, `image_std` and the like.
 * @param isScaledTwice Whether it is divided by the deviation twice.
 * @throws {RangeError} If the factor is none.
 */
export function pixelScaleOf(fields: Fields, isScaledTwice: boolean): PixelScale {
  const isRescaled = flagIn(fields, "do_rescale", true);
  const divisor = isRescaled ? divisorOf(numberIn(fields, "rescale_factor") ?? 1 / 255) : 1;
  const hasOffset = isRescaled &&
    (flagIn(fields, "rescale_offset", false) || flagIn(fields, "offset", false));
  const [means, deviations] = [numbersIn(fields, "image_mean"), numbersIn(fields, "image_std")];
  const isNormalized = flagIn(fields, "do_normalize", means !== undefined);
  const mean = isNormalized && means ? means : [0];
  const std = isNormalized && deviations ? deviations : [1];
  return {
    mean: mean.map((value) => (value + (hasOffset ? 1 : 0)) * divisor),
    std: std.map((value) => (isNormalized && isScaledTwice ? value * value : value) * divisor),
  };
}
