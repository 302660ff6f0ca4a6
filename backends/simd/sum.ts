import type * as tf from "../../src/base/tfjs.ts";
import { channelsOfLine as numbersOfLine } from "./grid.ts";
import { type Machine, runJob } from "./machine.ts";
import { mostTasks, partsOf, type Task } from "./tasks.ts";

/** A number takes so many times as long as a multiplication of a product: it comes from memory, and goes there. */
const slowness = 16;

/** The sum of two tensors of the same shape and size, one at least. */
export function addNumbers(machine: Machine, a: tf.Tensor, b: tf.Tensor): tf.TensorInfo {
  const { heap, threads } = machine;
  const result = heap.makeOutput(a.shape);
  const [first, second, to] = [a, b, result].map((tensor) => heap.addressOf(tensor)) as [
    number,
    number,
    number,
  ];
  const tasks = partsOf(a.size, mostTasks(threads, slowness * a.size), numbersOfLine).map(
    ([from, end]): Task => [{
      kernel: "addNumbers",
      numbers: [end - from, first + from * 4, second + from * 4, to + from * 4],
    }],
  );
  runJob(machine, { tasks });
  return result;
}
