import * as tf from "../base/tfjs.ts";

/** What is read of layers whose fields TensorFlow.js declares private to them. */
interface LayerFields {
  readonly dataFormat?: string;
  readonly interpolation?: string;
  readonly size?: readonly [number, number];
}

/**
 * Layers that TensorFlow.js computes in some settings otherwise than Keras, without a word: it enlarges bilinearly
 * from corners instead of centres. `undefined` in other settings.
 */
const corrections: Readonly<Record<string, (x: tf.Tensor, layer: LayerFields) => tf.Tensor | undefined>> = {
  UpSampling2D(x, layer) {
    if (layer.interpolation !== "bilinear" || layer.dataFormat === "channelsFirst") return undefined;
    const [, height, width] = x.shape as [number, number, number, number];
    const size: [number, number] = [height * layer.size![0], width * layer.size![1]];
    return tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true);
  },
};

/** The results as new tensors, also where a layer hands its input through. */
function owned(result: tf.Tensor | tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.map((output) => inputs.includes(output) ? output.clone() : output);
}

/** Call a layer in inference mode, as TensorFlow.js does it where that is what Keras does. */
export function runLayer(layer: tf.layers.Layer, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const correct = corrections[layer.getClassName()];
  const corrected = correct && tf.tidy(() => correct(inputs[0]!, layer as LayerFields));
  if (corrected) return [corrected];
  return tf.tidy(() =>
    owned(layer.call(inputs.length === 1 ? inputs[0]! : [...inputs], { training: false }), inputs)
  );
}
