import type * as tf from "../base/tfjs.ts";
import { normalized, normalizedGradient, type RowNormalization } from "../../backends/one_pass.ts";
import type { Operation, Retrace } from "./operation.ts";
import type { Weight } from "./weight.ts";

/** How values are normalised. */
export interface NormalizationSettings {
  /** The axes over which mean and variance are taken. */
  readonly axes: readonly number[];
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether the mean is taken away; else the root mean square takes the place of the deviation. */
  readonly isCentred: boolean;
  /** What the normalised value is multiplied by, of as many axes. */
  readonly scale?: Weight | undefined;
  /** What is added then. */
  readonly shift?: Weight | undefined;
}

/** A value with mean and variance of its own taken out: (x − μ) / √(σ² + ε) · γ + β, as in layer, instance and group norms. */
export class Normalization implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #settings: NormalizationSettings;

  constructor(input: string, output: string, settings: NormalizationSettings) {
    this.inputs = [input];
    this.outputs = [output];
    this.#settings = settings;
  }

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const [x] = inputs as [tf.Tensor];
    const rows = this.#rowsOf(x), shift = this.#settings.shift?.read();
    const known = rows && normalized(x, { ...rows, shift });
    return known ? [known] : this.runTaped(inputs);
  }

  runTaped([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const { scale, shift } = this.#settings;
    const { normal } = this.#normalize(x!);
    const scaled = scale ? normal.mul(scale.read()) : normal;
    return [shift ? scaled.add(shift.read()) : scaled];
  }

  /** A negative axis counts from the last; of others nothing is known before they are seen. */
  get isOfVectors(): boolean {
    return this.#settings.axes.every((axis) => axis === -1);
  }

  shift(): tf.Tensor | undefined {
    const shift = this.#settings.shift?.read();
    return shift?.size === shift?.shape.at(-1) ? shift?.flatten() : undefined;
  }

  /** Before training it multiplies by 1 and adds 0. */
  redraw(): Normalization | undefined {
    const { scale, shift } = this.#settings;
    if (!scale && !shift) return undefined;
    const [input] = this.inputs, [output] = this.outputs;
    return new Normalization(input, output, { ...this.#settings, scale: undefined, shift: undefined });
  }

  retrace([x]: readonly tf.Tensor[]): Retrace {
    const { axes, isCentred, scale } = this.#settings;
    return (gradient) => {
      const rows = this.#rowsOf(x!), known = rows && normalizedGradient(gradient, { ...rows, x: x! });
      if (known) return [known];
      const { normal, inverse } = this.#normalize(x!);
      const inner = scale ? gradient.mul(scale.read()) : gradient;
      const along = normal.mul(inner.mul(normal).mean([...axes], true));
      const centred = isCentred ? inner.sub(inner.mean([...axes], true)) : inner;
      return [centred.sub(along).mul(inverse)];
    };
  }

  /** How it is normalised where that is along its last axes; weights fit where they have as many numbers as those. */
  #rowsOf(x: tf.Tensor): RowNormalization | undefined {
    const { axes, epsilon, isCentred, scale } = this.#settings;
    const own = axes.map((axis) => axis < 0 ? axis + x.rank : axis);
    const areLast = own.length > 0 && own.every((axis) => axis >= x.rank - own.length);
    return areLast ? { axes: own.length, epsilon, isCentred, scale: scale?.read() } : undefined;
  }

  /** The value without mean and deviation, and the inverse of the latter. */
  #normalize(x: tf.Tensor): { normal: tf.Tensor; inverse: tf.Tensor } {
    const { axes, epsilon, isCentred } = this.#settings;
    const centred = isCentred ? x.sub(x.mean([...axes], true)) : x;
    const inverse = centred.square().mean([...axes], true).add(epsilon).rsqrt();
    return { normal: centred.mul(inverse), inverse };
  }
}
