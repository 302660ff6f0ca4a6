import { loadCodec } from "./codec.ts";
import type { DecodedPixels } from "./format.ts";
import { unpacksBeyond } from "./png_chunks.ts";

/** The most that a pixel takes, in bytes: 16 bits in each of four channels. */
const largestPixel = 8;

/**
 * Decode a PNG of 16 bits a channel, of which the higher 8 are taken, or of grey with alpha. The decoder unpacks
 * whatever is there, whatever the header says, so that is measured first.
 *
 * @param bytes A PNG whose size was looked at before, without colour profiles.
 */
export async function decodeDeepPng(
  bytes: Uint8Array,
  height: number,
  width: number,
): Promise<DecodedPixels> {
  const filterBytes = 2 * height + 7; // one a row, in each of the passes if it is interlaced
  if (await unpacksBeyond(bytes, height * width * largestPixel + filterBytes)) {
    throw new RangeError("more pixels than the header says");
  }
  const { decode } = await loadCodec(() => import("npm:fast-png@8.0.0"));
  const image = decode(bytes, { checkCrc: true });
  const { data: values, channels, depth, transparency } = image;
  const data = new Uint8ClampedArray(image.width * image.height * 4);
  const shift = depth - 8;
  const colors = channels < 3 ? 1 : 3;
  const hasAlpha = channels > colors;
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    let isKey = transparency?.length === colors; // the one colour that stands for nothing
    for (let channel = 0; channel < 3; channel++) {
      const color = colors === 1 ? 0 : channel;
      data[to + channel] = values[from + color]! >> shift;
      isKey &&= values[from + color] === transparency![color];
    }
    data[to + 3] = hasAlpha ? values[from + colors]! >> shift : isKey ? 0 : 255;
  }
  return { data, height: image.height, width: image.width };
}
