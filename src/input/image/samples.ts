/** Values as a file stores them. */
export type SampleValues =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array;

/** A picture as its file stores it, before its values are brought to 8 bits. */
export interface Samples {
  /** Pixels from top to bottom, as stored. */
  readonly height: number;
  /** Pixels from left to right, as stored. */
  readonly width: number;
  /** `height` × `width` × `channels` values, row by row, channels innermost. */
  readonly values: SampleValues;
  /** Values a pixel: grey or red, green and blue, and opacity where there is one more. */
  readonly channels: number;
  /** The values that are black and white where nothing else is said, such as 0 and 65,535. */
  readonly full: readonly [low: number, high: number];
  /** Whether values are whole numbers, of which `full` has so many; 0 … 1 in floating point otherwise. */
  readonly isWhole: boolean;
  /** Whether the file has more bits than the decoder gives, so that values are 0 … 255 though it is a deep picture. */
  readonly isReduced?: boolean;
  /** Whether the lowest value is white. */
  readonly isInverted?: boolean;
  /** The one colour that stands for nothing, a value for each of its channels. */
  readonly key?: ArrayLike<number> | undefined;
  /** How the camera was held, 1 to 8 as EXIF counts. */
  readonly orientation?: number;
  /** What the user should know. */
  readonly warnings?: readonly string[];
}

/** How many of a picture's channels are colours: 1 if it is grey. */
export function colorsOf({ channels }: Pick<Samples, "channels">): 1 | 3 {
  return channels < 3 ? 1 : 3;
}

/**
 * Whether a pixel can be seen, by the place where its values begin; `undefined` where all can.
 *
 * @param samples The picture.
 */
export function visibilityOf({ values, channels, key }: Samples): ((at: number) => boolean) | undefined {
  const colors = colorsOf({ channels });
  if (channels > colors) return (at) => values[at + colors]! > 0;
  if (key?.length !== colors) return undefined;
  return (at) => {
    for (let color = 0; color < colors; color++) if (values[at + color] !== key[color]) return true;
    return false;
  };
}
