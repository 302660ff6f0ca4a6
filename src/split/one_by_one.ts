import * as tf from "../base/tfjs.ts";
import type { SplitModel } from "./model.ts";

/** A cut model that computes several activations one after another, since it cannot at once. */
export function oneByOne(split: SplitModel): SplitModel {
  return {
    ...split,
    async rerun(activations, carried, pause) {
      const scores: tf.Tensor2D[] = [];
      try {
        for (let at = 0; at < activations.shape[0]; at++) {
          const one = tf.slice(activations, at, 1);
          try {
            scores.push(await split.rerun(one, carried, pause));
          } finally {
            one.dispose();
          }
        }
        return scores.length === 1 ? scores[0]!.clone() : tf.concat2d(scores, 0);
      } finally {
        tf.dispose(scores);
      }
    },
  };
}
