import { findInterpolation } from "./interpolations/mod.ts";
import { type Planes, Resizer, type ResizeTarget } from "./resize.ts";
import { rowsAtOnce } from "./rows.ts";
import type { Placement, RgbaImage } from "./types.ts";
import { type Fitting, type PhotoWindow, windowOn } from "./window.ts";

/** What a model takes. */
export interface InputSize {
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
  /** 3 for colour, 1 for grey, 4 for colour with opacity. */
  readonly channels: number;
}

/** A photo brought to a model's size. */
export interface FittedPhoto {
  /** What the model sees, before it is scaled. */
  readonly planes: Planes;
  /** Where on the photo it looks. */
  readonly placement: Placement;
}

/** A photo's size. */
type PhotoSize = Pick<RgbaImage, "height" | "width">;

/** @throws {RangeError} If a model takes neither colour nor grey. */
export function checkChannels(channels: number): asserts channels is 1 | 3 | 4 {
  if (channels === 1 || channels === 3 || channels === 4) return;
  throw new RangeError(
    `Cannot feed a photo into a model of ${channels} channels: it has 3, 1 if grey, or 4 with its opacity`,
  );
}

/** Where planes are put into larger ones, and what those hold elsewhere. */
interface Padding extends Pick<PhotoWindow, "top" | "left"> {
  /** One value, or one a channel. */
  readonly border: readonly number[];
}

