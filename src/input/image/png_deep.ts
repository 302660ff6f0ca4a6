import { loadCodec } from "./codec.ts";
import { unpacksBeyond } from "./png_chunks.ts";
import type { Samples } from "./samples.ts";

/** The most that a pixel takes, in bytes: 16 bits in each of four channels. */
const largestPixel = 8;

/**
 * Decode a PNG of 16 bits a channel, or of grey with alpha. The decoder unpacks whatever is there, whatever the header
 * says, so that is measured first.
 *
 * @param bytes A PNG whose size was looked at before, without colour profiles.
 */
export async function decodeDeepPng(
  bytes: Uint8Array,
  height: number,
  width: number,
): Promise<Samples> {
  const filterBytes = 2 * height + 7; // one a row, in each of the passes if it is interlaced
  if (await unpacksBeyond(bytes, height * width * largestPixel + filterBytes)) {
    throw new RangeError("more pixels than the header says");
  }
  const { decode } = await loadCodec(() => import("npm:fast-png@8.0.0"));
  const image = decode(bytes, { checkCrc: true });
  if (image.height !== height || image.width !== width) {
    throw new RangeError("another size than the header says");
  }
  const { data: values, channels, depth, transparency: key } = image;
  return { values, channels, height, width, full: [0, 2 ** depth - 1], isWhole: true, key };
}
