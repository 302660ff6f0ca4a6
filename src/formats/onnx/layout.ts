/**
 * How the axes of values are stored. ONNX's pictures are `[N, C, H, W]`, TensorFlow.js's `[N, H, W, C]`: a value keeps its
 * shape as ONNX has it, and beside it the order that its axes are stored in, so that a transposition moves nothing.
 *
 * @module
 */
import type { Axes, Live } from "./value.ts";

/** Axes in their own order. */
export function inOrder(rank: number): Axes {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** Batch first and channels last, as TensorFlow.js has pictures. */
export function channelsLast(rank: number): Axes {
  return rank < 3 ? inOrder(rank) : [0, ...inOrder(rank).slice(2), 1];
}

/** Axes in their order but for one, which is stored last. */
export function withLast(axes: Axes, last: number): Axes {
  return [...axes.filter((axis) => axis !== last), last];
}

/** The shape that a value is stored in. */
export function storedShape({ shape, axes }: Pick<Live, "shape" | "axes">): number[] {
  return axes.map((axis) => shape[axis]!);
}

/** Which stored axis each axis of another order is. */
export function permutation(from: Axes, to: Axes): number[] {
  return to.map((axis) => from.indexOf(axis));
}

/** Whether two orders are the same. */
export function sameAxes(a: Axes, b: Axes): boolean {
  return a.length === b.length && a.every((axis, at) => axis === b[at]);
}

/**
 * Whether another order of a value's axes needs nothing to be moved, since only axes of one number change their place. The
 * first stored axis counts as longer: it is the one of several pictures.
 */
export function staysInPlace({ shape, axes }: Pick<Live, "shape" | "axes">, to: Axes): boolean {
  const long = (order: Axes) => order.filter((axis) => axis === axes[0] || shape[axis] !== 1);
  return sameAxes(long(axes), long(to));
}

/** Axes that a reshaping makes of others: the product of their sizes is the same. */
interface Group {
  readonly from: number[];
  readonly to: number[];
}

/** Axes of one number that stand beside each other. */
function onesFrom(shape: readonly number[], start: number): number[] {
  let end = start;
  while (shape[end] === 1) end++;
  return Array.from({ length: end - start }, (_, at) => start + at);
}

/** Axes of one number, each a group of its own, but for that of several pictures, which stays one. */
function pairOnes(from: readonly number[], to: readonly number[], pictures: number): Group[] {
  const [first, ...others] = to;
  if (first === undefined || !from.includes(pictures)) {
    return [
      ...from.map((axis) => ({ from: [axis], to: [] })),
      ...to.map((axis) => ({ from: [], to: [axis] })),
    ];
  }
  return [
    { from: [pictures], to: [first] },
    ...pairOnes(from.filter((axis) => axis !== pictures), others, pictures),
  ];
}

/**
 * The smallest groups of axes that a reshaping keeps apart.
 *
 * @param pictures The axis of several pictures.
 */
function groupAxes(shape: readonly number[], target: readonly number[], pictures: number): Group[] {
  const groups: Group[] = [];
  let i = 0, j = 0;
  while (i < shape.length || j < target.length) {
    const ones = [onesFrom(shape, i), onesFrom(target, j)] as const;
    groups.push(...pairOnes(...ones, pictures));
    i += ones[0].length;
    j += ones[1].length;
    const from: number[] = [], to: number[] = [];
    let a = 1, b = 1;
    while (a !== b || from.length === 0) {
      if (a <= b ? i >= shape.length : j >= target.length) break;
      if (a <= b) {
        a *= shape[i]!;
        from.push(i++);
      } else {
        b *= target[j]!;
        to.push(j++);
      }
    }
    if (from.length + to.length > 0) groups.push({ from, to });
  }
  return groups;
}

/** How a value is reshaped as it is stored. */
export interface ReshapePlan {
  /** The order in which it must be stored first. */
  readonly before: Axes;
  /** The order in which the result is stored. */
  readonly axes: Axes;
}

/**
 * How to give a value another shape with as little moved as can be: axes that are merged must be stored beside each other
 * and in their order, all others stay where they are. Where a picture is cut into windows, which are many, they are put in
 * order if anything has to be moved.
 */
export function planReshape(
  { shape, axes }: Pick<Live, "shape" | "axes">,
  target: readonly number[],
): ReshapePlan {
  if (shape.includes(0)) return { before: inOrder(shape.length), axes: inOrder(target.length) };
  const places = new Map(axes.map((axis, place) => [axis, place]));
  let last = 0;
  const groups = groupAxes(shape, target, axes[0]!);
  const placed = groups.map((group) => {
    const long = group.from.filter((axis) => shape[axis] !== 1 || axis === axes[0]);
    const [largest] = (long.length > 0 ? long : group.from).toSorted((a, b) => shape[b]! - shape[a]!);
    if (largest !== undefined) last = places.get(largest)!; // where most of it stands: blocks of pixels are small
    const isOfPictures = group.from.includes(axes[0]!),
      isFirst = group.from.length === 0 && group.to[0] === 0;
    return { ...group, place: isFirst ? -2 : isOfPictures ? -1 : last };
  });
  const planOf = (some: readonly Group[]) => ({
    before: some.flatMap(({ from }) => from),
    axes: some.flatMap(({ to }) => to),
  });
  const plan = planOf(placed.toSorted((a, b) => a.place - b.place));
  const keepsPictures = groups.some(({ from, to }) => from.includes(axes[0]!) && to.length > 0);
  return keepsPictures || staysInPlace({ shape, axes }, plan.before) ? plan : planOf(groups);
}
