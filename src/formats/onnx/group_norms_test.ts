import { assertAlmostEquals, assertEquals } from "@std/assert";
import { ensureBackend } from "../../../backends/mod.ts";
import * as tf from "../../base/tfjs.ts";
import { Transpose } from "../../operations/transpose.ts";
import { bytesSource } from "../../platform/byte_source.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { loadModel } from "../mod.ts";
import { Constants } from "./constants.ts";
import { ExternalData } from "./external_data.ts";
import { inlineFunctions } from "./inline.ts";
import { readModel } from "./model_proto.ts";
import { WindowedBytes } from "./protobuf.ts";
import { attribute, ends, graph, ints, model, node, small, weight } from "./testing.ts";
import { translateModel } from "./translate_model.ts";
import { Weights } from "./weights.ts";

/** A convolution of [1, 4, 6, 4], given a shape, normalised there, and given its own again. */
function network(apart: readonly number[], { between = "" }: { between?: string } = {}) {
  const [, count = 1] = apart;
  return model(graph(
    node("Conv x w -> a", [attribute("pads", [1, 1, 1, 1])]),
    node("Reshape a apart -> r"),
    ...between === "" ? [] : [node(`${between} r -> q`)],
    node(`InstanceNormalization ${between === "" ? "r" : "q"} scale shift -> i`),
    node("Shape a -> s"),
    node("Reshape i s -> n"),
    node("Conv n v -> b", [attribute("pads", [1, 1, 1, 1])]),
    ...small.slice(2),
    weight("v", [4, 4, 3, 3], Array.from({ length: 144 }, (_, at) => Math.cos(at))),
    ints("apart", apart),
    weight("scale", [count], Array.from({ length: count }, (_, at) => 1 + at / 4)),
    weight("shift", [count], Array.from({ length: count }, (_, at) => at / 3)),
    ...ends,
  ));
}

function countTransposed(bytes: Uint8Array): number {
  const file = readModel(new WindowedBytes(bytesSource(bytes)));
  const weights = new Weights();
  const constants = new Constants(new ExternalData());
  try {
    const { operations } = translateModel({ graph: file.graph, nodes: inlineFunctions(file), constants }, {
      weights,
    });
    return operations.filter((operation) => operation instanceof Transpose).length;
  } finally {
    tf.dispose(weights.tensors);
  }
}

async function scoresOf(bytes: Uint8Array): Promise<Float32Array> {
  using opened = await loadModel(bytes);
  const x = tf.tidy(() => tf.range(0, 72).sin().reshape([1, 6, 4, 3])) as tf.Tensor4D;
  const scores = opened.predict(x);
  const numbers = await scores.data<"float32">();
  tf.dispose([x, scores]);
  return numbers;
}

Deno.test("a group norm that is written as one of instances between two shapes is one operation", async (t) => {
  await ensureBackend({ backend: "cpu" });
  const cases = {
    "two groups": [[1, 2, 48], 0],
    "a group": [[0, 1, -1], 0],
    "no groups of channels": [[1, 8, 12], 2],
  } as const;
  for (const [name, [apart, transposed]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await leavingNoTensors(async () => {
        assertEquals(countTransposed(network(apart)), transposed);
        const [joined, apartOnes] = [
          await scoresOf(network(apart)),
          await scoresOf(network(apart, { between: "Identity" })),
        ];
        joined.forEach((score, at) => assertAlmostEquals(score, apartOnes[at]!, 1e-4)); // of three, since another stands between
      });
    });
  }
});
