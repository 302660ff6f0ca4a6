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

/** Connected pixels of one label. */
interface Piece {
  readonly label: number;
  readonly pixels: number[];
}

/** What is connected, in the order of its first pixels. */
function findPieces(labels: Int32Array, height: number, width: number): Piece[] {
  const seen = new Uint8Array(labels.length);
  const pieces: Piece[] = [];
  for (let start = 0; start < labels.length; start++) {
    if (seen[start]) continue;
    const label = labels[start]!;
    const pixels = [start];
    seen[start] = 1;
    for (let at = 0; at < pixels.length; at++) {
      for (const beside of neighbours(pixels[at]!, height, width)) {
        if (seen[beside] || labels[beside] !== label) continue;
        seen[beside] = 1;
        pixels.push(beside);
      }
    }
    pieces.push({ label, pixels });
  }
  return pieces;
}

/** Of each label the largest piece; others remain where they are large. */
function choosePieces(pieces: readonly Piece[], least: number): Piece[] {
  const largest = new Map<number, Piece>();
  for (const piece of pieces) {
    const known = largest.get(piece.label);
    if (!known || piece.pixels.length > known.pixels.length) largest.set(piece.label, piece);
  }
  return pieces.filter((piece) => piece === largest.get(piece.label) || piece.pixels.length >= least);
}

/** Let pieces grow over what belongs to none, all at once. */
function grow(pieces: readonly Piece[], { height, width, labels }: Clustering): Int32Array {
  const grown = new Int32Array(labels.length).fill(-1);
  pieces.forEach(({ pixels }, label) => pixels.forEach((pixel) => grown[pixel] = label));
  const edge = pieces.flatMap(({ pixels }) => pixels);
  for (let at = 0; at < edge.length; at++) {
    for (const beside of neighbours(edge[at]!, height, width)) {
      if (grown[beside] !== -1) continue;
      grown[beside] = grown[edge[at]!]!;
      edge.push(beside);
    }
  }
  return grown;
}

/** Give pieces that are small to a neighbour, where they have one. */
function mergeSmall(labels: Int32Array, least: number, { height, width }: Clustering): void {
  for (const { label, pixels } of findPieces(labels, height, width)) {
    if (pixels.length >= least) continue;
    const beside = pixels.flatMap((pixel) => neighbours(pixel, height, width));
    const other = beside.find((pixel) => labels[pixel] !== label);
    if (other === undefined) continue;
    const taken = labels[other]!;
    labels.forEach((of, pixel) => of === label && (labels[pixel] = taken));
  }
}

/**
 * Make each piece connected, and none of them small: the largest of what has a label stays, and grows over what is apart
 * from it.
 */
function connect(clustering: Clustering): Segmentation {
  const { height, width, step, labels } = clustering;
  const least = smallest * step ** 2;
  const grown = grow(choosePieces(findPieces(labels, height, width), least), clustering);
  mergeSmall(grown, least, clustering);
  const numbers = new Map<number, number>();
  for (const label of grown) if (!numbers.has(label)) numbers.set(label, numbers.size);
  return { labels: grown.map((label) => numbers.get(label)!), count: numbers.size };
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
