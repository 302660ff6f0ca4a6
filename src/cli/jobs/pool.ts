import { GradcamError } from "../../errors.ts";
import { Explanation } from "../../explanation.ts";
import type { JobAnswer, JobBackend, JobOrder, JobSetup } from "./messages.ts";
import type { PhotoResult } from "./photo.ts";
import { workerLocation } from "./worker_location.ts";

/** How many photos each worker may be ahead of the one whose turn it is, so that memory stays bounded. */
const lead = 4;

/** What a worker answered, as if it had been done here. */
function resultOf(answer: JobAnswer): PhotoResult {
  if ("record" in answer) return { explanation: new Explanation(answer.record), saved: answer.saved };
  const error = new GradcamError(answer.message);
  error.stack = answer.stack;
  return { error, isHopeless: answer.isHopeless };
}

/**
 * Workers that explain photos, each on its own. They begin to load what they need as soon as they are made; the model
 * comes with the set-up.
 */
export class Pool {
  readonly #workers: readonly Worker[];
  /** Those that have nothing to do until the results catch up. */
  readonly #idle: Worker[] = [];
  #answers: readonly PromiseWithResolvers<PhotoResult>[] = [];
  #failure: Error | undefined;
  /** The next photo that no worker has yet. */
  #next = 0;
  /** Photos are handed out up to here. */
  #limit = 0;

  /**
   * @param jobs How many workers: 2 or more.
   * @param backend Where they compute.
   */
  constructor(jobs: number, backend: JobBackend) {
    this.#workers = Array.from({ length: jobs }, () => this.#start(backend));
  }

  /**
   * Explain photos.
   *
   * @returns What became of each, in the order of the photos.
   */
  async *explain(setup: JobSetup): AsyncGenerator<PhotoResult> {
    this.#answers = setup.request.photos.map(() => Promise.withResolvers<PhotoResult>());
    for (const { promise } of this.#answers) promise.catch(() => {}); // some may never be waited for
    if (this.#failure) throw this.#failure;
    for (const worker of this.#workers) worker.postMessage({ setup } satisfies JobOrder);
    this.#idle.push(...this.#workers);
    for (const [photo, { promise }] of this.#answers.entries()) {
      this.#limit = photo + this.#workers.length * lead;
      for (const worker of this.#idle.splice(0)) this.#give(worker);
      yield await promise;
    }
  }

  /** Wait for what is under way, so that no file is left half-written, and end the workers. */
  async stop(): Promise<void> {
    this.#limit = 0;
    await Promise.allSettled(this.#answers.slice(0, this.#next).map(({ promise }) => promise));
    for (const worker of this.#workers) worker.terminate();
  }

  #start(backend: JobBackend): Worker {
    const worker = new Worker(workerLocation, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<JobAnswer>) => {
      this.#answers[data.photo]!.resolve(resultOf(data));
      this.#give(worker);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new GradcamError(`Cannot run jobs: ${event.message.split("\n")[0]}`));
    };
    worker.postMessage({ start: backend } satisfies JobOrder);
    return worker;
  }

  /** Give a worker the next photo, or let it wait. */
  #give(worker: Worker): void {
    if (this.#next >= this.#answers.length) return;
    if (this.#next >= this.#limit) this.#idle.push(worker);
    else worker.postMessage({ photo: this.#next++ } satisfies JobOrder);
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#next = this.#answers.length;
    for (const answer of this.#answers) answer.reject(error);
  }
}
