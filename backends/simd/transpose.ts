import type * as tf from "../../src/base/tfjs.ts";
import { type Machine, runJob } from "./machine.ts";
import { type KernelCall, mostTasks, partsOf, type Task } from "./tasks.ts";

/** An axis of the result: how many numbers along it, and how far one is from the next as they are given. */
interface StoredAxis {
  readonly size: number;
  readonly step: number;
}

/** The kernel that copies runs steps along so many axes. */
const axesOfRuns = 3;

/** Matrices of fewer numbers are not worth a call each. */
const fewNumbers = 64;

/** The axes of the result; those of one number are left out, and those that stay beside each other are one. */
function axesOf(shape: readonly number[], order: readonly number[]): StoredAxis[] {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const axes: StoredAxis[] = [];
  for (const axis of order) {
    const size = shape[axis]!, step = steps[axis]!, before = axes.at(-1);
    if (size === 1) continue;
    if (before?.step === size * step) axes[axes.length - 1] = { size: before.size * size, step };
    else axes.push({ size, step });
  }
  return axes;
}

/** Where numbers are, and where they go. */
interface Places {
  readonly from: number;
  readonly to: number;
}

/** As how many multiplications a number counts: it comes from memory, and goes there. */
const slowness = 16;

function sizeOf(axes: readonly StoredAxis[]): number {
  return axes.reduce((product, { size }) => product * size, 1);
}

/** Copies runs of numbers that stay beside each other, divided along the outermost axis. */
function copyRuns(machine: Machine, axes: readonly StoredAxis[], { from, to }: Places): void {
  const outer = axes.slice(0, -1), run = axes.at(-1)!;
  const none = { size: 1, step: 0 };
  const [first, second, third] = [...outer, ...new Array(axesOfRuns - outer.length).fill(none)] as [
    StoredAxis,
    StoredAxis,
    StoredAxis,
  ];
  const inner = sizeOf(axes.slice(1));
  const tasks = partsOf(first.size, mostTasks(machine.threads, slowness * first.size * inner)).map((
    [begin, end],
  ): Task => [{
    kernel: "copyRuns",
    numbers: [
      ...[end - begin, first.step * 4, second.size, second.step * 4, third.size, third.step * 4] as const,
      ...[run.size * 4, from + begin * first.step * 4, to + begin * inner * 4] as const,
    ],
  }]);
  runJob(machine, { tasks });
}

/** Which axis lies beside each other before; afterwards it is the last. */
function columnsOf(axes: readonly StoredAxis[]): number {
  return axes.findIndex(({ step }) => step === 1);
}

/** So many matrices at most are a task. */
const matricesOfTask = 64;

/** Transposes a matrix for each place along the other axes: of what lies beside each other before, and afterwards. */
function turnMatrices(machine: Machine, axes: readonly StoredAxis[], { from, to }: Places): void {
  const columns = columnsOf(axes), last = axes.length - 1;
  const matrix = { rows: axes[last]!, columns: axes[columns]! };
  const toSteps = axes.map((_, at) => sizeOf(axes.slice(at + 1)));
  const outer = axes.flatMap((axis, at) =>
    at === last || at === columns ? [] : [{ ...axis, to: toSteps[at]! }]
  );
  const count = sizeOf(outer);
  const turn = (index: number): KernelCall => {
    let rest = index, start = from, target = to;
    for (const { size, step, to: toStep } of outer) {
      const at = rest % size;
      rest = (rest - at) / size;
      start += at * step * 4;
      target += at * toStep * 4;
    }
    return {
      kernel: "transposeMatrix",
      numbers: [
        ...[matrix.rows.size, matrix.columns.size, start, matrix.rows.step * 4] as const,
        ...[target, toSteps[columns]! * 4] as const,
      ],
    };
  };
  const parts = Math.max(
    mostTasks(machine.threads, slowness * sizeOf(axes)),
    Math.ceil(count / matricesOfTask),
  );
  const tasks = partsOf(count, parts).map(([first, end]) =>
    Array.from({ length: end - first }, (_, at) => turn(first + at))
  );
  runJob(machine, { tasks });
}

/**
 * A tensor with its axes in another order.
 *
 * @param x It has numbers.
 * @param order Which axis of it each of the result's is.
 * @returns `undefined` where it is left as it is, or has too many axes.
 */
export function transposeAxes(
  machine: Machine,
  x: tf.Tensor,
  order: readonly number[],
): tf.TensorInfo | undefined {
  const axes = axesOf(x.shape, order), last = axes.at(-1);
  if (!last || axes.length < 2) return undefined;
  const staysLast = last.step === 1;
  if (staysLast ? axes.length - 1 > axesOfRuns : last.size * axes[columnsOf(axes)]!.size < fewNumbers) {
    return undefined;
  }
  const { heap } = machine, result = heap.makeOutput(order.map((axis) => x.shape[axis]!));
  const move = staysLast ? copyRuns : turnMatrices;
  move(machine, axes, { from: heap.addressOf(x), to: heap.addressOf(result) });
  return result;
}
