import * as tf from "../src/base/tfjs.ts";
import { ComputeError } from "../src/base/errors.ts";
import type { Tensor } from "../src/base/tensors.ts";
import { registerGradients } from "./kernels/mod.ts";
import { compute } from "./cannot_compute.ts";

/** An operation that TensorFlow.js has recorded. */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  /** What its gradient takes. */
  readonly saved?: readonly Tensor[];
  /** From the gradients of its outputs to those of its inputs. */
  gradient?(outputs: readonly (Tensor | null)[]): Readonly<Record<string, () => Tensor>>;
}

/** As much of TensorFlow.js's engine as this takes. */
interface RecordingEngine {
  readonly state: {
    activeTape: TapeNode[] | null;
    /** How many tapes are being recorded. */
    readonly gradientDepth: number;
    readonly activeScope: { readonly track: readonly (Tensor & { readonly kept: boolean })[] };
  };
  startTape(): void;
  endTape(): void;
  startScope(name: string): void;
  endScope(result: readonly Tensor[]): void;
}

/** An operation on the way, and those of its inputs that lie on it. */
interface WayNode {
  readonly node: TapeNode;
  readonly inputs: readonly (readonly [name: string, input: Tensor])[];
}

/** How a tape is gone back over. */
export interface WayBack {
  /** How much each number of what was computed counts, in its shape; it stays the caller's. */
  readonly weights: Tensor;
  /** Awaited after each operation; what it throws ends the way back. */
  pause(): Promise<void>;
  /** What else on the way is shown its gradient, which stays the tape's. */
  readonly also?: readonly { readonly tensor: Tensor; see(gradient: Tensor): void }[] | undefined;
}

/** What was computed under a tape, and how much each number of it counts, in its shape. */
export interface TapeEnd {
  readonly y: Tensor;
  /** It stays the caller's. */
  readonly weights: Tensor;
}

/** What is said where nothing leads from what is asked for to the score. */
export const noWay = "Cannot compute the gradient: no operation leads to the score";

/**
 * A tape that is recorded piece by piece, and gone back over likewise: in between others can have a turn, and compute without
 * being recorded. TensorFlow.js's own is recorded and gone back over in one go.
 */
export class Tape {
  readonly #nodes: TapeNode[] = [];
  readonly #made: (Tensor & { readonly kept: boolean })[] = [];

  /** A tape that is empty. */
  constructor() {
    registerGradients();
  }

  /** Do something under the tape. What is made stays until the tape is disposed. */
  record<Result>(work: () => Result): Result {
    const engine = tf.engine() as unknown as RecordingEngine;
    engine.startScope("tape");
    engine.startTape();
    try {
      return work();
    } finally {
      engine.endTape();
      this.#nodes.push(...engine.state.activeTape ?? []);
      engine.state.activeTape = null; // as TensorFlow.js leaves it after a way back
      const made = [...engine.state.activeScope.track];
      this.#made.push(...made);
      engine.endScope(made);
    }
  }

  /**
   * Go back over the tape, as often as there are weights.
   *
   * @param y What was computed under it.
   * @param x What it was computed from.
   * @returns ∂(Σ weights · y) / ∂x, which becomes the caller's.
   * @throws {ComputeError} If no operation leads from the one to the other, or one has no gradient.
   */
  async gradient(y: Tensor, x: Tensor, { weights, ...how }: WayBack): Promise<Tensor> {
    const [gradient] = await this.gradients([{ y, weights }], [x], how);
    if (gradient) return gradient;
    throw new ComputeError(noWay);
  }

