import type { KernelExports } from "./kernels.ts";

/** One call of a kernel. */
export type KernelCallOf<Name extends keyof KernelExports> = {
  readonly kernel: Name;
  readonly numbers: Parameters<KernelExports[Name]>;
  /**
   * Which of the numbers are addresses in memory that each thread has for itself: they are those of the first.
   * @default {none}
   */
  readonly own?: readonly number[];
};

/** A call of any kernel. */
export type KernelCall = { [Name in keyof KernelExports]: KernelCallOf<Name> }[keyof KernelExports];

/** Calls that one thread makes one after the other; tasks of one job do not need each other. */
export type Task = readonly KernelCall[];

/** What is computed at once, on as many threads as there are. */
export interface Job {
  readonly tasks: readonly Task[];
  /**
   * Bytes that each thread has for itself, one after the other.
   * @default {0}
   */
  readonly ownBytes?: number;
}

/** Make the calls of a task, as the first thread. */
export function doTask(exports: KernelExports, task: Task): void {
  for (const { kernel, numbers } of task) {
    (exports[kernel] as (...numbers: readonly number[]) => void)(...numbers);
  }
}

/** So many multiplications are worth being a task: what one thread does in some 20 µs. */
let leastOfTask = 2 ** 19;

/** Compute something in tasks as small as is told, for tests: work as small as theirs is not divided otherwise. */
export async function withTasksOf(multiplications: number, run: () => Promise<void>): Promise<void> {
  const before = leastOfTask;
  leastOfTask = multiplications;
  try {
    await run();
  } finally {
    leastOfTask = before;
  }
}

/** So many tasks for each thread, so that none waits long for the last. */
const tasksOfThread = 4;

/** Into how many tasks something is divided at most. */
export function mostTasks(threads: number, multiplications: number): number {
  if (threads === 1) return 1;
  return Math.max(1, Math.min(tasksOfThread * threads, Math.floor(multiplications / leastOfTask)));
}

/** A part of a row of things, from the first to before the last. */
export type Part = readonly [from: number, to: number];

/**
 * Divide things as evenly as can be.
 *
 * @param count How many there are.
 * @param parts How many parts, at most.
 * @param multiple Each but the last has a multiple of so many.
 */
export function partsOf(count: number, parts: number, multiple = 1): Part[] {
  const units = Math.ceil(count / multiple), some = Math.max(1, Math.min(parts, units));
  const edge = (index: number) => Math.min(count, Math.floor(units * index / some) * multiple);
  return Array.from({ length: some }, (_, index) => [edge(index), edge(index + 1)]);
}
