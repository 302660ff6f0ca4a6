import type { RgbaImage } from "../input/image/types.ts";

/** White paper of a size. */
export function whitePaper({ height, width }: { height: number; width: number }): RgbaImage {
  return { data: new Uint8ClampedArray(height * width * 4).fill(255), height, width };
}

/**
 * Copy a picture into a larger one.
 *
 * @param target It is changed.
 * @param left The left edge there, in pixels, and likewise the top; all of the picture lies within.
 */
export function paste(target: RgbaImage, picture: RgbaImage, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    const line = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4);
    target.data.set(line, ((top + y) * target.width + left) * 4);
  }
}
