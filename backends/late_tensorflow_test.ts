import { assertEquals } from "@std/assert";
import * as tf from "../src/base/tfjs.ts"; // and nothing that imports @tensorflow/tfjs
import { selectBackend } from "./mod.ts";
import { Tape } from "./tape.ts";

/** ∂ max(x) / ∂ x, which TensorFlow.js does not divide among equals. */
async function gradient(): Promise<number[]> {
  const x = tf.tensor([1, 3, 3]);
  const tape = new Tape();
  const y = tape.record(() => x.max());
  const weights = tf.onesLike(y);
  const result = await tape.gradient(y, x, { weights, pause: () => Promise.resolve() });
  tape.dispose([]);
  const values = [...await result.data()];
  tf.dispose([x, weights, result]);
  return values;
}

Deno.test("Tape goes back over what TensorFlow.js cannot, also when a program imports all of that later", async () => {
  await selectBackend({ backend: "cpu" });
  const before = await gradient();
  await import("@tensorflow/tfjs");
  assertEquals([before, await gradient()], [[0, 0.5, 0.5], [0, 0.5, 0.5]]);
});
