import * as tf from "../base/tfjs.ts";
import type { OtherInputs } from "../explain/other_inputs.ts";

/** The values of other inputs as they can be sent. */
export async function sendInputs(inputs: OtherInputs): Promise<OtherInputs> {
  const entries = Object.entries(inputs).map(async ([name, value]) =>
    [name, value instanceof tf.Tensor ? await value.data() : value] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}
