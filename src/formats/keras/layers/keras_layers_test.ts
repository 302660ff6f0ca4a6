/** Every layer and recorded operation against Keras's own outputs and gradients, on every backend. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertLessOrEqual } from "@std/assert";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  testedBackends,
  tryBackend,
} from "../../../testing/mod.ts";
import { buildKerasModel } from "../build.ts";
import type { KerasArray, KerasWeights } from "../keras_file.ts";
import { everyNth } from "../../../testing/whole_matrix.ts";

/** What Keras computed, by tools/make_keras_layers.py. */
interface Row {
  readonly name: string;
  readonly model: unknown;
  /** The names and shapes of each layer's weights. */
  readonly weights: Readonly<Record<string, readonly (readonly [string, readonly number[]])[]>>;
  readonly output: readonly number[];
  readonly gradient: readonly number[];
}

interface Table {
  readonly keras: string;
  readonly rows: readonly Row[];
}

/** The shape of every row's input. */
const shape: [number, number, number, number] = [1, 5, 4, 4];

/** Numbers between −1 and 1 that look random; the script has the same formula. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(seed + 12.9898 * index));
}

/** The n-th weight of a layer, by the script's formula. */
function weight([name, shape]: readonly [string, readonly number[]], index: number): KerasArray {
  const noise = numbers(shape.reduce((product, size) => product * size, 1), index + 1);
  const values = name.includes("variance") ? noise.map((value) => Math.abs(value) + 0.5) : noise;
  return { name, shape, readInto: (target) => target.set(values) };
}

function weightsOf({ weights }: Row): KerasWeights {
  return { assign: (layers) => layers.map(({ path }) => () => weights[path.at(-1)!]?.map(weight)) };
}

/** The output for the input, and the gradient of its products with a pattern. */
async function compute(
  row: Row,
  kerasVersion: string,
): Promise<{ output: Float32Array; gradient: Float32Array }> {
  const model = await buildKerasModel({
    name: row.name,
    format: "keras-h5",
    kerasVersion,
    config: row.model,
    maxParameters: 1e6,
    weights: weightsOf(row),
  }, {});
  const x = tf.tensor4d(numbers(80, 0.5), shape);
  const pattern = tf.tensor2d(numbers(row.output.length, 2), [1, row.output.length]);
  const split = model.split("image");
  const { activation, carried } = split.head(x);
  try {
    const output = model.predict(x);
    const gradient = tf.grad((a: tf.Tensor) => split.tail(a as tf.Tensor4D, carried).mul(pattern).sum())(
      activation,
    );
    const results = { output: await output.data(), gradient: await gradient.data() };
    tf.dispose([output, gradient]);
    return results as { output: Float32Array; gradient: Float32Array };
  } finally {
    tf.dispose([x, pattern, activation, carried]);
    model.dispose();
  }
}

function assertAgrees(
  given: Float32Array,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  assertLessOrEqual(
    largestDifference(given, expected),
    tolerance * Math.max(1, largestMagnitude(expected)),
    what,
  );
}

const tables: Table[] = await Promise.all(
  ["keras2.json", "keras3.json"].map(async (name) =>
    JSON.parse(await Deno.readTextFile(new URL(`keras_layers/${name}`, testdata)))
  ),
);

/** How many rows there are to each that a software GPU computes, which takes long. */
const rowsPerGpuRow = 8;

function rowsFor(backend: string, { rows }: Table): readonly Row[] {
  return backend === "webgpu" ? everyNth(rows, rowsPerGpuRow) : rows;
}

for (const backend of testedBackends) {
  Deno.test(`layers compute what Keras computes on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    const tolerance = backend === "cpu" ? 1e-5 : 1e-4;
    for (const table of tables) {
      const { keras } = table;
      assert(table.rows.length > 90);
      for (const row of rowsFor(backend, table)) {
        const name = `Keras ${keras}: ${row.name}`;
        await t.step({
          name: reason ? `${name} (${reason})` : name,
          ignore: reason !== undefined,
          fn: () =>
            leavingNoTensors(async () => {
              const { output, gradient } = await compute(row, keras);
              assertAgrees(output, row.output, tolerance, "output");
              assertAgrees(gradient, row.gradient, tolerance, "gradient");
            }),
        });
      }
    }
  });
}
