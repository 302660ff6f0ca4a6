import type { MethodCost } from "../methods/method.ts";

/** How far the computation of maps has come. */
export interface MapProgress {
  /** Runs of the model, and ways back, that have been done. */
  readonly done: number;
  /** How many there will be. */
  readonly total: number;
}

/** Is told how far the computation of maps has come, after each piece of it. */
export type ProgressListener = (progress: MapProgress) => void;

/** What the maps of a photo will take, told before any is computed. */
export interface MapPlan {
  /** Runs of the model, and ways back, at most: what methods share is done once. */
  readonly passes: number;
  /** How many of them are each method's, by its name. */
  readonly methods: Readonly<Record<string, number>>;
  /** For how many targets, such as classes. */
  readonly targets: number;
}

/** Is told once what the maps of a photo will take. */
export type PlanListener = (plan: MapPlan) => void;

/** How many pieces of work a cost comes to. */
export function totalOf(cost: MethodCost): number {
  const { layerRuns = 0, layerGradients = 0, pictureRuns = 0, pictureGradients = 0 } = cost;
  return layerRuns + layerGradients + pictureRuns + pictureGradients;
}

/** Counts the pieces of work that have been done. What methods share is done once, so that the end may come early. */
export class Progress {
  readonly #listener: ProgressListener | undefined;
  #done = 0;
  #total = 0;

  constructor(listener: ProgressListener | undefined) {
    this.#listener = listener;
  }

  /** How much has been done. */
  get done(): number {
    return this.#done;
  }

  /** So much more is to be done. */
  expect(total: number): void {
    this.#total += total;
  }

  /** So much has been done. */
  readonly count = (done: number): void => {
    this.#done = Math.min(this.#done + done, this.#total);
    this.#listener?.({ done: this.#done, total: this.#total });
  };

  /** All of a part is done, also what was shared. */
  reach(done: number): void {
    if (done > this.#done) this.count(done - this.#done);
  }
}
