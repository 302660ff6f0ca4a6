import { quote } from "../base/quote.ts";
import { ModelError } from "../base/errors.ts";
import { isChannelCount, shapeText, type TensorInfo } from "../base/tensor_info.ts";
import { checkChannels, type InputSize } from "./image/fit.ts";
import type { InputOptions } from "./input_options.ts";
import type { Preprocessing } from "./preprocess.ts";

/** Height and width for a model that takes any. */
const defaultSize = 224;

/** The largest input made of a photo, in pixels. */
const mostPixels = 2 ** 24;

/** Whether an input has its channels before height and width. */
function isChannelsFirst([, first, , last]: TensorInfo["shape"]): boolean {
  return isChannelCount(first) && (last === null || last! > 4);
}

/** Height and width as the user gives them; `undefined` where they give none. */
function readSize(wanted: InputOptions["size"]): readonly [number | undefined, number | undefined] {
  if (wanted === undefined || wanted === null) return [undefined, undefined];
  const sizes: readonly number[] = typeof wanted === "object" ? wanted : [wanted, wanted];
  const [height = 0, width = 0] = sizes;
  if (sizes.length !== 2 || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(
      `Cannot use size ${sizeText(wanted)}: give whole pixels, one number or [height, width]`,
    );
  }
  if (height * width > mostPixels) {
    throw new RangeError(`Cannot use size ${sizeText(wanted)}: use ${mostPixels} pixels at most`);
  }
  return [height, width];
}

function sizeText(size: InputOptions["size"]): string {
  return Array.isArray(size) ? size.join(" × ") : String(size);
}

/**
 * The size that a model takes; where it takes any, the one that is wanted, or that it was trained at, or a usual one.
 *
 * @param input The input that takes the photo, `[N, H, W, C]`.
 * @param wanted The option `size`.
 * @param trained How it was trained to see photos.
 * @returns The size, and what the user should know of it.
 * @throws {ModelError} If its channels come first.
 * @throws {RangeError} If it takes another size than the one that is wanted, or no photo's channels.
 */
export function chooseSize(
  { name, shape }: TensorInfo,
  wanted: InputOptions["size"],
  { size: trained }: Pick<Preprocessing, "size"> = {},
): { readonly size: InputSize; readonly warnings: readonly string[] } {
  const [, height, width, channels] = shape;
  if (isChannelsFirst(shape)) {
    throw new ModelError(
      `Cannot feed a photo into input ${quote(name)} [${shapeText(shape)}]: its channels come first: ` +
        "convert the model to channels last",
    );
  }
  const [wantedHeight, wantedWidth] = readSize(wanted);
  const fits = (size: number | undefined, fixed: number | null | undefined) =>
    size === undefined || !fixed || size === fixed;
  if (!fits(wantedHeight, height) || !fits(wantedWidth, width)) {
    throw new RangeError(
      `Cannot use size ${sizeText(wanted)}: the model takes ${height ?? "any"} × ${width ?? "any"}`,
    );
  }
  const size = {
    height: height ?? wantedHeight ?? trained?.[0] ?? defaultSize,
    width: width ?? wantedWidth ?? trained?.[1] ?? defaultSize,
    channels: channels ?? 3,
  };
  checkChannels(size.channels);
  const isFree = !height || !width;
  const brought = `the photo is brought to ${size.height} × ${size.width}`;
  const warnings: string[] = [];
  if (isFree && wanted === undefined && !trained) {
    warnings.push(`The model takes any size: ${brought} (option "size")`);
  }
  if (trained && wanted === undefined && (size.height !== trained[0] || size.width !== trained[1])) {
    warnings.push(
      `The model's files say that photos were ${trained.join(" × ")}: ${brought}, which it takes`,
    );
  }
  return { size, warnings };
}
