import * as tf from "../base/tfjs.ts";
import { ComputeError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { Tensor, Tensor2D, Tensor4D } from "../base/tensors.ts";
import type { BatchMaker, GradientOptions, Place, RunOptions, ValueGradient } from "../methods/probe.ts";
import type { Target } from "../targets/target.ts";
import { weightsOf } from "../targets/weights.ts";
import type { Operation } from "../operations/operation.ts";
import type { Pass, PassOptions } from "./pass.ts";
import type { Site } from "./site.ts";

/** A site as methods see it, for one target. */
export class TargetPlace implements Place {
  readonly #site: Site;
  readonly #target: Target;
  readonly #count: (done: number) => void;
  #gradient: Promise<Tensor4D> | undefined;

  /**
   * @param site Where it is.
   * @param target What is explained.
   * @param count Told how many gradients have been taken.
   */
  constructor(site: Site, target: Target, count: (done: number) => void) {
    this.#site = site;
    this.#target = target;
    this.#count = count;
  }

  get path(): string {
    return this.#site.split.layer;
  }

  async activation(): Promise<Tensor4D> {
    return (await this.#site.head()).activation;
  }

  gradient(): Promise<Tensor4D> {
    return this.#gradient ??= this.#site.pass().then((pass) => this.#goBack(pass));
  }

  /** The gradient, if it was asked for. */
  get knownGradient(): Promise<Tensor4D> | undefined {
    return this.#gradient;
  }

  async gradientAt(activation: Tensor4D, options: GradientOptions = {}): Promise<ValueGradient> {
    const { rule = "gradient" } = options;
    if (rule === "gradient") return await this.#goBackFrom(activation, {});
    if (rule === "same") {
      return await this.#goBackFrom(activation, { rule: await this.#site.sameRectifiers() });
    }
    const rectifiers = { exchanged: 0, kept: 0 };
    const observe = ({ rectifier }: Operation) => {
      if (rectifier) rectifiers[rectifier]++;
    };
    return { ...await this.#goBackFrom(activation, { rule, observe }), rectifiers };
  }

  async #goBackFrom(activation: Tensor4D, options: PassOptions): Promise<ValueGradient> {
    const pass = await this.#site.passFrom(activation, options);
    try {
      const [value] = await this.#valuesOf(pass.scores);
      return { value: value!, gradient: await this.#goBack(pass) };
    } finally {
      pass.dispose();
    }
  }

  async biasGradients(see: (part: tf.Tensor) => void): Promise<ValueGradient> {
    const { activation } = await this.#site.head();
    const biased: { operation: Operation; value: tf.Tensor }[] = [];
    const also = () =>
      biased.map(({ operation, value }) => ({
        tensor: value,
        see(gradient: tf.Tensor) {
          const part = tf.tidy(() => gradient.mul(operation.shift!()!));
          see(part);
          part.dispose();
        },
      }));
    const observe = (operation: Operation, [value]: readonly tf.Tensor[]) => {
      if (tf.tidy(() => operation.shift?.() !== undefined)) biased.push({ operation, value: value! });
    };
    return await this.#goBackFrom(activation, { observe, also });
  }

  /**
   * Values on the way to the target, and ∂ target / ∂ each of them; they become the caller's.
   *
   * @param ids Which of them.
   */
  async seen(ids: readonly string[]): Promise<{ value: Tensor; gradient: Tensor }[]> {
    const { activation } = await this.#site.head();
    const found = new Map<string, tf.Tensor>();
    const kept = new Map<string, { value: tf.Tensor; gradient: tf.Tensor }>();
    const observe = ({ outputs }: Operation, values: readonly tf.Tensor[]) =>
      outputs.forEach((id, at) => ids.includes(id) && found.set(id, values[at]!));
    const also = () =>
      [...found].map(([id, tensor]) => ({
        tensor,
        see: (gradient: tf.Tensor) =>
          void kept.set(id, { value: tensor.clone(), gradient: gradient.clone() }),
      }));
    try {
      const { gradient } = await this.#goBackFrom(activation, { observe, also });
      gradient.dispose();
      return ids.map((id) => {
        const one = kept.get(id);
        if (!one) {
          throw new ComputeError(
            `Cannot compute the gradient of ${quote(id)}: the score does not depend on it`,
          );
        }
        return one;
      });
    } catch (error) {
      tf.dispose([...kept.values()].flatMap(({ value, gradient }) => [value, gradient]));
      throw error;
    }
  }

  async values(count: number, make: BatchMaker, options?: RunOptions): Promise<Float32Array> {
    const values = new Float32Array(count);
    let at = 0;
    for await (const scores of this.#site.run(count, make, options)) {
      try {
        values.set(await this.#valuesOf(scores), at);
        at += scores.shape[0];
      } finally {
        scores.dispose();
      }
    }
    return values;
  }

  async scores(count: number, make: BatchMaker, options?: RunOptions): Promise<Float32Array> {
    const rows: Float32Array[] = [];
    for await (const scores of this.#site.run(count, make, options)) {
      rows.push(await scores.data() as Float32Array);
      scores.dispose();
    }
    const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
    rows.reduce((at, row) => (all.set(row, at), at + row.length), 0);
    return all;
  }

  /** Free what was made for this target. */
  async dispose(): Promise<void> {
    await this.#gradient?.then((gradient) => gradient.dispose(), () => {});
  }

  async #goBack(pass: Pass): Promise<Tensor4D> {
    const weights = weightsOf(this.#target, pass.scores);
    try {
      const gradient = await pass.gradient(weights);
      this.#count(1);
      return gradient;
    } finally {
      weights.dispose();
    }
  }

  async #valuesOf(scores: Tensor2D): Promise<Float32Array> {
    const values = tf.tidy(() => this.#target.value(scores));
    try {
      return await values.data() as Float32Array;
    } finally {
      values.dispose();
    }
  }
}