  /**
   * Likewise from several at once to several at once.
   *
   * @param ends What was computed, and how much each number of it counts.
   * @param starts What it was computed from, each once.
   * @returns For each start its gradient, `undefined` where no operation leads from it to an end; they become the caller's.
   */
  async gradients(
    ends: readonly TapeEnd[],
    starts: readonly Tensor[],
    { pause, also = [] }: Omit<WayBack, "weights">,
  ): Promise<(Tensor | undefined)[]> {
    const way = this.#between(starts, ends.map(({ y }) => y));
    const gradients = new Map<number, Tensor>();
    for (const { y, weights } of ends) addTo(gradients, y.id, weights.clone());
    const shown = new Map(also.map(({ tensor, see }) => [tensor.id, see]));
    try {
      for (const { node, inputs } of way.reverse()) {
        goBack(node, inputs, gradients);
        for (const { id } of node.outputs) {
          const gradient = gradients.get(id);
          if (gradient) shown.get(id)?.(gradient);
          if (starts.some((start) => start.id === id)) continue;
          gradient?.dispose();
          gradients.delete(id);
        }
        await pause();
      }
      const found = starts.map(({ id }) => gradients.get(id));
      for (const { id } of starts) gradients.delete(id);
      return found;
    } finally {
      tf.dispose([...gradients.values()]);
    }
  }

  /**
   * Free what was made under the tape, and what its operations have saved.
   *
   * @param kept What becomes the caller's.
   */
  dispose(kept: readonly Tensor[] = []): void {
    for (const tensor of this.#made) if (!tensor.kept && !kept.includes(tensor)) tensor.dispose();
    for (const { saved } of this.#nodes) tf.dispose([...saved ?? []]);
  }

  /** The operations on the way from some tensors to others, in their order. */
  #between(starts: readonly Tensor[], ends: readonly Tensor[]): WayNode[] {
    const ofX = new Set(starts.map(({ id }) => id));
    for (const { inputs, outputs } of this.#nodes) {
      if (Object.values(inputs).some(({ id }) => ofX.has(id))) { for (const { id } of outputs) ofX.add(id); }
    }
    const toY = new Set(ends.map(({ id }) => id));
    const way: WayNode[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some(({ id }) => toY.has(id) && ofX.has(id))) continue;
      const inputs = Object.entries(node.inputs).filter(([_, { id }]) => ofX.has(id));
      for (const [_, { id }] of inputs) toY.add(id);
      if (inputs.length > 0) way.unshift({ node, inputs });
    }
    return way;
  }
}

/** Add to the gradient of a tensor; what is added is taken over. */
function addTo(gradients: Map<number, Tensor>, id: number, gradient: Tensor): void {
  const before = gradients.get(id);
  gradients.set(id, before ? tf.add(before, gradient) : gradient);
  if (before) tf.dispose([before, gradient]);
}

/** Go back over one operation: add to the gradients of its inputs what comes through it. */
function goBack(
  { kernelName, outputs, gradient }: TapeNode,
  inputs: WayNode["inputs"],
  gradients: Map<number, Tensor>,
): void {
  if (!gradient) throw new ComputeError(`Cannot compute the gradient: ${kernelName} has none`);
  const given = outputs.map(({ id }) => gradients.get(id) ?? null);
  const run = () =>
    tf.tidy(() => {
      const ways = gradient(given);
      // Some hand on what they are given, or the same to several inputs.
      const known = new Set<Tensor | null>(given);
      return inputs.map(([name]) => {
        const one = ways[name]!();
        const own = known.has(one) ? one.clone() : one;
        known.add(own);
        return own;
      });
    });
  const name = /^\w+$/.test(kernelName) ? `the gradient of ${kernelName}` : "a gradient"; // a function's own has none
  const found = compute({ name, run });
  inputs.forEach(([_, { id }], at) => addTo(gradients, id, found[at]!));
}

/**
 * The gradient of a number, as TensorFlow.js has it; where that cannot be computed, what its operations have saved is freed,
 * which TensorFlow.js leaves.
 *
 * @param compute Computes the number.
 * @param x What it is computed from.
 * @returns ∂ number / ∂ x, which becomes the caller's.
 * @throws What `compute` throws.
 */
export function gradientOf(compute: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const { state } = tf.engine() as unknown as RecordingEngine;
  try {
    return tf.tidy(() => tf.grad(compute)(x));
  } catch (error) {
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape ?? []) tf.dispose([...saved ?? []]);
      state.activeTape = null;
    }
    throw error;
  }
}
