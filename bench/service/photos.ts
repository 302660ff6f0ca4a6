/**
 * Photos to send, no two of which are alike: parts of those in testdata, some of them mirrored, as phones and as small
 * pictures have them.
 *
 * @module
 */
import { ImageMagick, initializeImageMagick, MagickFormat, MagickGeometry } from "@imagemagick/magick-wasm";
import { binary } from "../../src/input/image/magick_binary.js";
import { photo as chelsea } from "../peers/files.ts";

/** A photo as a client sends it. */
export interface Photo {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its media type. */
  readonly type: string;
  /** Height and width in pixels. */
  readonly size: readonly [height: number, width: number];
}

/** A kind of photo. */
export interface PhotoKind {
  /** How tables call it. */
  readonly title: string;
  /** Photo number `index`, none like another. */
  make(index: number): Photo;
}

const sources = await Promise.all(
  [chelsea, new URL("coffee.png", chelsea)].map((url) => Deno.readFile(url)),
);
await initializeImageMagick(binary);

/** How much of a source a part shows at least, of its width. */
const smallestPart = 0.6;

/**
 * A part of a source, no two indices the same: its left edge and width follow from the index, every other one is
 * mirrored.
 */
function part(index: number, resize: (width: number, height: number) => [number, number]): Photo {
  let photo: Photo | undefined;
  ImageMagick.read(sources[index % 2]!, (image) => {
    const step = (index >> 1) / 64 % 1;
    const width = Math.round(image.width * (1 - (1 - smallestPart) * step));
    const x = Math.round((image.width - width) * (index * 7 % 16) / 15);
    image.crop(new MagickGeometry(x, 0, width, image.height));
    image.resetPage();
    if (index % 4 > 1) image.flop();
    const [wide, high] = resize(image.width, image.height);
    const geometry = new MagickGeometry(wide, high);
    geometry.ignoreAspectRatio = true;
    if (wide !== image.width) image.resize(geometry);
    image.quality = 85;
    const type = wide === width ? "image/png" : "image/jpeg";
    const format = type === "image/png" ? MagickFormat.Png : MagickFormat.Jpeg;
    image.write(format, (data) => {
      photo = { bytes: Uint8Array.from(data), type, size: [image.height, image.width] };
    });
  });
  return photo!;
}

/** Enlarge to some megapixels, at the same ratio of the sides. */
function toMegapixels(megapixels: number) {
  return (width: number, height: number): [number, number] => {
    const scale = Math.sqrt(megapixels * 1e6 / (width * height));
    return [Math.round(width * scale), Math.round(height * scale)];
  };
}

/** What is sent: as apps on phones send it, and small pictures. */
export const photoKinds: Readonly<Record<string, PhotoKind>> = {
  phone: {
    title: "JPEG, 1 to 2 megapixels",
    make: (index) => part(index, toMegapixels(1 + index * 5 % 16 / 15)),
  },
  small: { title: "PNG, 300 or 400 pixels high", make: (index) => part(index, (...size) => size) },
};

/** A JPEG of 24 megapixels, as cameras make them. */
export function largePhoto(): Photo {
  return part(0, () => [6000, 4000]);
}

/** So many photos of a kind. */
export function makePhotos(kind: PhotoKind, count: number): Photo[] {
  return Array.from({ length: count }, (_, index) => kind.make(index));
}
