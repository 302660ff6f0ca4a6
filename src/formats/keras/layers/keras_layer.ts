import * as tf from "../../../base/tfjs.ts";
import type { Shape } from "../../../split/model.ts";

/** A layer's configuration, in Keras's own spelling. */
export type Settings = Readonly<Record<string, unknown>>;

/** A weight that a layer has. */
export interface LayerWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Whether training changes it by gradients: Keras lists those that it does first.
   * @default {true}
   */
  readonly trainable?: boolean;
  /** @default {"float32"} */
  readonly dtype?: "float32" | "int32";
}

/** A layer that TensorFlow.js lacks or computes otherwise than Keras, in inference mode. */
export interface KerasLayer {
  /** The class's name in Keras. */
  readonly className: string;
  /**
   * Whether it differs from TensorFlow.js's in so little that nobody need be told.
   * @default {false}
   */
  readonly quiet?: boolean;
  /**
   * Its weights in Keras's order; none if left out.
   *
   * @param input The shape of its first input.
   * @param inputs Those of all.
   */
  weights?(settings: Settings, input: Shape, inputs: readonly Shape[]): readonly LayerWeight[];
  /** The shape of its output; if left out or `undefined`, that of what `call` makes of zeros. */
  shape?(input: Shape, settings: Settings): Shape | undefined;
  /**
   * Compute it. What it makes on the way is disposed by the caller.
   *
   * @param inputs Most layers take one.
   * @param weights In the order of `weights`.
   * @returns Most layers give one.
   */
  call(
    inputs: readonly tf.Tensor[],
    settings: Settings,
    weights: readonly tf.Tensor[],
  ): tf.Tensor | readonly tf.Tensor[];
}

/** Under which name a class is registered with TensorFlow.js, so that its own of that name stays. */
export function registeredName(className: string): string {
  return `Keras>${className}`;
}

/** The shapes of one or several inputs, as TensorFlow.js passes them. */
function asShapes(input: tf.Shape | tf.Shape[]): tf.Shape[] {
  return Array.isArray(input[0]) ? input as tf.Shape[] : [input as tf.Shape];
}

function asList(tensors: tf.Tensor | readonly tf.Tensor[]): readonly tf.Tensor[] {
  return tensors instanceof tf.Tensor ? [tensors] : tensors;
}

/** The shapes of outputs for inputs of zeros. */
type Compute = (inputs: tf.Tensor[]) => tf.Tensor | readonly tf.Tensor[];

/** Compute the shapes with some number of pictures, and some size in the place of unknown ones. */
function shapesFor(shapes: readonly tf.Shape[], call: Compute, batch: number, unknown: number): tf.Shape[] {
  return tf.tidy(() => {
    const inputs = shapes.map(([first, ...sizes]) =>
      tf.zeros([first ?? batch, ...sizes.map((size) => size ?? unknown)])
    );
    return asList(call(inputs)).map(({ shape }) => shape);
  });
}

/** The same for several pictures; what is made for one alone may not do for several. */
function shapesForSeveral(
  shapes: readonly tf.Shape[],
  call: Compute,
  unknown: number,
): tf.Shape[] | undefined {
  try {
    return shapesFor(shapes, call, 2, unknown);
  } catch {
    return undefined;
  }
}

/** The shapes of outputs: what differs with the number of pictures or with unknown sizes is unknown too. */
function inferShapes(shapes: readonly tf.Shape[], call: Compute): tf.Shape[] {
  const smaller = shapesFor(shapes, call, 1, 32);
  const isKnown = shapes.every(([_batch, ...sizes]) => sizes.every((size) => size !== null));
  const larger = isKnown ? smaller : shapesFor(shapes, call, 1, 48);
  const several = shapesForSeveral(shapes, call, 32);
  return smaller.map((shape, output) =>
    shape.map((size, axis) => {
      const isSame = several ? size === several[output]![axis] : axis > 0;
      return isSame && size === larger[output]![axis] ? size : null;
    })
  );
}

/**
 * Register a layer with TensorFlow.js. Its configuration holds Keras's own as text, `settings`, since TensorFlow.js
 * would respell its keys.
 */
export function registerLayer(layer: KerasLayer): void {
  class Registered extends tf.layers.Layer {
    static className = registeredName(layer.className);
    readonly settings: Settings;

    constructor(config: { settings: string; name?: string }) {
      super(config);
      this.settings = JSON.parse(config.settings);
    }

    override build(input: tf.Shape | tf.Shape[]): void {
      const shapes = asShapes(input);
      const weights = layer.weights?.(this.settings, shapes[0]!, shapes) ?? [];
      for (const { name, shape, dtype = "float32", trainable = true } of weights) {
        this.addWeight(name, [...shape], dtype, tf.initializers.zeros(), undefined, trainable);
      }
      this.built = true;
    }

    override computeOutputShape(input: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
      const shapes = asShapes(input);
      const shape = layer.shape?.(shapes[0]!, this.settings);
      if (shape) return [...shape];
      const weights = layer.weights?.(this.settings, shapes[0]!, shapes) ?? [];
      const inferred = inferShapes(
        shapes,
        (inputs) => layer.call(inputs, this.settings, weights.map(({ shape }) => tf.zeros([...shape]))),
      );
      return inferred.length === 1 ? inferred[0]! : inferred;
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
      const list = Array.isArray(inputs) ? inputs : [inputs];
      return tf.tidy(() => {
        const result = layer.call(list, this.settings, this.weights.map((weight) => weight.read()));
        return result instanceof tf.Tensor ? result : [...result];
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), settings: JSON.stringify(this.settings).replaceAll("_", "\\u005f") };
    }
  }
  tf.serialization.registerClass(Registered);
}
