/**
 * Pictures that look to a network's first layers as ordinary photos do: dead leaves, discs of all sizes that lie upon
 * each other, which have edges and plains in the same share (Lee, Mumford and Huang, "Occlusion models for natural
 * images", 2001), in the colours of photos.
 *
 * @module
 */

/** Pixels from top to bottom and from left to right, at most. */
export const probeSide = 48;

/** How many pictures there are. */
const count = 4;

/** The mean of red, green and blue over ordinary photos, 0 to 1. */
const mean = [0.48, 0.456, 0.406] as const;

/** How colours spread around it: light and dark, red against blue, both against green. */
const spreads = [
  [0.255, 0.255, 0.255],
  [0.085, 0, -0.085],
  [0.03, -0.06, 0.03],
] as const;

/** Of each disc the smallest radius and the largest, in pixels; their number falls with the square of it. */
const radii = [5, 400] as const;

/** How many discs lie on a pixel's worth of picture: so many that hardly any ground shows. */
const discsOnPixel = 0.01;

/** Numbers from 0 to 1, the same each time (xorshift, Marsaglia 2003). */
function randomNumbers(): () => number {
  let state = 20_250_607;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Pixels from top to bottom and from left to right. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** Where a disc lies and how far it reaches, in pixels. */
interface Disc {
  readonly down: number;
  readonly across: number;
  readonly radius: number;
}

/** Fill a disc, cut off where the picture ends. */
function fillDisc(
  picture: Uint16Array,
  { height, width }: Size,
  { down, across, radius }: Disc,
  value: number,
): void {
  for (let y = Math.max(Math.ceil(down - radius), 0); y < Math.min(down + radius, height); y++) {
    const half = Math.sqrt(radius ** 2 - (y - down) ** 2);
    const from = Math.min(Math.max(Math.ceil(across - half), 0), width);
    const to = Math.min(Math.max(Math.ceil(across + half), 0), width);
    picture.fill(value, y * width + from, y * width + to);
  }
}

/** Lay a disc of any size anywhere upon a picture. */
function layDisc(picture: Uint16Array, size: Size, value: number, random: () => number): void {
  const [least, most] = radii;
  const radius = 1 / (1 / least - random() * (1 / least - 1 / most));
  const middle = (length: number) => random() * (length + radius * 2) - radius;
  fillDisc(picture, size, { down: middle(size.height), across: middle(size.width), radius }, value);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0) / a.length;
}

/** Bring the values of each row to mean 0 and variance 1, with nothing in common between rows. */
function standardise(rows: readonly Float64Array[]): void {
  rows.forEach((row, index) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    for (let at = 0; at < row.length; at++) row[at]! -= mean;
    for (const before of rows.slice(0, index)) {
      const share = dot(row, before);
      for (let at = 0; at < row.length; at++) row[at]! -= share * before[at]!;
    }
    const deviation = Math.sqrt(dot(row, row));
    for (let at = 0; at < row.length; at++) row[at]! /= deviation;
  });
}

/** Strokes of ink: rings of light on dark, as digits and drawings are. */
function drawStrokes({ height, width }: Size): Float32Array {
  const random = randomNumbers();
  const area = height * width;
  const pictures = new Uint16Array(count * area);
  const [pen, reach] = [Math.min(height, width) / 20, Math.min(height, width) / 4];
  for (let start = 0; start < count * area; start += area) {
    const picture = pictures.subarray(start, start + area);
    for (let stroke = 0; stroke < 3; stroke++) {
      const [down, across] = [random, random].map((random, axis) =>
        (0.3 + 0.4 * random()) * [height, width][axis]!
      );
      const radius = reach * (0.5 + random());
      fillDisc(picture, { height, width }, { down: down!, across: across!, radius: radius + pen }, 1);
      fillDisc(picture, { height, width }, { down: down!, across: across!, radius: radius - pen }, 0);
    }
  }
  return Float32Array.from(pictures);
}

/** Photos in colour. `[count, height, width, 3]` */
function paintPhotos(size: Size): Float32Array {
  const random = randomNumbers();
  const area = size.height * size.width;
  const discs = Math.ceil(area * discsOnPixel);
  const pictures = new Uint16Array(count * area); // of each pixel, which disc lies uppermost
  for (let disc = 0; disc < count * discs; disc++) {
    const picture = Math.floor(disc / discs);
    layDisc(pictures.subarray(picture * area, (picture + 1) * area), size, disc, random);
  }
  const colours = spreads.map(() => Float64Array.from({ length: count * discs }, random));
  const rows = colours.map((values) => Float64Array.from(pictures, (disc) => values[disc]!));
  standardise(rows);
  const data = new Float32Array(count * area * 3);
  for (let pixel = 0; pixel < count * area; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      let value: number = mean[channel]!;
      for (let axis = 0; axis < 3; axis++) value += spreads[axis]![channel]! * rows[axis]![pixel]!;
      data[pixel * 3 + channel] = value;
    }
  }
  return data;
}

/** How bright each colour is, as ITU-R 601 weighs them. */
function toGrey(colours: Float32Array): Float32Array {
  return Float32Array.from({ length: colours.length / 3 }, (_, pixel) => {
    const [red, green, blue] = colours.subarray(pixel * 3, pixel * 3 + 3);
    return 0.299 * red! + 0.587 * green! + 0.114 * blue!;
  });
}

/** What pictures show. */
export type ProbeKind = "photos" | "light strokes" | "dark strokes";

/** How each kind looks in grey, 0 to 1. */
const grey: Readonly<Record<ProbeKind, (size: Size) => Float32Array>> = {
  photos: (size) => toGrey(paintPhotos(size)),
  "light strokes": drawStrokes,
  "dark strokes": (size) => drawStrokes(size).map((value) => 1 - value),
};

/** What a network may have been trained with: in grey also digits and drawings. */
export function probeKinds(channels: number): readonly ProbeKind[] {
  return channels === 1 ? ["photos", "light strokes", "dark strokes"] : ["photos"];
}

/**
 * The pictures, the same each time.
 *
 * @param size Height and width in pixels; 1 channel for grey, 3 for colour, 4 with opacity, which is full.
 * @returns `[count, height, width, channels]`, 0 to 255; a few values lie beyond.
 */
export function paintProbes(kind: ProbeKind, size: Size & { readonly channels: number }): Probes {
  const { channels } = size;
  if (channels === 1) return { data: grey[kind](size).map((value) => value * 255), count };
  const colours = paintPhotos(size);
  const data = new Float32Array(colours.length / 3 * channels).fill(255);
  for (let pixel = 0; pixel < colours.length / 3; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * channels + channel] = colours[pixel * 3 + channel]! * 255;
    }
  }
  return { data, count };
}

/** Pictures one after another. */
export interface Probes {
  readonly data: Float32Array;
  readonly count: number;
}
