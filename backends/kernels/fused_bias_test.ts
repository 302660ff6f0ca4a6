/** Products with a bias and slopes fused into them, of any shape that can be spread over the product. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLess } from "@std/assert";
import { largestDifference, leavingNoTensors, testedBackends, tryBackend } from "../../src/testing/mod.ts";
import { numbers } from "./reference_convolution_test.ts";
import { everyNth } from "../../src/testing/whole_matrix.ts";

const [height, width, depth, filters] = [3, 4, 2, 5] as const;

function tensor<Made extends tf.Tensor = tf.Tensor>(shape: readonly number[], seed: number): Made {
  return tf.tensor(numbers(tf.util.sizeFromShape([...shape]), seed), [...shape]) as Made;
}

/** What is fused: the bias, and the slopes of PReLU where there are some. */
interface Fused {
  readonly bias?: readonly number[];
  readonly slopes?: readonly number[];
  readonly activation?: "linear" | "relu" | "relu6" | "elu" | "sigmoid" | "leakyrelu" | "prelu";
}

/** A product, fused and alone. */
interface Product {
  readonly name: string;
  readonly channels: number;
  /** Whether it has rows and columns. */
  readonly isSpatial: boolean;
  fused(bias: tf.Tensor | undefined, slopes: tf.Tensor | undefined, activation: string): tf.Tensor;
  plain(): tf.Tensor;
}

function options(bias: tf.Tensor | undefined, slopes: tf.Tensor | undefined, activation: string) {
  return {
    ...(bias && { bias }),
    ...(slopes && { preluActivationWeights: slopes }),
    activation: activation as tf.fused.Activation,
    leakyreluAlpha: 0.3,
  };
}

const products: readonly Product[] = [
  ...[[1, "same"], [2, "same"], [1, "valid"]].map(([strides, pad]): Product => ({
    name: `conv2d, stride ${strides}, ${pad}`,
    channels: filters,
    isSpatial: strides === 1 && pad === "same",
    fused: (...given) =>
      tf.fused.conv2d({
        x: tensor<tf.Tensor4D>([1, height, width, depth], 1),
        filter: tensor<tf.Tensor4D>([1, 3, depth, filters], 2),
        strides: strides as number,
        pad: pad as "same",
        ...options(...given),
      }),
    plain: () =>
      tf.conv2d(
        tensor<tf.Tensor4D>([1, height, width, depth], 1),
        tensor<tf.Tensor4D>([1, 3, depth, filters], 2),
        strides as number,
        pad as "same",
      ),
  })),
  {
    name: "depthwiseConv2d",
    channels: 2 * depth,
    isSpatial: true,
    fused: (...given) =>
      tf.fused.depthwiseConv2d({
        x: tensor<tf.Tensor4D>([1, height, width, depth], 1),
        filter: tensor<tf.Tensor4D>([1, 3, depth, 2], 2),
        strides: 1,
        pad: "same",
        ...options(...given),
      }),
    plain: () =>
      tf.depthwiseConv2d(
        tensor<tf.Tensor4D>([1, height, width, depth], 1),
        tensor<tf.Tensor4D>([1, 3, depth, 2], 2),
        1,
        "same",
      ),
  },
  ...[false, true].map((transposeB): Product => ({
    name: `matMul, transposed: ${transposeB}`,
    channels: filters,
    isSpatial: false,
    fused: (...given) =>
      tf.fused.matMul({
        a: tensor([height, depth], 1),
        b: tensor(transposeB ? [filters, depth] : [depth, filters], 2),
        transposeB,
        ...options(...given),
      }),
    plain: () =>
      tf.matMul(
        tensor([height, depth], 1),
        tensor(transposeB ? [filters, depth] : [depth, filters], 2),
        false,
        transposeB,
      ),
  })),
];

