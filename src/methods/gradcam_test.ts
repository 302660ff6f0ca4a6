import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { gradcamMethod } from "./gradcam.ts";
import { givenPlace, givenProbe, rawMapOf } from "./testing.ts";

Deno.test("gradcamMethod weights channels by their mean gradient", async () => {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    // Two channels of a layer 1 high and 2 wide: α₀ = (1 + 3) / 2 = 2, α₁ = (−1 + 0) / 2 = −0.5.
    const activation = tf.tensor4d([[[[1, 10], [4, 20]]]]); // [1, 1, 2, 2]
    const gradient = tf.tensor4d([[[[1, -1], [3, 0]]]]); // [1, 1, 2, 2]
    const map = await rawMapOf(gradcamMethod, givenProbe({ layer: givenPlace({ activation, gradient }) }));
    assertEquals(map, { shape: [1, 2], data: [2 * 1 - 0.5 * 10, 2 * 4 - 0.5 * 20] });
    tf.dispose([activation, gradient]);
  });
});
