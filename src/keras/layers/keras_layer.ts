import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../split/mod.ts";

/** A layer's configuration, in Keras's own spelling. */
export type Settings = Readonly<Record<string, unknown>>;

/** A weight that a layer has. */
export interface LayerWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A layer that TensorFlow.js lacks or computes otherwise than Keras, in inference mode. */
export interface KerasLayer {
  /** The class's name in Keras. */
  readonly className: string;
  /** Its weights in Keras's order; none if left out. */
  weights?(settings: Settings, input: Shape): readonly LayerWeight[];
  /** The shape of its output; if left out, that of what `call` makes of zeros. */
  shape?(input: Shape, settings: Settings): Shape;
  /**
   * Compute it. What it makes on the way is disposed by the caller.
   *
   * @param inputs Most layers take one.
   * @param weights In the order of `weights`.
   */
  call(inputs: readonly tf.Tensor[], settings: Settings, weights: readonly tf.Tensor[]): tf.Tensor;
}

/** Under which name a class is registered with TensorFlow.js, so that its own of that name stays. */
export function registeredName(className: string): string {
  return `Keras>${className}`;
}

/** The shapes of one or several inputs, as TensorFlow.js passes them. */
function asShapes(input: tf.Shape | tf.Shape[]): tf.Shape[] {
  return Array.isArray(input[0]) ? input as tf.Shape[] : [input as tf.Shape];
}

/** The shape of an output: computed with each unknown size as 2 and as 3; what differs is unknown. */
function inferShape(shapes: readonly tf.Shape[], call: (inputs: tf.Tensor[]) => tf.Tensor): tf.Shape {
  const [twos, threes] = [2, 3].map((unknown) =>
    tf.tidy(() => call(shapes.map((shape) => tf.zeros(shape.map((size) => size ?? unknown)))).shape)
  );
  return twos!.map((size, axis) => size === threes![axis] ? size : null);
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
      for (const { name, shape } of layer.weights?.(this.settings, asShapes(input)[0]!) ?? []) {
        this.addWeight(name, [...shape], "float32", tf.initializers.zeros());
      }
      this.built = true;
    }

    override computeOutputShape(input: tf.Shape | tf.Shape[]): tf.Shape {
      const shapes = asShapes(input);
      if (layer.shape) return [...layer.shape(shapes[0]!, this.settings)];
      const weights = layer.weights?.(this.settings, shapes[0]!) ?? [];
      return inferShape(
        shapes,
        (inputs) => layer.call(inputs, this.settings, weights.map(({ shape }) => tf.zeros([...shape]))),
      );
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const list = Array.isArray(inputs) ? inputs : [inputs];
      return tf.tidy(() => layer.call(list, this.settings, this.weights.map((weight) => weight.read())));
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), settings: JSON.stringify(this.settings).replaceAll("_", "\\u005f") };
    }
  }
  tf.serialization.registerClass(Registered);
}
