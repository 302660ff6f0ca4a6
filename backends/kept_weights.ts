import * as tf from "../src/base/tfjs.ts";
import type { Tensor } from "../src/base/tensors.ts";

/**
 * Something that is made of weights on a way back, such as a filter turned round. It may be kept for the next.
 *
 * @param name Tells what is made of one operation's weights apart.
 * @param make Makes it; what it makes besides is tidied.
 * @returns What was made; whoever asked does not dispose it.
 */
export type Keep = <Made extends Tensor>(name: string, make: () => Made) => Made;

/** Nothing is kept: what is made is the enclosing tidy's. */
export const keepNothing: Keep = (_name, make) => make();

/** How many numbers are kept at most: 64 MB. */
const mostNumbers = 2 ** 24;

/** What is made of weights on ways back, kept for as long as several are gone. */
export class KeptWeights {
  readonly #kept = new Map<object, Map<string, Tensor>>();
  #numbers = 0;

  /**
   * What keeps for an operation.
   *
   * @param operation Whose weights things are made of. They must not change meanwhile.
   */
  of(operation: object): Keep {
    const kept = this.#kept.get(operation) ?? new Map<string, Tensor>();
    this.#kept.set(operation, kept);
    return <Made extends Tensor>(name: string, make: () => Made): Made => {
      const known = kept.get(name) as Made | undefined;
      if (known) return known;
      const made = tf.tidy(make);
      this.#numbers += made.size;
      if (this.#numbers <= mostNumbers) kept.set(name, tf.keep(made));
      return made;
    };
  }

  /** Free all of it. */
  dispose(): void {
    for (const kept of this.#kept.values()) tf.dispose([...kept.values()]);
    this.#kept.clear();
  }
}
