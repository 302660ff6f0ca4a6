import type { PhotoLimits } from "./limits.ts";
import type { PictureRows } from "./rows.ts";
import type { Samples } from "./samples.ts";
import type { RgbaImage } from "./types.ts";

/** What the header of an image file says, before anything is decoded. */
export interface ImageHeader {
  /** Pixels from top to bottom, as stored. */
  readonly height: number;
  /** Pixels from left to right, as stored. */
  readonly width: number;
  /** Pixels of the largest frame or tile inside, where one may be larger than the whole. */
  readonly largest?: number;
}

/** Pixels as a decoder gives them. */
export interface DecodedPixels extends RgbaImage {
  /** Whether the file has more than the 8 bits a channel that were decoded. */
  readonly isReduced?: boolean;
  /** What the user should know. */
  readonly warnings?: readonly string[];
}

/** An image file format. */
export interface ImageFormat<Header extends ImageHeader = ImageHeader> {
  /** The name, such as `"jpeg"`. */
  readonly name: string;
  /** How people write it, such as `"JPEG"`. */
  readonly title: string;
  /** The endings that such files usually have, by which they are found in a folder; their content decides. */
  readonly endings: readonly string[];
  /** Whether a file is of this format, by its first bytes. */
  matches(bytes: Uint8Array): boolean;
  /**
   * Whether those bytes leave no doubt, so that it can be no other file that is built alike.
   * @default {false}
   */
  readonly isUnmistakable?: boolean;
  /**
   * Read the size and what else the decoder needs, without decoding.
   *
   * @returns `undefined` if the header is damaged.
   */
  readHeader(bytes: Uint8Array): Header | undefined;
  /**
   * Decode the first frame: upright, a few rows at a time where the decoder allows it, or as it is stored where it has more
   * than 8 bits. Alpha may be left for the caller to blend.
   *
   * @param limits What it may take, which a decoder looks at that needs memory for all pixels at once.
   * @throws {ImageError} To say what is wrong; anything else thrown means that the file is damaged. One that ends before
   * the picture does is refused, whatever a decoder would fill in.
   */
  decode(
    bytes: Uint8Array,
    header: Header,
    limits: PhotoLimits,
  ): Promise<DecodedPixels | PictureRows | Samples>;
}
