import { release } from "../../base/release.ts";
import { hasText, viewOf } from "./bytes.ts";
import type { ImageFormat, ImageHeader } from "./format.ts";
import { type GifPicture, readFirstPicture, unpackGif } from "./gif_picture.ts";
import { decodeNatively } from "./native.ts";
import { type PictureRows, rowsAtOnce } from "./rows.ts";

/** The size of the screen: the first picture may be larger than that. */
function readHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < 13) return undefined;
  const view = viewOf(bytes);
  const picture = readFirstPicture(bytes);
  const largest = picture ? picture.height * picture.width : 0;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), largest };
}

/** A picture on a screen that is transparent around it. */
function readScreen(picture: GifPicture, numbers: Uint8Array, { height, width }: ImageHeader): PictureRows {
  const step = rowsAtOnce({ height, width });
  const { colors } = picture;
  return {
    height,
    width,
    *rows() {
      const room = new Uint32Array(step * width);
      for (let first = 0; first < height; first += step) {
        const pixels = room.subarray(0, Math.min(step, height - first) * width).fill(0);
        for (let y = first, at = picture.left; at < pixels.length; y++, at += width) {
          const stored = picture.storedRow(y - picture.top);
          if (stored === undefined) continue;
          const from = stored * picture.width;
          for (let x = 0; x < picture.width; x++) pixels[at + x] = colors[numbers[from + x]!]!;
        }
        yield new Uint8ClampedArray(pixels.buffer, 0, pixels.byteLength);
      }
      release(numbers);
    },
  };
}

/** What is there is unpacked here; what is damaged, or lies beyond its screen, is left to the platform. */
async function decode(bytes: Uint8Array, header: ImageHeader): Promise<PictureRows> {
  const picture = readFirstPicture(bytes);
  const isInside = picture && picture.left + picture.width <= header.width &&
    picture.top + picture.height <= header.height;
  const numbers = isInside ? unpackGif(bytes, picture) : undefined;
  return numbers ? readScreen(picture!, numbers, header) : await decodeNatively(bytes);
}

/** GIF; of an animated one the first picture. */
export const gifFormat: ImageFormat = {
  name: "gif",
  isUnmistakable: true,
  title: "GIF",
  endings: ["gif"],
  matches: (bytes) => hasText(bytes, "GIF87a") || hasText(bytes, "GIF89a"),
  readHeader,
  decode,
};
