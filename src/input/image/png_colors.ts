import type { PngRow } from "./png_rows.ts";
import { spreadColors } from "./spread_colors.ts";

/** What a PNG's pixels mean, beside their values. */
export interface PngMeaning {
  /** Bits a value. */
  readonly depth: number;
  /** The colours that are numbered, red, green, blue and opacity each. */
  readonly palette: Uint8Array | undefined;
  /** The one colour that stands for nothing, in as many bits as the pixels. */
  readonly key: ArrayLike<number> | undefined;
}

/** Puts a row's pixels into a picture, `step` values of it apart. */
type Put = (
  values: Uint8Array,
  to: {
    readonly data: Uint8ClampedArray;
    readonly at: number;
    readonly step: number;
    readonly count: number;
  },
  meaning: PngMeaning,
) => void;

/** A kind of colour that a PNG can have. */
export interface PngColor {
  /** Values a pixel. */
  readonly channels: number;
  /** Bits a value that it can have. */
  readonly depths: readonly number[];
  readonly put: Put;
}

const grey: Put = (values, { data, at, step, count }, { depth, key }) => {
  const scale = 255 / (2 ** depth - 1);
  const empty = key?.[0];
  for (let from = 0, to = at; from < count; from++, to += step) {
    const value = values[from]!;
    data[to] = data[to + 1] = data[to + 2] = value * scale;
    data[to + 3] = value === empty ? 0 : 255;
  }
};

const rgb: Put = (values, { data, at, step, count }, { key }) => {
  if (step === 4 && !key) {
    return spreadColors(values, 0, new Int32Array(data.buffer, data.byteOffset + at, count));
  }
  const [emptyRed, emptyGreen, emptyBlue] = key ? Array.from(key) : [];
  for (let pixel = 0, from = 0, to = at; pixel < count; pixel++, from += 3, to += step) {
    const red = values[from]!;
    const green = values[from + 1]!;
    const blue = values[from + 2]!;
    data[to] = red;
    data[to + 1] = green;
    data[to + 2] = blue;
    data[to + 3] = red === emptyRed && green === emptyGreen && blue === emptyBlue ? 0 : 255;
  }
};

const numbered: Put = (values, { data, at, step, count }, { palette }) => {
  if (!palette) throw new Error("no palette");
  for (let pixel = 0, to = at; pixel < count; pixel++, to += step) {
    const from = values[pixel]! * 4;
    const isKnown = from < palette.length; // other decoders show black
    for (let channel = 0; channel < 3; channel++) data[to + channel] = isKnown ? palette[from + channel]! : 0;
    data[to + 3] = isKnown ? palette[from + 3]! : 255;
  }
};

const greyWithOpacity: Put = (values, { data, at, step, count }) => {
  for (let pixel = 0, to = at; pixel < count; pixel++, to += step) {
    data[to] = data[to + 1] = data[to + 2] = values[pixel * 2]!;
    data[to + 3] = values[pixel * 2 + 1]!;
  }
};

const rgbWithOpacity: Put = (values, { data, at, step, count }) => {
  for (let pixel = 0, to = at; pixel < count; pixel++, to += step) {
    for (let channel = 0; channel < 4; channel++) data[to + channel] = values[pixel * 4 + channel]!;
  }
};

/** The kinds of colour, as a PNG numbers them. */
export const pngColors: Readonly<Record<number, PngColor>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16], put: grey },
  2: { channels: 3, depths: [8, 16], put: rgb },
  3: { channels: 1, depths: [1, 2, 4, 8], put: numbered },
  4: { channels: 2, depths: [8, 16], put: greyWithOpacity },
  6: { channels: 4, depths: [8, 16], put: rgbWithOpacity },
};

/** The values of a row of up to 8 bits each; those of 8 are the bytes themselves. */
export function valuesOf({ bytes, count }: PngRow, depth: number): Uint8Array {
  if (depth === 8) return bytes;
  const values = new Uint8Array(count); // there is one a pixel
  const mask = (1 << depth) - 1;
  for (let at = 0, bit = 8 - depth; at < count; at++, bit -= depth) {
    values[at] = bytes[at * depth >> 3]! >> (bit & 7) & mask;
  }
  return values;
}
