import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLess } from "@std/assert";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testedBackends,
  tryBackend,
} from "../../src/testing/mod.ts";
import { type Convolution, numbers, referenceConvolution } from "./reference_convolution_test.ts";
import { everyNth } from "../../src/testing/whole_matrix.ts";

/** The largest difference, as a part of the largest value. */
const tolerance = 1e-5;

type Case = Omit<Convolution, "depthwise">;

const channels = [
  { input: [1, 7, 10, 3], last: 1 },
  { input: [2, 8, 5, 2], last: 3 },
  { input: [1, 6, 9, 9], last: 5 },
] as const;
const filters = [[1, 1], [3, 3], [3, 2], [5, 3], [1, 3], [5, 5]] as const;
const spacings: readonly Pick<Case, "strides" | "dilations">[] = [
  { strides: [1, 1], dilations: [1, 1] },
  { strides: [2, 2], dilations: [1, 1] },
  { strides: [3, 1], dilations: [1, 1] },
  { strides: [1, 1], dilations: [2, 2] },
  { strides: [1, 1], dilations: [1, 3] },
];
const pads: readonly Case["pad"][] = ["same", "valid", [[2, 1], [0, 3]], [[0, 3], [4, 1]]];

function isDilated({ dilations }: Case): boolean {
  return Math.max(...dilations) > 1;
}

/** All combinations in which the filter fits into the input. */
function* cases(): Generator<Case> {
  for (const { input, last } of channels) {
    for (const [height, width] of filters) {
      for (const spacing of spacings) {
        const [down, across] = spacing.dilations;
        if ((height - 1) * down >= input[1] || (width - 1) * across >= input[2]) continue;
        const filter = [height, width, input[3], last] as const;
        for (const pad of pads) yield { input, filter, pad, ...spacing };
      }
    }
  }
}

function convolve(convolution: Convolution, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const operation = convolution.depthwise ? tf.depthwiseConv2d : tf.conv2d;
  const { pad, strides, dilations } = convolution;
  return operation(
    x,
    filter,
    [...strides],
    typeof pad === "string" ? pad : [[0, 0], [...pad[0]], [...pad[1]], [0, 0]],
    "NHWC",
    [...dilations],
  );
}

function describe({ input, filter, pad, strides, dilations }: Case): string {
  return `${input.join("×")} filter ${filter.join("×")} strides ${strides} dilations ${dilations} pad ${pad}`;
}

/** Compare output, input gradient and filter gradient with the reference's. */
async function check(convolution: Convolution): Promise<void> {
  const x = tf.tensor4d(numbers(tf.util.sizeFromShape([...convolution.input]), 1), [...convolution.input]);
  const w = tf.tensor4d(numbers(tf.util.sizeFromShape([...convolution.filter]), 2), [...convolution.filter]);
  const expected = referenceConvolution(
    convolution,
    await x.data(),
    await w.data(),
    (size) => numbers(size, 3),
  );
  const output = convolve(convolution, x, w);
  assertEquals(output.shape, [...expected.shape]);
  const dy = tf.tensor4d(numbers(output.size, 3), output.shape);
  const [inputGradient, filterGradient] = tf.grads((x, w) =>
    convolve(convolution, x as tf.Tensor4D, w as tf.Tensor4D)
  )([x, w], dy);
  const comparisons = [
    ["output", output, expected.output],
    ["input gradient", inputGradient!, expected.inputGradient],
    ["filter gradient", filterGradient!, expected.filterGradient],
  ] as const;
  for (const [name, tensor, values] of comparisons) {
    const difference = largestDifference(await tensor.data(), values) / largestMagnitude(values);
    assertLess(difference, tolerance, `${describe(convolution)}: ${name} differs by ${difference}`);
  }
  tf.dispose([x, w, output, dy, inputGradient!, filterGradient!]);
}

Deno.test("referenceConvolution() of one row", () => {
  const convolution: Convolution = {
    depthwise: false,
    input: [1, 1, 4, 1],
    filter: [1, 3, 1, 1],
    strides: [1, 2],
    dilations: [1, 1],
    pad: "same",
  };
  const result = referenceConvolution(convolution, [1, 2, 3, 4], [1, 10, 100], () => [1, 2]);
  assertEquals(result.shape, [1, 1, 2, 1]);
  assertEquals([...result.output], [1 + 20 + 300, 3 + 40]); // one zero, after the last
  assertEquals([...result.inputGradient], [1, 10, 100 + 2, 20]);
  assertEquals([...result.filterGradient], [1 + 6, 2 + 8, 3]);
});

for (const backend of testedBackends) {
  Deno.test(`convolutionGradients() on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    for (const depthwise of [false, true]) {
      await t.step({
        name: `${depthwise ? "depthwiseConv2d" : "conv2d"}${reason ? ` (${reason})` : ""}`,
        ignore: reason !== undefined,
        fn: () =>
          leavingNoTensors(async () => {
            for (const example of backend === "webgpu" ? everyNth(cases(), 5) : cases()) {
              // Other backends are given the gradients of dilated convolutions only.
              if (backend === "wasm" || isDilated(example)) await check({ depthwise, ...example });
            }
          }),
      });
    }
  });
}

Deno.test("convolutionGradients() of fused convolutions on wasm", async (t) => {
  assertEquals(await tryBackend("wasm"), undefined);
  for (const depthwise of [false, true]) {
    for (const activation of ["linear", "relu6"] as const) {
      for (const [height, width, stride] of [[3, 3, 1], [1, 1, 1], [1, 3, 2], [5, 2, 2]] as const) {
        const name = `${
          depthwise ? "depthwiseConv2d" : "conv2d"
        } ${height}×${width} stride ${stride} ${activation}`;
        await t.step(name, () =>
          leavingNoTensors(async () => {
            const x = tf.tensor4d(numbers(8 * 7 * 4, 1), [1, 8, 7, 4]);
            const last = depthwise ? 1 : 6;
            const filter = tf.tensor4d(numbers(height * width * 4 * last, 2), [height, width, 4, last]);
            const bias = tf.tensor1d(numbers(depthwise ? 4 : 6, 3));
            const strides = [stride, stride] as [number, number];
            const fused = (x: tf.Tensor) =>
              (depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d)({
                x: x as tf.Tensor4D,
                filter,
                strides,
                pad: "same",
                bias,
                activation,
              });
            const plain = (x: tf.Tensor) => {
              const convolved = (depthwise ? tf.depthwiseConv2d : tf.conv2d)(
                x as tf.Tensor4D,
                filter,
                strides,
                "same",
              ).add(bias);
              return activation === "linear" ? convolved : tf.relu6(convolved);
            };
            const pairs = [[fused(x), tf.tidy(() => plain(x))], [
              tf.grad(fused)(x),
              tf.grad(plain)(x),
            ]] as const;
            for (const [given, expected] of pairs) {
              assertLess(largestDifference(await given.data(), await expected.data()), tolerance);
            }
            tf.dispose([x, filter, bias, ...pairs.flat()]);
          }));
      }
    }
  }
});