/** Pixels as grey in their red channel, weighted as ITU-R 601 does and rounded as Pillow does. */
function toGrey(rgba: Uint8ClampedArray): Uint8ClampedArray {
  const data = new Uint8ClampedArray(rgba.length);
  for (let at = 0; at < data.length; at += 4) {
    data[at] = (rgba[at]! * 19595 + rgba[at + 1]! * 38470 + rgba[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return data;
}

/** Put planes into larger ones, which are of one colour elsewhere; where there is opacity it is none. */
function pad(planes: Planes, { height, width }: InputSize, { top, left, border }: Padding): Planes {
  if (planes.height === height && planes.width === width) return planes;
  const { channels } = planes;
  const area = height * width;
  const data = new Uint8ClampedArray(channels * area);
  for (let channel = 0; channel < Math.min(channels, 3); channel++) {
    const value = border[channel] ?? border[0] ?? 0;
    if (value !== 0) data.fill(value, channel * area, (channel + 1) * area);
  }
  for (let row = 0; row < channels * planes.height; row++) {
    const channel = Math.floor(row / planes.height);
    const y = channel * height + top + row % planes.height;
    data.set(planes.data.subarray(row * planes.width, (row + 1) * planes.width), y * width + left);
  }
  return { data, channels, height, width };
}

/** Pixels with their colours multiplied by their opacity, and their opacity alone, both rounded as Pillow does. */
function takeApart(rgba: Uint8ClampedArray): { colours: Uint8ClampedArray; opacity: Uint8ClampedArray } {
  const colours = new Uint8ClampedArray(rgba.length);
  const opacity = new Uint8ClampedArray(rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = opacity[at] = rgba[at + 3]!;
    for (let channel = at; channel < at + 3; channel++) {
      const product = rgba[channel]! * alpha + 128;
      colours[channel] = ((product >> 8) + product) >> 8;
    }
  }
  return { colours, opacity };
}

/** What is made of a photo's rows. */
interface RowTaker {
  take(rows: Uint8ClampedArray): void;
  finish(): Planes;
}

/** A photo as it is: taken apart and put together again its colours would be rounded. */
function keepAll({ height, width }: PhotoSize): RowTaker {
  const area = height * width;
  const data = new Uint8ClampedArray(4 * area);
  let pixel = 0;
  return {
    take(rows) {
      for (let at = 0; at < rows.length; at += 4, pixel++) {
        for (let channel = 0; channel < 4; channel++) data[channel * area + pixel] = rows[at + channel]!;
      }
    },
    finish: () => ({ data, channels: 4, height, width }),
  };
}

/** Resize colours and opacity, as Pillow does it: what is transparent does not bleed into what is not. */
function resizeWithOpacity(photo: PhotoSize, size: ResizeTarget & { readonly box: Placement }): RowTaker {
  const isWhole = size.box.width === photo.width && size.box.height === photo.height;
  if (isWhole && size.height === photo.height && size.width === photo.width) return keepAll(photo);
  const [ofColours, ofOpacity] = [new Resizer(photo, size), new Resizer(photo, { ...size, channels: 1 })];
  return {
    take(rows) {
      const { colours, opacity } = takeApart(rows);
      ofColours.take(colours);
      ofOpacity.take(opacity);
    },
    finish() {
      const { data: planes, height, width } = ofColours.finish();
      const { data: alphas } = ofOpacity.finish();
      const data = new Uint8ClampedArray(4 * alphas.length);
      data.set(planes);
      data.set(alphas, 3 * alphas.length);
      for (let at = 0; at < planes.length; at++) {
        const alpha = alphas[at % alphas.length]!;
        if (alpha > 0 && alpha < 255) data[at] = Math.trunc(255 * planes[at]! / alpha);
      }
      return { data, channels: 4, height, width };
    },
  };
}

function resizeGrey(photo: PhotoSize, size: ResizeTarget): RowTaker {
  const resizer = new Resizer(photo, { ...size, channels: 1 });
  return { take: (rows) => resizer.take(toGrey(rows)), finish: () => resizer.finish() };
}

/** What is made of rows for models of so many channels. */
const takers: Readonly<Record<1 | 3 | 4, typeof resizeWithOpacity>> = {
  1: resizeGrey,
  3: (photo, size) => new Resizer(photo, size),
  4: resizeWithOpacity,
};

/** Brings a photo that comes a few rows at a time to a model's size. */
export class PhotoFitter {
  /** Where on the photo the model looks. */
  readonly placement: Placement;
  readonly #taker: RowTaker;
  readonly #size: InputSize;
  readonly #padding: Padding;

  /**
   * @param photo Its size, upright.
   * @param size What the model takes.
   * @param fitting How.
   * @throws {RangeError} If the model takes neither colour nor grey, or there is no such way.
   */
  constructor(photo: PhotoSize, size: InputSize, fitting: Fitting) {
    const { channels } = size;
    checkChannels(channels);
    const { interpolation = "bicubic", border = [0] } = fitting;
    const { placement, box, resized, top, left } = windowOn(photo, size, fitting);
    this.placement = placement;
    this.#size = size;
    this.#padding = { top, left, border };
    this.#taker = takers[channels](photo, {
      ...resized,
      box,
      interpolation: findInterpolation(interpolation),
    });
  }

  /**
   * Take the next rows of the photo.
   *
   * @param rows 8-bit RGBA; opacity goes into a fourth channel, and counts for nothing in models of fewer.
   */
  take(rows: Uint8ClampedArray): void {
    this.#taker.take(rows);
  }

  /** What the model sees, before it is scaled, once all rows have come. */
  finish(): FittedPhoto {
    return { planes: pad(this.#taker.finish(), this.#size, this.#padding), placement: this.placement };
  }
}

/**
 * Bring a photo to a model's size.
 *
 * @param photo Upright; its opacity goes into a fourth channel, and counts for nothing in models of fewer.
 * @param size What the model takes.
 * @param fitting How.
 * @throws {RangeError} If the model takes neither colour nor grey, or there is no such way.
 */
export function fitPhoto(photo: RgbaImage, size: InputSize, fitting: Fitting): FittedPhoto {
  const fitter = new PhotoFitter(photo, size, fitting);
  const step = rowsAtOnce(photo) * photo.width * 4;
  for (let at = 0; at < photo.data.length; at += step) fitter.take(photo.data.subarray(at, at + step));
  return fitter.finish();
}
