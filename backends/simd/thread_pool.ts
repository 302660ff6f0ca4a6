import { startOnLent, takeBorrowed } from "../lent_threads.ts";
import { findWorkers, type IdleWorker, type StartWorker } from "../wasm_workers.ts";
import {
  endedJob,
  endJobs,
  jobLimits,
  jobMemory,
  type JobThread,
  jobThread,
  type JobThreadStart,
  jobWords,
  numbersAt,
} from "./job_thread.ts";
import type { KernelExports } from "./kernels.ts";
import { doTask, type Job, type Task } from "./tasks.ts";

/** How long workers may take to start, in milliseconds. */
const startTimeoutMs = 10_000;

/** So many are started at once. Each takes this thread some 10 ms, which a program that is soon over would not get back for more. */
const startedAtOnce = 7;

/** Of the others, one is started each time that so many jobs are done: more than a map takes. */
const jobsBetween = 128;

/** How long they look for the next job before they wait: about as long as there is between two of one map, in milliseconds. */
const spinMs = 0.2;

/** A worker's program: it is sent the kernels and what it must know, says that it is ready, and follows until it is ended. */
const program = `
  self.onmessage = async ({ data: { module, memory, start } }) => {
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    const thread = (${jobThread})(exports, start);
    postMessage("ready");
    thread.followJobs();
  };
`;

/** What a pool computes with. */
export interface PoolKernels {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** On this thread. */
  readonly exports: KernelExports;
}

/** Threads that compute with the kernels on one memory, this one being the first. */
export class ThreadPool {
  readonly #shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #exports: KernelExports;
  readonly #names: readonly (keyof KernelExports)[];
  readonly #first: JobThread;
  readonly #workers: IdleWorker[] = [];
  /** Starts each of those that are not started yet. */
  #later: (() => void)[] = [];
  #jobs = 0;

  private constructor({ exports }: PoolKernels, shared: SharedArrayBuffer) {
    this.#shared = shared;
    this.#words = new Int32Array(shared, 0, numbersAt / 4);
    this.#numbers = new Float64Array(shared, numbersAt);
    this.#exports = exports;
    this.#names = Object.keys(exports) as (keyof KernelExports)[];
    this.#first = jobThread(exports, this.#startOf(0));
  }

  /**
   * Start threads.
   *
   * @param threads How many, this one included.
   * @throws If this platform has no workers, or they do not start in time.
   */
  static async start(kernels: PoolKernels, threads: number): Promise<ThreadPool> {
    const { ports = [], jobs = jobMemory() } = takeBorrowed() ?? {};
    const pool = new ThreadPool(kernels, jobs);
    const start = startOnLent(ports, await findWorkers());
    const indexes = Array.from({ length: threads - 1 }, (_, index) => index + 1);
    const begin = (index: number) => pool.#startWorker(start, kernels, index);
    const first = Math.max(startedAtOnce, ports.length);
    pool.#later = indexes.slice(first).map((index) => () => void begin(index));
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error("the workers did not start in time")), startTimeoutMs);
    try {
      await Promise.race([promise, Promise.all(indexes.slice(0, first).map(begin))]);
      return pool;
    } catch (error) {
      await pool.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** How many run, this one included. */
  get threads(): number {
    return 1 + this.#workers.length;
  }

  #startOf(index: number): JobThreadStart {
    const layout = { words: jobWords, limits: jobLimits, numbersAt, endedJob };
    return { index, shared: this.#shared, kernels: this.#names, layout, spinMs };
  }

  /** Start a worker; resolves when it is ready. */
  #startWorker(start: StartWorker, { module, memory }: PoolKernels, index: number): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => {}); // the first that fails is enough, and of later ones there are others
    const worker = start(program, { message: resolve, error: reject });
    worker.postMessage({ module, memory, start: this.#startOf(index) });
    this.#workers.push(worker);
    return promise;
  }

  /**
   * Compute a job: this thread and the others take its tasks, the largest number first, until none is left.
   *
   * @throws If a task fails on this thread too.
   */
  run({ tasks, ownBytes = 0 }: Job): void {
    for (let from = 0; from < tasks.length;) {
      const count = this.#write(tasks, from, ownBytes);
      if (count === 0) { // a task larger than all room for them, which this thread does alone
        doTask(this.#exports, tasks[from++]!);
        continue;
      }
      this.#runWritten(count);
      for (let task = 0; task < count; task++) {
        if (this.#words[jobWords.tasks + 2 * task + 1] === 1) doTask(this.#exports, tasks[from + task]!);
      }
      from += count;
    }
    if (++this.#jobs % jobsBetween === 0) this.#later.shift()?.();
  }

  /** Write as many tasks as there is room for; how many that were. */
  #write(tasks: readonly Task[], from: number, ownBytes: number): number {
    let at = 0, count = 0;
    for (const task of tasks.slice(from, from + jobLimits.tasks)) {
      const size = task.reduce((sum, { numbers }) => sum + 4 + numbers.length, 1);
      if (at + size > jobLimits.numbers) break;
      this.#words[jobWords.tasks + 2 * count] = at;
      this.#words[jobWords.tasks + 2 * count + 1] = 0;
      this.#numbers[at++] = task.length;
      for (const { kernel, numbers, own = [] } of task) {
        this.#numbers[at++] = this.#names.indexOf(kernel);
        this.#numbers[at++] = own.reduce((bits, index) => bits | 1 << index, 0);
        this.#numbers[at++] = ownBytes;
        this.#numbers[at++] = numbers.length;
        this.#numbers.set(numbers, at);
        at += numbers.length;
      }
      count++;
    }
    return count;
  }

  #runWritten(tasks: number): void {
    const words = this.#words;
    Atomics.store(words, jobWords.done, 0);
    Atomics.store(words, jobWords.left, tasks); // from now on they are taken, and what is written is seen
    const job = Atomics.load(words, jobWords.job);
    if (job !== endedJob) Atomics.compareExchange(words, jobWords.job, job, job + 1 & 0x3fff_ffff); // it may end now
    Atomics.notify(words, jobWords.job, tasks - 1);
    this.#first.takeTasks();
    this.#first.awaitDone(tasks);
  }

  /** End all threads but this one, which goes on alone. */
  async end(): Promise<void> {
    this.#later = [];
    endJobs(this.#shared);
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }
}
