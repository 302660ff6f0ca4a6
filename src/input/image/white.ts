import { asPixels } from "../../base/pixels.ts";
import type { RgbaImage } from "./types.ts";

/** Whether nothing shows through: most photos, and a look at them takes a fraction of the time that blending would. */
export function isOpaque(data: Uint8ClampedArray): boolean {
  const pixels = asPixels(data);
  let all = -1;
  for (let at = 0; at < pixels.length; at++) all &= pixels[at]!;
  return all >>> 24 === 255;
}

/** Blend what is transparent on white, in place. */
export function blendOnWhite(data: Uint8ClampedArray): void {
  if (isOpaque(data)) return;
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      data[channel] = Math.round((data[channel]! * alpha + 255 * (255 - alpha)) / 255);
    }
    data[at + 3] = 255;
  }
}

/** A photo as people see it on white paper; the same one if all of it is opaque. */
export function onWhite(image: RgbaImage): RgbaImage {
  const { data, height, width } = image;
  let at = 3;
  while (at < data.length && data[at] === 255) at += 4;
  if (at >= data.length) return image;
  const blended = data.slice();
  blendOnWhite(blended);
  return { data: blended, height, width };
}