/** Shapes of what is fused into a product of so many channels. */
function cases({ channels: k, isSpatial }: Product): Fused[] {
  const all = [[k], [1, k], [1], []];
  const ofPictures = [[1, 1, k], [1, 1, 1, k], [1, 1, 1, 1], [height, width, k], [height, width, 1], [
    height,
    1,
    k,
  ]];
  const shapes = isSpatial ? [...all, ...ofPictures] : all;
  const activations = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const;
  // TensorFlow.js takes slopes of one or three axes.
  const slopes = [[k], ...isSpatial ? [[1, 1, k], [height, width, k], [height, 1, 1]] : []];
  return [
    ...shapes.flatMap((bias) => activations.map((activation) => ({ bias, activation }))),
    ...[[k], ...isSpatial ? [[1, 1, 1, k], [height, width, 1]] : []].flatMap((bias) =>
      slopes.map((slopes) => ({ bias, slopes, activation: "prelu" as const }))
    ),
  ];
}

const activate: Readonly<Record<string, (x: tf.Tensor, slopes: tf.Tensor) => tf.Tensor>> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  elu: (x) => tf.elu(x),
  sigmoid: (x) => tf.sigmoid(x),
  leakyrelu: (x) => tf.leakyRelu(x, 0.3),
  prelu: (x, slopes) => tf.where(x.greater(0), x, x.mul(slopes)),
};

/** A tensor whose numbers were first made in another shape. */
function reshaped(shape: readonly number[], seed: number, first: readonly number[]): tf.Tensor {
  return tensor(first, seed).reshape([...shape]);
}

Deno.test("fused products take biases and slopes of any shape", async (t) => {
  for (const backend of testedBackends) {
    const missing = await tryBackend(backend);
    for (const product of products) {
      await t.step({
        name: `${product.name} on ${backend}${missing === undefined ? "" : ` (${missing})`}`,
        ignore: missing !== undefined,
        fn: () =>
          leavingNoTensors(async () => {
            const asked = backend === "webgpu" ? everyNth(cases(product), 4) : cases(product);
            for (const { bias, slopes, activation = "linear" } of asked) {
              const [given, expected] = tf.tidy(() => {
                const made = [bias && tensor(bias, 3), slopes && tensor(slopes, 4)] as const;
                const whole = made[0] ? product.plain().add(made[0]) : product.plain();
                return [
                  product.fused(...made, activation),
                  activate[activation]!(whole, made[1] ?? tf.scalar(0)),
                ] as const;
              });
              const what = `${activation} [${bias}] [${slopes}]`;
              assertEquals(given.shape, expected.shape, what);
              assertLess(largestDifference(await given.data(), await expected.data()), 1e-5, what);
              tf.dispose([given, expected]);
            }
          }),
      });
    }
    await t.step({
      name: `biases that were made in another shape on ${backend}`,
      ignore: missing !== undefined,
      fn: () =>
        leavingNoTensors(async () => {
          for (const product of products) {
            const k = product.channels;
            const [given, expected] = tf.tidy(() => [
              product.fused(reshaped([k], 3, [1, 1, k, 1]), undefined, "relu"),
              tf.relu(product.plain().add(tensor([k], 3))),
            ]);
            assertLess(largestDifference(await given!.data(), await expected!.data()), 1e-5, product.name);
            tf.dispose([given!, expected!]);
          }
        }),
    });
    await t.step({
      name: `slopes on ${backend}`,
      ignore: missing !== undefined,
      fn: () =>
        leavingNoTensors(async () => {
          const shapes = [[4], [1], [], [1, 4], [3, 1], [2, 3, 4], [2, 1, 4], [2, 1, 1], [1, 2, 3, 1]];
          for (const shape of shapes) {
            const [given, expected] = tf.tidy(() => {
              const x = tensor([1, 2, 3, 4], 5), slopes = tensor(shape, 6);
              return [tf.prelu(x, slopes), activate["prelu"]!(x, slopes)];
            });
            assertLess(largestDifference(await given!.data(), await expected!.data()), 1e-6, `[${shape}]`);
            tf.dispose([given!, expected!]);
          }
        }),
    });
  }
  await tryBackend("cpu");
});
