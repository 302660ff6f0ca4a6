import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { leavingNoTensors, testedBackends, tryBackend } from "../src/testing/mod.ts";
import { selectBackend } from "./mod.ts";
import { fillTensor, isReserved, reserveTensor } from "./weights.ts";

for (const backend of testedBackends) {
  const reason = await tryBackend(backend);
  Deno.test({
    name: `reserveTensor() makes room that fillTensor() fills on ${backend}${reason ? `: ${reason}` : ""}`,
    ignore: reason !== undefined,
    async fn(t) {
      await selectBackend({ backend });
      for (const shape of [[], [0, 3], [5], [2, 3], [3, 3, 64, 128]]) {
        await t.step(`[${shape.join(", ")}]`, () =>
          leavingNoTensors(async () => {
            const tensor = reserveTensor(shape);
            const variable = tf.variable(tensor);
            tensor.dispose();
            // What makes WebAssembly's memory grow, and with it the views on it change.
            const large = tf.ones([4096, 1024]);
            assertEquals([variable.shape, variable.dtype, isReserved(variable)], [shape, "float32", true]);
            fillTensor(variable, (values) => values.forEach((_, index) => values[index] = index - 0.5));
            assertEquals(isReserved(variable), false);
            const doubled = variable.mul(2);
            const expected = Float32Array.from({ length: variable.size }, (_, index) => 2 * index - 1);
            assertEquals(await doubled.data(), expected);
            tf.dispose([variable, doubled, large]);
          }));
      }
      await t.step("an error while it is written", () =>
        leavingNoTensors(() => {
          const tensor = reserveTensor([3]);
          const write = () => {
            throw new TypeError("damaged");
          };
          assertThrows(() => fillTensor(tensor, write), TypeError, "damaged");
          tensor.dispose();
        }));
    },
  });
}

Deno.test("reserveTensor() says when WebAssembly has no memory left", async () => {
  await selectBackend({ backend: "wasm", threads: 2 });
  await leavingNoTensors(() => {
    const held: tf.Tensor[] = [];
    const fill = () => {
      for (let count = 0; count < 5; count++) held.push(reserveTensor([256, 1024, 1024])); // a gibibyte each
    };
    assertThrows(fill, RangeError, "WebAssembly has no memory left for 1073741824 bytes");
    tf.dispose(held);
  });
});
