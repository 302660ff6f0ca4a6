import * as tf from "../src/base/tfjs.ts";

/**
 * Free what TensorFlow.js kept for a way back that never came: when something throws under the tape, it forgets
 * the tensors that its operations saved.
 */
export function discardTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return; // somebody else is still recording
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = null as unknown as typeof state.activeTape; // as TensorFlow.js leaves it after a way back
}
