import { type Machine, runJob } from "./machine.ts";
import { channelsOfLine as numbersOfLine } from "./grid.ts";
import { type KernelCall, mostTasks, partsOf } from "./tasks.ts";

/** Rows of numbers, each of which is computed on its own. */
export interface ComputedRows {
  readonly rows: number;
  /** Numbers of each. */
  readonly channels: number;
  /** As how many multiplications of a product a number counts. */
  readonly slowness: number;
}

/**
 * Compute rows on all threads.
 *
 * @param callOf The call for so many rows, of which the first lies so many bytes behind the first of all.
 */
export function computeRows(
  machine: Machine,
  { rows, channels, slowness }: ComputedRows,
  callOf: (rows: number, bytes: number) => KernelCall,
): void {
  const most = mostTasks(machine.threads, slowness * rows * channels);
  const multiple = channels < numbersOfLine ? Math.ceil(numbersOfLine / channels) : 1;
  const tasks = partsOf(rows, most, multiple).map(([first, end]) => [
    callOf(end - first, first * channels * 4),
  ]);
  runJob(machine, { tasks });
}
