import type * as tf from "@tensorflow/tfjs";

/** The activation that turns logits into scores at the end of a classifier. */
export type FinalActivation = "softmax" | "sigmoid";

/**
 * A model's output as class scores: `[1, n]` stays, spatial outputs `[1, h, w, n]` are averaged over their
 * pixels (one pixel: squeezed), `[n]` gains its batch.
 *
 * @param output The model's output for one picture.
 * @returns `[1, n]`; owned by the caller's tidy.
 */
export function toScores(output: tf.Tensor): tf.Tensor2D {
  switch (output.rank) {
    case 2:
      return output.clone() as tf.Tensor2D;
    case 3:
      return output.mean<tf.Tensor2D>([1]);
    case 4: {
      const [, height, width, classes] = output.shape as [number, number, number, number];
      return height * width === 1 ? output.reshape([1, classes]) : output.mean<tf.Tensor2D>([1, 2]);
    }
    default:
      return output.reshape([1, -1]);
  }
}

/** Apply a final activation to logits, `[1, n]`. */
export function activate(logits: tf.Tensor2D, activation: FinalActivation | undefined): tf.Tensor2D {
  if (activation === "softmax") return logits.softmax();
  return activation === "sigmoid" ? logits.sigmoid() : logits.clone();
}
