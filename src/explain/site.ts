import * as tf from "../base/tfjs.ts";
import { KeptWeights } from "../../backends/kept_weights.ts";
import type { Tensor2D, Tensor4D } from "../base/tensors.ts";
import type { BatchMaker } from "../methods/probe.ts";
import type { HeadResult, SplitModel } from "../split/model.ts";
import { openPass, type Pass, type PassOptions } from "./pass.ts";

/** How many numbers of changed activations are run at once: some megabytes, and a few times as much inside the model. */
const batchNumbers = 2 ** 20;

/** How many changed activations are run at once at most. */
const largestBatch = 64;

/** By how much a score may differ when it is computed among others, as a part of the largest. */
const sameScore = 1e-3;

/** What is told of the work at a site. */
export interface SiteWork {
  /** Awaited between operations; what it throws ends the work. */
  pause(): Promise<void>;
  /** Told how many runs or gradients have been done. */
  count(done: number): void;
}

/** Whether batches of several gave what one alone did. */
async function agree(several: Tensor2D, alone: Tensor2D): Promise<boolean> {
  const [pictures] = several.shape;
  if (several.rank !== 2 || several.shape[1] !== alone.shape[1] || pictures < 2) return false;
  const [all, own] = await Promise.all([several.data(), alone.data()]) as Float32Array[] as [
    Float32Array,
    Float32Array,
  ];
  let largest = 1e-12;
  for (const value of own) largest = Math.max(largest, Math.abs(value));
  return own.every((value, at) => !(Math.abs(value - all[at]!) > sameScore * largest));
}

/**
 * A place in a model, for all targets: what lies there, the way from it to the scores, and runs from other things there.
 * Nothing is computed before it is asked for.
 */
export class Site {
  readonly split: SplitModel;
  readonly #makeHead: () => Promise<HeadResult>;
  readonly #work: SiteWork;
  /** What ways back from something else there make of weights. */
  readonly #kept = new KeptWeights();
  #head: Promise<HeadResult> | undefined;
  #pass: Promise<Pass> | undefined;
  /** Whether the model takes several pictures at once; unknown until it was tried. */
  #takesSeveral: boolean | undefined;

  /**
   * @param split The model, cut at the place.
   * @param makeHead Runs the model to it; the result becomes the site's.
   * @param work What is told of its work.
   */
  constructor(split: SplitModel, makeHead: () => Promise<HeadResult>, work: SiteWork) {
    this.split = split;
    this.#makeHead = makeHead;
    this.#work = work;
  }

  /** What lies there, and what skips past it. */
  head(): Promise<HeadResult> {
    return this.#head ??= this.#makeHead();
  }

  /** The way from it to the scores and back. */
  pass(): Promise<Pass> {
    return this.#pass ??= this.head().then((head) => openPass(this.split, head, { pause: this.#pause }));
  }

  /** Whether the way back was asked for. */
  get hasPass(): boolean {
    return this.#pass !== undefined;
  }

  /**
   * The way from something else there.
   *
   * @param activation `[1, h, w, k]`; it stays the caller's.
   * @returns What the caller disposes.
   */
  async passFrom(activation: Tensor4D, options: PassOptions = {}): Promise<Pass> {
    const { carried } = await this.head();
    return await openPass(this.split, { activation, carried }, {
      pause: this.#pause,
      kept: this.#kept,
      fast: true, // what is gone from changed values is summed up, so that roundings of single ones do not count
      ...options,
    });
  }

  /** The scores of other things there, batch by batch, `[n, classes]` each; whoever takes them disposes them. */
  async *run(count: number, make: BatchMaker): AsyncGenerator<Tensor2D> {
    const { activation, carried } = await this.head();
    const several = Math.min(Math.max(Math.floor(batchNumbers / activation.size), 1), largestBatch);
    for (let from = 0; from < count;) {
      const to = Math.min(from + (this.#takesSeveral === false ? 1 : several), count);
      const batch = await make(from, to);
      try {
        yield* this.#runBatch(batch, carried);
      } finally {
        batch.dispose();
      }
      from = to;
    }
  }

  /** Free all of it. */
  async dispose(): Promise<void> {
    await this.#pass?.then((pass) => pass.dispose(), () => {});
    this.#kept.dispose();
    await this.#head?.then(({ activation, carried }) => tf.dispose([activation, ...carried]), () => {});
  }

  readonly #pause = () => this.#work.pause();

  async *#runBatch(batch: Tensor4D, carried: HeadResult["carried"]): AsyncGenerator<Tensor2D> {
    const [pictures] = batch.shape;
    if (pictures === 1 || await this.#canRun(batch, carried)) {
      yield await this.split.rerun(batch, carried, this.#pause);
      this.#work.count(pictures);
      return;
    }
    for (let at = 0; at < pictures; at++) {
      const one = tf.slice(batch as tf.Tensor4D, [at, 0, 0, 0], [1, -1, -1, -1]);
      try {
        yield await this.split.rerun(one, carried, this.#pause);
      } finally {
        one.dispose();
      }
      this.#work.count(1);
    }
  }

  /** Whether a batch of several can be run at once: tried with the first, of which one is run alone too. */
  async #canRun(batch: Tensor4D, carried: HeadResult["carried"]): Promise<boolean> {
    return this.#takesSeveral ??= await this.#trySeveral(batch, carried);
  }

  async #trySeveral(batch: Tensor4D, carried: HeadResult["carried"]): Promise<boolean> {
    const [two, one] = [2, 1].map((count) =>
      tf.slice(batch as tf.Tensor4D, [0, 0, 0, 0], [count, -1, -1, -1])
    );
    const made: tf.Tensor[] = [two!, one!];
    try {
      const alone = await this.split.rerun(one!, carried, this.#pause);
      made.push(alone);
      const together = await this.split.rerun(two!, carried, this.#pause).catch(() => undefined);
      await this.#pause(); // it may have been the signal that ended the run
      if (together) made.push(together);
      return together !== undefined && await agree(together, alone);
    } finally {
      tf.dispose(made);
    }
  }
}
