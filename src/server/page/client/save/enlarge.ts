import { scalePhoto, smallestSide } from "../../../../draw/scale_photo.ts";
import type { RgbaImage } from "../../../../input/image/types.ts";

/** A picture as the server draws it: a small one is enlarged, a whole number of times. */
export function enlarge(picture: RgbaImage): RgbaImage {
  const { height, width } = picture;
  const times = Math.max(Math.ceil(smallestSide / Math.max(height, width)), 1);
  return scalePhoto({ photo: picture }, { height: height * times, width: width * times }).photo;
}
