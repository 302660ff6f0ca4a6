import { ImageError, TruthError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { decodeImage } from "../input/image/mod.ts";
import type { RgbaImage } from "../input/image/types.ts";
import type { TruthMask } from "../metrics/truth.ts";
import { emptyMask, isEmpty, sampleInto } from "./raster.ts";

/** From how bright on a pixel is the object's, where the picture has more brightnesses than two. */
const half = 128;

/** With more pixels than this part of it between black and white, a picture is no mask with soft edges. */
const mostBetween = 0.1;

/** How bright and opaque each pixel is, 0 to 255; `undefined` of a picture in more than two colours that are not grey. */
function brightnessOf({ data, height, width }: RgbaImage): Uint8Array | undefined {
  const brightness = new Uint8Array(height * width);
  const colours = new Set<number>();
  let isGrey = true;
  for (let pixel = 0, at = 0; pixel < brightness.length; pixel++, at += 4) {
    const [red, green, blue, alpha] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]! / 255];
    isGrey &&= red === green && red === blue;
    if (colours.size < 3) colours.add(red << 16 | green << 8 | blue);
    brightness[pixel] = Math.ceil((red + green + blue) / 3 * alpha); // what is not quite black stays so
  }
  return isGrey || colours.size <= 2 ? brightness : undefined;
}

/** From how bright on a pixel is the object's: of two brightnesses the greater one; `undefined` where it cannot be told. */
function thresholdOf(brightness: Uint8Array): number | undefined {
  const counts = new Uint32Array(256);
  for (const value of brightness) counts[value]!++;
  const values = [...counts.keys()].filter((value) => counts[value]! > 0);
  if (values.length === 1) return values[0] === 0 ? Infinity : 0;
  if (values.length === 2) return values[1];
  const between = counts.subarray(32, 223).reduce((sum, count) => sum + count, 0);
  const isSoft = values.at(-1)! >= 223 && between <= mostBetween * brightness.length;
  return isSoft ? half : undefined;
}

async function decode(bytes: Uint8Array, name: string): Promise<RgbaImage> {
  try {
    return await decodeImage(bytes, { alpha: "keep" });
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const reason = error.message.replace(/^Cannot decode the image: /, "");
    throw new TruthError(`Cannot read mask ${quote(name)}: ${reason}`);
  }
}

/**
 * A mask from a picture of two colours, of which the darker is the background, or from a black and white one with soft
 * edges.
 *
 * @param name For messages.
 * @returns `undefined` where nothing is covered.
 * @throws {TruthError} If it is no picture, or one of more colours.
 */
export async function readMaskPicture(bytes: Uint8Array, name: string): Promise<TruthMask | undefined> {
  const picture = await decode(bytes, name);
  const brightness = brightnessOf(picture);
  const threshold = brightness && thresholdOf(brightness);
  if (threshold === undefined) {
    throw new TruthError(
      `Cannot read mask ${
        quote(name)
      }: it has more than two colours: give one of each class, white where it is`,
    );
  }
  const mask = emptyMask(picture);
  sampleInto(mask, picture, (row, column) => brightness![row * picture.width + column]! >= threshold);
  return isEmpty(mask) ? undefined : mask;
}
