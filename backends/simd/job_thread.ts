import type { KernelExports } from "./kernels.ts";

/** Where in the words that threads share what stands, each in a cache line of its own. */
export const jobWords = {
  /** The number of the job, which threads wait on. */
  job: 0,
  /** How many of its tasks nobody has taken; below 0 when there are none. */
  left: 16,
  /** How many of them are done. */
  done: 32,
  /** Behind it, for each task, where its numbers begin, and whether it could not be done. */
  tasks: 48,
} as const;

/** The job that ends threads. */
export const endedJob = -1;

/** So many tasks a job can have, and so many numbers all of them. */
export const jobLimits = { tasks: 256, numbers: 2 ** 14 } as const;

/** Where the numbers begin, in bytes; before them are the words. */
export const numbersAt = 4 * (jobWords.tasks + 2 * jobLimits.tasks);

/** What threads share besides the memory that they compute on. */
export function jobMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(numbersAt + 8 * jobLimits.numbers);
}

/** End the threads of a pool, whoever started them: each leaves when it has done its task. */
export function endJobs(shared: SharedArrayBuffer): void {
  const words = new Int32Array(shared, 0, numbersAt / 4);
  Atomics.store(words, jobWords.job, endedJob);
  Atomics.notify(words, jobWords.job);
}

/** What a thread of a pool knows; it can be sent. */
export interface JobThreadStart {
  /** Which thread it is; 0 gives the jobs. */
  readonly index: number;
  /** What all threads of the pool share. */
  readonly shared: SharedArrayBuffer;
  /** The kernels by their numbers. */
  readonly kernels: readonly (keyof KernelExports)[];
  readonly layout: {
    readonly words: typeof jobWords;
    readonly limits: typeof jobLimits;
    readonly numbersAt: number;
    readonly endedJob: number;
  };
  /** How long it looks for the next job before it waits, in milliseconds. */
  readonly spinMs: number;
}

/** What a thread of a pool does. */
export interface JobThread {
  /** Do tasks of the current job until nobody has any left to take. */
  takeTasks(): void;
  /** Do so for every job until the threads are ended. */
  followJobs(): void;
  /** Wait until so many tasks are done. */
  awaitDone(tasks: number): void;
}

/**
 * A thread of a pool. Its text is what workers run: it must refer to nothing outside of itself.
 *
 * @param exports The kernels, on the memory that all threads share.
 */
export function jobThread(exports: KernelExports, start: JobThreadStart): JobThread {
  const { index, shared, kernels, layout: { words: at, limits, numbersAt, endedJob }, spinMs } = start;
  const words = new Int32Array(shared, 0, numbersAt / 4);
  const numbers = new Float64Array(shared, numbersAt, limits.numbers);
  const { pause } = Atomics as { pause?: () => void }; // leaves the core to the thread that shares it
  const run = exports as unknown as Record<string, (...numbers: number[]) => void>;

  /** Do the calls of a task, one after the other. Each is: its kernel, which numbers lie in memory of the thread's own, how many bytes that is, and all numbers. */
  function doTask(task: number): void {
    let next = words[at.tasks + 2 * task]!;
    for (let calls = numbers[next++]!; calls > 0; calls--) {
      const kernel = kernels[numbers[next++]!]!, own = numbers[next++]!, ownBytes = numbers[next++]!;
      const given: number[] = [];
      for (let count = numbers[next++]!; count > 0; count--) {
        const isOwn = (own >>> given.length & 1) === 1;
        given.push(numbers[next++]! + (isOwn ? index * ownBytes : 0));
      }
      run[kernel]!(...given);
    }
  }

  function takeTasks(): void {
    for (;;) {
      const task = Atomics.sub(words, at.left, 1) - 1;
      if (task < 0) return;
      try {
        doTask(task);
      } catch {
        words[at.tasks + 2 * task + 1] = 1; // whoever gave the job tries again
      }
      Atomics.add(words, at.done, 1);
    }
  }

  /** Look at a word for a while, and then wait, until it is another. */
  function awaitChange(word: number, from: number): void {
    const until = performance.now() + spinMs;
    for (let turn = 1; Atomics.load(words, word) === from; turn++) {
      pause?.();
      if (turn % 16 > 0 || performance.now() < until) continue;
      try {
        Atomics.wait(words, word, from);
      } catch {
        // a page's own thread must not wait: it goes on looking
      }
    }
  }

  function followJobs(): void {
    for (;;) {
      const job = Atomics.load(words, at.job);
      if (job === endedJob) return;
      takeTasks();
      Atomics.notify(words, at.done);
      awaitChange(at.job, job);
    }
  }

  function awaitDone(tasks: number): void {
    for (;;) {
      const done = Atomics.load(words, at.done);
      if (done >= tasks) return;
      awaitChange(at.done, done);
    }
  }

  return { takeTasks, followJobs, awaitDone };
}
