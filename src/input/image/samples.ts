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

/** The values of a row, or of every so many of its pixels. */
export interface SampleRun {
  /** Which row of the picture it is. */
  readonly y: number;
  /** The first of the pixels, and how far they are apart. */
  readonly left: number;
  readonly across: number;
  /** Their values, channels innermost. They are overwritten by the next run's. */
  readonly values: SampleValues;
}

/** A picture as its file stores it, before its values are brought to 8 bits. */
export interface Samples {
  /** Pixels from top to bottom, as stored. */
  readonly height: number;
  /** Pixels from left to right, as stored. */
  readonly width: number;
  /** All of its `height` × `width` × `channels` values, a row at a time, as often as they are asked for. */
  runs(): Iterable<SampleRun> | AsyncIterable<SampleRun>;
  /** Whether they come as whole rows from the top. */
  readonly isInOrder?: boolean;
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

/** Whether the pixel can be seen whose values begin at a place. */
export type Visibility = (values: SampleValues, at: number) => boolean;

/** Which of a picture's pixels can be seen; `undefined` where all can. */
export function visibilityOf({ channels, key }: Pick<Samples, "channels" | "key">): Visibility | undefined {
  const colors = colorsOf({ channels });
  if (channels > colors) return (values, at) => values[at + colors]! > 0;
  if (key?.length !== colors) return undefined;
  return (values, at) => {
    for (let color = 0; color < colors; color++) if (values[at + color] !== key[color]) return true;
    return false;
  };
}
