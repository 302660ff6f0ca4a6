import * as tf from "../base/tfjs.ts";
import { KeptWeights } from "../../backends/kept_weights.ts";
import type { Tensor2D, Tensor4D } from "../base/tensors.ts";
import type { BatchMaker, RunOptions } from "../methods/probe.ts";
import type { HeadResult, SplitModel } from "../split/model.ts";
import { noteRectifiers, recallRectifiers } from "../operations/rectifier_memory.ts";
import type { RectifierMemory } from "../operations/operation.ts";
import { openPass, type Pass, type PassOptions } from "./pass.ts";

/** How many numbers of changed activations are run at once: some megabytes, and a few times as much inside the model. */
const batchNumbers = 2 ** 20;

/** How many changed activations are run at once at most. */
const largestBatch = 64;

/** How many scores of one run are remembered at most: 64 MB. */
const mostRemembered = 2 ** 24;

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

/** What was found once. */
interface RememberedScores {
  /** Row by row. */
  readonly data: Float32Array;
  readonly classes: number;
}

function join(parts: readonly Float32Array[], length: number): Float32Array {
  const all = new Float32Array(length);
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** A batch of the type of numbers that a model takes. */
function asTaken(batch: Tensor4D, { dtype }: Tensor4D): Tensor4D {
  if (batch.dtype === dtype) return batch;
  const taken = tf.tidy(() => (dtype === "float32" ? batch : batch.round()).cast<Tensor4D>(dtype));
  batch.dispose();
  return taken;
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
  /** What rectifiers take for what lies there. */
  #noted: Promise<tf.Tensor[]> | undefined;
  /** The scores of what was run under a name. */
  readonly #known = new Map<string, RememberedScores>();
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

  /** Rectifiers that pass what they pass for what lies there, for one run. */
  async sameRectifiers(): Promise<RectifierMemory> {
    return recallRectifiers(await (this.#noted ??= this.#note()));
  }

  /** The scores of other things there, batch by batch, `[n, classes]` each; whoever takes them disposes them. */
  async *run(count: number, make: BatchMaker, { name }: RunOptions = {}): AsyncGenerator<Tensor2D> {
    const known = name === undefined ? undefined : this.#known.get(name);
    if (known) {
      yield tf.tensor2d(known.data, [count, known.classes]);
      return;
    }
    const seen: Float32Array[] = [];
    let remembered = 0;
    for await (const scores of this.#runBatches(count, make)) {
      const classes = scores.shape[1];
      remembered += scores.size;
      if (name !== undefined && remembered <= mostRemembered) seen.push(await scores.data() as Float32Array);
      yield scores;
      const isAll = remembered === count * classes && remembered <= mostRemembered;
      if (name !== undefined && isAll) this.#known.set(name, { data: join(seen, remembered), classes });
    }
  }

  async *#runBatches(count: number, make: BatchMaker): AsyncGenerator<Tensor2D> {
    const { activation, carried } = await this.head();
    const several = Math.min(Math.max(Math.floor(batchNumbers / activation.size), 1), largestBatch);
    for (let from = 0; from < count;) {
      const to = Math.min(from + (this.#takesSeveral === false ? 1 : several), count);
      const batch = asTaken(await make(from, to), activation);
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
    await this.#noted?.then((noted) => tf.dispose(noted), () => {});
    this.#kept.dispose();
    await this.#head?.then(({ activation, carried }) => tf.dispose([activation, ...carried]), () => {});
  }

  async #note(): Promise<tf.Tensor[]> {
    const noted: tf.Tensor[] = [];
    try {
      const { activation } = await this.head();
      const pass = await this.passFrom(activation, { rule: noteRectifiers(noted) });
      pass.dispose();
      this.#work.count(1);
      return noted;
    } catch (error) {
      tf.dispose(noted);
      throw error;
    }
  }

  readonly #pause = () => this.#work.pause();

  async *#runBatch(batch: Tensor4D, carried: HeadResult["carried"]): AsyncGenerator<Tensor2D> {
    const [pictures] = batch.shape;
    const run = (some: Tensor4D) => this.split.rerun(some, carried, this.#pause);
    if (pictures > 1 && this.#takesSeveral !== false) {
      const together = this.#takesSeveral ? await run(batch) : await this.#trySeveral(batch, run);
      this.#takesSeveral = together !== undefined;
      if (together) {
        yield together;
        this.#work.count(pictures);
        return;
      }
    }
    for (let at = 0; at < pictures; at++) {
      const one = tf.slice(batch as tf.Tensor4D, [at, 0, 0, 0], [1, -1, -1, -1]);
      try {
        yield await run(one);
      } finally {
        one.dispose();
      }
      this.#work.count(1);
    }
  }

  /** The scores of a batch of several, where they can be run at once: tried, and held to the first of them alone. */
  async #trySeveral(
    batch: Tensor4D,
    run: (some: Tensor4D) => Promise<Tensor2D>,
  ): Promise<Tensor2D | undefined> {
    const one = tf.slice(batch as tf.Tensor4D, [0, 0, 0, 0], [1, -1, -1, -1]);
    const made: tf.Tensor[] = [one];
    try {
      const alone = await run(one);
      made.push(alone);
      const together = await run(batch).catch(() => undefined);
      if (together) made.push(together);
      await this.#pause(); // it may have been the signal that ended the run
      if (!together || !await agree(together, alone)) return undefined;
      made.pop(); // it becomes the caller's
      return together;
    } finally {
      tf.dispose(made);
    }
  }
}
