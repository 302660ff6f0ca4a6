import type * as tf from "../../src/base/tfjs.ts";
import { channelsOfLine as numbersOfLine } from "./grid.ts";
import { type Machine, runJob } from "./machine.ts";
import { mostTasks, partsOf, type Task } from "./tasks.ts";

/** What a rectifier gave, how far it reaches, and what each channel is multiplied by before it. */
interface Rectified {
  readonly output: tf.TensorInfo;
  readonly max: number;
  readonly scale: tf.TensorInfo | undefined;
}

function sizeOf({ shape }: tf.TensorInfo): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** What is done with a number takes so many times as long as a multiplication of a product. */
const slowness = 16;

/** The way back over a rectifier, of as many gradients as there are, each of the output's shape. */
export function rectifyBack(
  machine: Machine,
  gradient: tf.TensorInfo,
  { output, max, scale }: Rectified,
): tf.TensorInfo {
  const { heap, threads } = machine;
  const result = heap.makeOutput(gradient.shape);
  const size = sizeOf(output), channels = scale ? sizeOf(scale) : size;
  const factors = scale ? heap.addressOf(scale) : 0;
  const from = heap.addressOf(gradient), to = heap.addressOf(result), outputs = heap.addressOf(output);
  const tasks: Task[] = [];
  const most = mostTasks(threads, slowness * size);
  for (let at = 0; at < sizeOf(gradient) * 4; at += size * 4) {
    for (const [first, end] of scale ? partsOf(size / channels, most) : partsOf(size, most, numbersOfLine)) {
      const start = first * (scale ? channels : 1) * 4;
      const [pixels, wide] = scale ? [end - first, channels] : [1, end - first];
      const numbers = [
        pixels,
        wide,
        from + at + start,
        outputs + start,
        to + at + start,
        factors,
        max,
      ] as const;
      tasks.push([{ kernel: "rectifyBack", numbers: [...numbers] }]);
    }
  }
  runJob(machine, { tasks });
  return result;
}
