/**
 * Pictures that look to a network's first layers as ordinary photos do: dead leaves, discs of all sizes that lie upon
 * each other, which have edges and plains in the same share (Lee, Mumford and Huang, "Occlusion models for natural
 * images", 2001), in the colours of photos.
 *
 * @module
 */

/** Pixels from top to bottom and from left to right, at most. */
export const probeSide = 40;

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

/**
 * Where random numbers begin. Of thousands of beginnings each is the one whose pictures of 40 × 40 pixels, two in colour
 * and four in grey, differ least from the mean of very many in how their pixels differ, 1 to 8 pixels apart.
 */
const beginnings = { colour: 293_493_978, grey: 15_054_019, strokes: 20_250_607 } as const;

/** Numbers from 0 to 1, the same each time (xorshift, Marsaglia 2003). */
function randomNumbers(beginning: number): () => number {
  let state = beginning;
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

/** What discs have in common in two of their numbers, each disc as heavy as what shows of it. */
function product(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let disc = 0; disc < a.length; disc++) sum += a[disc]! * b[disc]! * weights[disc]!;
  return sum;
}

/** Bring the numbers of each row to mean 0 and variance 1, with nothing in common between rows. */
function standardise(rows: readonly Float64Array[], weights: Float64Array): void {
  const ones = weights.map(() => 1);
  const before: Float64Array[] = [ones];
  for (const row of rows) {
    for (const other of before) {
      const share = product(row, other, weights);
      for (let disc = 0; disc < row.length; disc++) row[disc]! -= share * other[disc]!;
    }
    const deviation = Math.sqrt(product(row, row, weights));
    for (let disc = 0; disc < row.length; disc++) row[disc]! /= deviation;
    before.push(row);
  }
}

/** How many pictures, of which size. */
interface Pictures extends Size {
  readonly count: number;
}

/** Strokes of ink: rings of light on dark, as digits and drawings are. */
function drawStrokes({ count, height, width }: Pictures): Float32Array {
  const random = randomNumbers(beginnings.strokes);
  const area = height * width;
  const pictures = new Uint16Array(count * area);
  const [pen, reach] = [Math.min(height, width) / 28, Math.min(height, width) / 4];
  for (let start = 0; start < count * area; start += area) {
    const picture = pictures.subarray(start, start + area);
    for (let stroke = 0; stroke < 2; stroke++) {
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

/** A picture of discs: which lies uppermost at each pixel, and the colour of each, red, green and blue. */
interface Leaves {
  readonly discs: Uint16Array;
  readonly colours: Float64Array;
}

/** Which share of the pictures each disc shows. */
function sharesOf(discs: Uint16Array, count: number): Float64Array {
  const shares = new Float64Array(count);
  for (let pixel = 0; pixel < discs.length; pixel++) shares[discs[pixel]!]! += 1 / discs.length;
  return shares;
}

/** Discs of all sizes upon each other, in the colours of photos. */
function layLeaves({ count, ...size }: Pictures, beginning: number): Leaves {
  const random = randomNumbers(beginning);
  const area = size.height * size.width;
  const each = Math.ceil(area * discsOnPixel);
  const discs = new Uint16Array(count * area);
  for (let disc = 0; disc < count * each; disc++) {
    const start = Math.floor(disc / each) * area;
    layDisc(discs.subarray(start, start + area), size, disc, random);
  }
  const rows = spreads.map(() => Float64Array.from({ length: count * each }, random));
  standardise(rows, sharesOf(discs, count * each));
  const colours = Float64Array.from({ length: count * each * 3 }, (_, at) => {
    const disc = Math.floor(at / 3), channel = at % 3;
    return spreads.reduce<number>(
      (sum, axis, row) => sum + axis[channel]! * rows[row]![disc]!,
      mean[channel]!,
    );
  });
  return { discs, colours };
}

/** Photos in colour, or with opacity. `[count, height, width, channels]` */
function paintPhotos(size: ProbeSize): Float32Array {
  const { discs, colours } = layLeaves(size, beginnings.colour);
  const { channels } = size;
  const data = new Float32Array(discs.length * channels).fill(1);
  for (let pixel = 0; pixel < discs.length; pixel++) {
    const from = discs[pixel]! * 3, to = pixel * channels;
    data[to] = colours[from]!;
    data[to + 1] = colours[from + 1]!;
    data[to + 2] = colours[from + 2]!;
  }
  return data;
}

/** Photos in grey, each colour as bright as ITU-R 601 has it. `[count, height, width, 1]` */
function paintGrey(size: Pictures): Float32Array {
  const { discs, colours } = layLeaves(size, beginnings.grey);
  const data = new Float32Array(discs.length);
  for (let pixel = 0; pixel < discs.length; pixel++) {
    const at = discs[pixel]! * 3;
    data[pixel] = 0.299 * colours[at]! + 0.587 * colours[at + 1]! + 0.114 * colours[at + 2]!;
  }
  return data;
}

/** What pictures show. */
export type ProbeKind = "photos" | "light strokes" | "dark strokes";

/** How each kind looks in grey, 0 to 1. */
const grey: Readonly<Record<ProbeKind, (size: Pictures) => Float32Array>> = {
  photos: paintGrey,
  "light strokes": drawStrokes,
  "dark strokes": (size) => drawStrokes(size).map((value) => 1 - value),
};

/** What a network may have been trained with: in grey also digits and drawings. */
export function probeKinds(channels: number): readonly ProbeKind[] {
  return channels === 1 ? ["photos", "light strokes", "dark strokes"] : ["photos"];
}

/** How many pictures, of which size, with 1 channel for grey, 3 for colour, 4 with opacity, which is full. */
export interface ProbeSize extends Pictures {
  readonly channels: number;
}

/**
 * The pictures, the same each time.
 *
 * @returns `[count, height, width, channels]`, 0 to 255; a few values lie beyond.
 */
export function paintProbes(kind: ProbeKind, size: ProbeSize): Float32Array {
  const data = size.channels === 1 ? grey[kind](size) : paintPhotos(size);
  for (let at = 0; at < data.length; at++) data[at]! *= 255;
  return data;
}
