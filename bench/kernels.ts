/**
 * The convolutions and products of a network, each by our own kernels and by TensorFlow.js's, on one thread: alternating,
 * the best of several turns, in time on the processor where the system tells it. What it prints is a table for RESULTS.md.
 *
 *     deno task bench:kernels [MODEL]
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { machineCalls, withoutMachine } from "../backends/simd/machine.ts";
import { gradcam } from "../src/explain/gradcam.ts";
import { loadModel } from "../src/formats/mod.ts";
import { measurePeak } from "./peak.ts";
import { photoTensor } from "./setup.ts";

/** How often each side has its turn, and about how many millions of operations a turn takes: the system's clock is a coarse one. */
const turns = 7;
const millionsPerTurn = 2000;

/** One computation of a network, and how often it is done for a map. */
interface Layer {
  readonly kernel: string;
  /** That of what is taken, and that of the weights. */
  readonly input: number[];
  readonly weights: number[];
  readonly output: number[];
  count: number;
}

/** The kernels that are looked at; a matrix is taken for a filter of one tap. */
const kernels = [
  "FusedConv2D",
  "Conv2D",
  "FusedDepthwiseConv2D",
  "DepthwiseConv2dNative",
  "_FusedMatMul",
  "BatchMatMul",
];

/** What a map of a network is computed with. */
async function layersOf(model: Awaited<ReturnType<typeof loadModel>>): Promise<Layer[]> {
  const layers = new Map<string, Layer>();
  const { kernels: calls } = await tf.profile(async () => {
    await gradcam(model, photoTensor());
    return tf.scalar(0);
  });
  for (const { name, inputShapes, outputShapes } of calls) {
    const [input, weights] = inputShapes as number[][], [output] = outputShapes as number[][];
    if (!kernels.includes(name) || !input || !weights || !output) continue;
    if (name.endsWith("MatMul") && input.at(-1) !== weights.at(-2)) continue; // of a transposed matrix
    const key = [name.replace("Fused", ""), input, weights, output].join(" ");
    const layer = layers.get(key) ?? { kernel: name, input, weights, output, count: 0 };
    layer.count++;
    layers.set(key, layer);
  }
  return [...layers.values()];
}

/** One computation of a layer, with a bias and relu6. */
function runner({ kernel, input, weights, output }: Layer): { run: () => tf.Tensor; made: tf.Tensor[] } {
  const x = tf.randomUniform(input, -1, 1), w = tf.randomUniform(weights, -1, 1);
  const isMatrix = kernel.endsWith("MatMul"), isDepthwise = kernel.includes("Depthwise");
  const bias = tf.zeros<tf.Rank.R1>([output.at(-1)!]), activation = "relu6";
  const strides: [number, number] = [Math.ceil(input[1]! / output[1]!), Math.ceil(input[2]! / output[2]!)];
  const isValid = [0, 1].every((axis) =>
    Math.ceil((input[axis + 1]! - weights[axis]! + 1) / strides[axis]!) === output[axis + 1]!
  );
  const convolution = { strides, pad: isValid ? "valid" : "same", bias, activation } as const;
  const call = isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  const run = isMatrix
    ? () => tf.fused.matMul({ a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias, activation })
    : () => call({ x: x as tf.Tensor4D, filter: w as tf.Tensor4D, ...convolution });
  return { run, made: [x, w, bias] };
}

/** Millions of floating-point operations, a multiplication and an addition being two. */
function millionsOf({ kernel, weights, output }: Layer): number {
  const pixels = output.reduce((product, size) => product * size, 1);
  const taps = weights.slice(0, kernel.includes("Depthwise") ? 2 : -1).reduce(
    (product, size) => product * size,
    1,
  );
  return 2 * pixels * taps / 1e6;
}

/** Milliseconds that this thread has computed; where the system does not tell, those that went by. */
function clock(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

/** Milliseconds by our own kernels and by TensorFlow.js's; `undefined` where ours do not compute it. */
function measure(layer: Layer): readonly [ours: number, theirs: number] | undefined {
  const { run, made } = runner(layer);
  const before = machineCalls();
  run().dispose();
  const isOurs = machineCalls() > before;
  const repeats = Math.max(2, Math.round(millionsPerTurn / millionsOf(layer)));
  const turn = () => {
    const start = clock();
    for (let index = 0; index < repeats; index++) run().dispose();
    return (clock() - start) / repeats;
  };
  let ours = Infinity, theirs = Infinity;
  for (let index = 0; isOurs && index < turns; index++) {
    ours = Math.min(ours, turn());
    theirs = Math.min(theirs, withoutMachine(turn));
  }
  tf.dispose(made);
  return isOurs ? [ours, theirs] : undefined;
}

/** A row of a table. */
function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** What a layer is called in the table. */
function nameOf({ kernel, input, weights, count }: Layer): string {
  const name = kernel.replace(/^_?Fused|Native/g, "");
  return `${count} × ${name} ${input.slice(1).join("×")} by ${weights.join("×")}`;
}

/** Speed in GFLOP/s, and what part of the peak it is. */
function speedOf(millions: number, ms: number, peak: number | undefined): string {
  const speed = millions / ms;
  return peak === undefined ? speed.toFixed(1) : `${speed.toFixed(1)} (${(speed / peak).toFixed(2)})`;
}

if (import.meta.main) {
  const { kernels: build } = await selectBackend({ backend: "wasm", threads: 1 });
  const model = await loadModel(Deno.args[0]);
  const peak = await measurePeak();
  console.log(
    `${model.name}, ${build} SIMD. Most that 128 bits do: ${peak?.toFixed(1) ?? "not measured"} GFLOP/s.\n`,
  );
  console.log(
    rowOf(["layer", "ours, ms", "GFLOP/s (of the most)", "theirs, ms", "GFLOP/s (of the most)", "ratio"]),
  );
  console.log(rowOf(["---", "---", "---", "---", "---", "---"]));
  const sums = [0, 0];
  let all = 0;
  for (const layer of await layersOf(model)) {
    const times = measure(layer);
    if (!times) {
      console.log(rowOf([nameOf(layer), "theirs", "", "", "", ""]));
      continue;
    }
    const millions = millionsOf(layer), [ours, theirs] = times;
    all += layer.count * millions;
    times.forEach((time, side) => sums[side]! += layer.count * time);
    const cells = times.flatMap((time) => [time.toFixed(3), speedOf(millions, time, peak)]);
    console.log(rowOf([nameOf(layer), ...cells, (theirs / ours).toFixed(2)]));
  }
  const [ours, theirs] = sums as [number, number];
  const cells = [ours, theirs].flatMap((time) => [time.toFixed(2), speedOf(all, time, peak)]);
  console.log(rowOf(["all of a map", ...cells, (theirs / ours).toFixed(2)]));
  model.dispose();
}
