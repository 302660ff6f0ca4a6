/**
 * Superpixels: a picture divided into connected pieces of like colour.
 *
 * Achanta et al., "SLIC Superpixels Compared to State-of-the-Art Superpixel Methods", TPAMI 2012: k-means of colour and place
 * together, where each centre looks only at its neighbourhood. Distances of colour are those of the channels as they are given.
 *
 * @module
 */

/** A picture's numbers, row by row, channels innermost. */
export interface Picture {
  readonly data: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** How a picture is divided. */
export interface SegmentPlan {
  /** How many pieces there should be, about. */
  readonly segments: number;
  /** Awaited between pieces of work; what it throws ends it. */
  pause(): Promise<void>;
}

/** A divided picture. */
export interface Segmentation {
  /** For each pixel the number of its piece, from 0. */
  readonly labels: Int32Array;
  /** How many pieces there are. */
  readonly count: number;
}

/** How much being one grid step away counts against the whole range of colours. */
const compactness = 0.1;

/** How often centres are moved. */
const rounds = 10;

/** Pieces smaller than this part of the usual go to a neighbour. */
const smallest = 1 / 4;

/** Colours from 0 to 1, and where the centres of pieces are. */
interface Clustering {
  readonly colours: Float64Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** How far centres are from each other, in pixels. */
  readonly step: number;
  /** Row, column and colour of each centre. */
  readonly centres: Float64Array[];
  readonly labels: Int32Array;
}

/** Colours with the whole picture's range from 0 to 1; of one colour they are all 0. */
function scaleColours(data: ArrayLike<number>): Float64Array {
  let [least, most] = [Infinity, -Infinity];
  for (let at = 0; at < data.length; at++) {
    least = Math.min(least, data[at]!);
    most = Math.max(most, data[at]!);
  }
  const range = most - least;
  return Float64Array.from(
    data,
    (value) => range > 0 && Number.isFinite(range) ? (value - least) / range : 0,
  );
}

/** Lay a grid of cells over a picture, as square as can be. */
function layGrid({ data, height, width, channels }: Picture, segments: number): Clustering {
  const rows = Math.min(Math.max(Math.round(Math.sqrt(segments * height / width)), 1), height);
  const columns = Math.min(Math.max(Math.round(segments / rows), 1), width);
  const labels = new Int32Array(height * width);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    labels[pixel] = Math.floor(y * rows / height) * columns + Math.floor(x * columns / width);
  }
  const step = Math.sqrt(height * width / (rows * columns));
  const centres = Array.from({ length: rows * columns }, () => new Float64Array(2 + channels));
  return { colours: scaleColours(data), height, width, channels, step, centres, labels };
}

/** Move each centre to the mean of its pixels; one that has none stays where it is. */
function moveCentres({ colours, width, channels, centres, labels }: Clustering): void {
  const sums = centres.map((centre) => new Float64Array(centre.length));
  const counts = new Uint32Array(centres.length);
  labels.forEach((label, pixel) => {
    const sum = sums[label]!;
    counts[label]!++;
    sum[0]! += Math.floor(pixel / width);
    sum[1]! += pixel % width;
    for (let channel = 0; channel < channels; channel++) {
      sum[2 + channel]! += colours[pixel * channels + channel]!;
    }
  });
  centres.forEach((centre, at) => {
    if (counts[at]! > 0) centre.set(sums[at]!.map((sum) => sum / counts[at]!));
  });
}

/** Give each pixel to the nearest of the centres whose neighbourhood it is in. */
function assign({ colours, height, width, channels, step, centres, labels }: Clustering): void {
  const nearest = new Float64Array(labels.length).fill(Infinity);
  const reach = Math.ceil(2 * step);
  const far = (compactness / step) ** 2;
  centres.forEach((centre, label) => {
    const [row, column] = [Math.round(centre[0]!), Math.round(centre[1]!)];
    for (let y = Math.max(row - reach, 0); y <= Math.min(row + reach, height - 1); y++) {
      for (let x = Math.max(column - reach, 0); x <= Math.min(column + reach, width - 1); x++) {
        const pixel = y * width + x;
        let apart = 0;
        for (let channel = 0; channel < channels; channel++) {
          apart += (colours[pixel * channels + channel]! - centre[2 + channel]!) ** 2;
        }
        const distance = apart / channels + far * ((y - centre[0]!) ** 2 + (x - centre[1]!) ** 2);
        if (distance >= nearest[pixel]!) continue;
        nearest[pixel] = distance;
        labels[pixel] = label;
      }
    }
  });
}

/** The pixels beside, above and below one. */
function neighbours(pixel: number, height: number, width: number): number[] {
  const [y, x] = [Math.floor(pixel / width), pixel % width];
  return [
    ...y > 0 ? [pixel - width] : [],
    ...x > 0 ? [pixel - 1] : [],
    ...x < width - 1 ? [pixel + 1] : [],
    ...y < height - 1 ? [pixel + width] : [],
  ];
}

/** Make each piece connected: what is apart becomes a piece of its own or, where it is small, a part of a neighbour. */
function connect({ height, width, step, labels }: Clustering): Segmentation {
  const connected = new Int32Array(labels.length).fill(-1);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (connected[start] !== -1) continue;
    const piece = [start];
    let neighbour = -1;
    connected[start] = count;
    for (let at = 0; at < piece.length; at++) {
      for (const beside of neighbours(piece[at]!, height, width)) {
        const known = connected[beside]!;
        if (known !== -1 && known !== count) neighbour = known;
        if (known !== -1 || labels[beside] !== labels[start]) continue;
        connected[beside] = count;
        piece.push(beside);
      }
    }
    if (neighbour === -1 || piece.length >= smallest * step ** 2) count++;
    else for (const pixel of piece) connected[pixel] = neighbour;
  }
  return { labels: connected, count };
}

/**
 * Divide a picture into superpixels. The same picture is divided in the same way.
 *
 * @param picture Its numbers, of any range.
 * @param plan How many pieces there should be: the number comes out somewhat different.
 */
export async function findSuperpixels(
  picture: Picture,
  { segments, pause }: SegmentPlan,
): Promise<Segmentation> {
  const clustering = layGrid(picture, segments);
  for (let round = 0; round < rounds; round++) {
    moveCentres(clustering);
    assign(clustering);
    await pause();
  }
  return connect(clustering);
}
