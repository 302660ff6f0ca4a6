/**
 * Resizing pictures by a product with a matrix along each direction, row i of which says how much each element of the
 * input counts for element i of the output. These are TensorFlow's weights for every filter that Keras knows.
 *
 * @module
 */
import * as tf from "../../../base/tfjs.ts";

/** A filter: how much an element counts at a distance, and where it ends. */
interface Filter {
  readonly radius: number;
  weigh(distance: number): number;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function lanczos(radius: number): Filter {
  return { radius, weigh: (x) => x >= radius ? 0 : sinc(x) * sinc(x / radius) };
}

/** Cubic convolution by Keys, a = −0.5. */
function keys(x: number): number {
  if (x >= 2) return 0;
  return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
}

/** Cubic by Mitchell and Netravali, B = C = 1/3. */
function mitchell(x: number): number {
  if (x >= 2) return 0;
  return x >= 1 ? (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9 : ((7 / 6) * x - 2) * x * x + 8 / 9;
}

/** Filters by Keras's names. */
const filters: Readonly<Record<string, Filter>> = {
  bilinear: { radius: 1, weigh: (x) => Math.max(0, 1 - x) },
  bicubic: { radius: 2, weigh: keys },
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
  gaussian: { radius: 1.5, weigh: (x) => x >= 1.5 ? 0 : Math.exp(-x * x / (2 * 0.5 ** 2)) },
  mitchellcubic: { radius: 2, weigh: mitchell },
};

/** Whether an interpolation can be computed. */
export function isInterpolation(name: string): boolean {
  return name === "nearest" || name === "area" || Object.hasOwn(filters, name);
}

/** The weights by a filter, which with antialias is widened where the picture becomes smaller. */
function filterWeights(from: number, to: number, filter: Filter, antialias: boolean): Float32Array {
  const scale = from / to;
  const stretch = antialias ? Math.max(scale, 1) : 1;
  const weights = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const center = (row + 0.5) * scale;
    const first = Math.max(0, Math.ceil(center - filter.radius * stretch - 0.5));
    const last = Math.min(from - 1, Math.floor(center + filter.radius * stretch - 0.5));
    const raw: number[] = [];
    for (let column = first; column <= last; column++) {
      raw.push(filter.weigh(Math.abs(column + 0.5 - center) / stretch));
    }
    const sum = raw.reduce((total, weight) => total + weight, 0);
    raw.forEach((weight, index) => weights[row * from + first + index] = weight / sum);
  }
  return weights;
}

/** TensorFlow takes the cubic's weights from a table with 1,024 steps a pixel. */
const cubicSteps = 1024;

/** The bicubic weights without antialias: outside the picture nothing counts. */
function cubicWeights(from: number, to: number): Float32Array {
  const scale = from / to;
  const weights = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const position = Math.fround(Math.fround(row + 0.5) * Math.fround(scale) - 0.5);
    const base = Math.floor(position);
    const fraction = Math.round((position - base) * cubicSteps) / cubicSteps;
    const taps = [-1, 0, 1, 2].map((tap) => ({ column: base + tap, weight: keys(Math.abs(tap - fraction)) }))
      .filter(({ column }) => column >= 0 && column < from);
    const sum = taps.reduce((total, { weight }) => total + weight, 0);
    for (const { column, weight } of taps) weights[row * from + column]! += weight / sum;
  }
  return weights;
}

/** The weights by area: each element of the output is the mean of what it covers. */
function areaWeights(from: number, to: number): Float32Array {
  const scale = from / to;
  const weights = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    for (
      let column = Math.floor(row * scale);
      column < Math.min(from, Math.ceil((row + 1) * scale));
      column++
    ) {
      const covered = Math.min(column + 1, (row + 1) * scale) - Math.max(column, row * scale);
      weights[row * from + column] = covered / scale;
    }
  }
  return weights;
}

function weightsOf(from: number, to: number, interpolation: string, antialias: boolean): tf.Tensor2D {
  if (interpolation === "area") return tf.tensor2d(areaWeights(from, to), [to, from]);
  if (interpolation === "bicubic" && !antialias) return tf.tensor2d(cubicWeights(from, to), [to, from]);
  return tf.tensor2d(filterWeights(from, to, filters[interpolation]!, antialias), [to, from]);
}

/**
 * Mix rows and columns by a matrix along each direction.
 *
 * @param x `[n, h, w, c]`
 * @param rows `[H, h]`
 * @param columns `[W, w]`
 * @returns `[n, H, W, c]`
 */
export function mix(x: tf.Tensor4D, rows: tf.Tensor2D, columns: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const byRow = x.transpose([1, 0, 2, 3]).reshape([height, -1]); // [h, n · w · c]
  const mixed = rows.matMul(byRow as tf.Tensor2D).reshape([rows.shape[0], batch, width, channels]);
  const byColumn = mixed.transpose([2, 1, 0, 3]).reshape([width, -1]); // [w, n · H · c]
  return columns.matMul(byColumn as tf.Tensor2D)
    .reshape([columns.shape[0], batch, rows.shape[0], channels])
    .transpose([1, 2, 0, 3]);
}

/** Options of {@linkcode resample}. */
export interface ResamplingOptions {
  /** The filter, by Keras's name. */
  readonly interpolation: string;
  /** Whether all of the picture counts where it becomes smaller. */
  readonly antialias?: boolean;
}

/** Pictures in another size, as TensorFlow resizes them: pixels have centres. */
export function resample(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  { interpolation, antialias = false }: ResamplingOptions,
): tf.Tensor4D {
  if (interpolation === "nearest") return tf.image.resizeNearestNeighbor(x, [height, width], false, true);
  if (interpolation === "bilinear" && !antialias) {
    return tf.image.resizeBilinear(x, [height, width], false, true);
  }
  const rows = weightsOf(x.shape[1], height, interpolation, antialias);
  const columns = weightsOf(x.shape[2], width, interpolation, antialias);
  return mix(x, rows, columns);
}
