/**
 * The forward pass of onnxruntime-web, kept open: `onnxruntime_web.ts SPECIFIER MODEL.onnx INPUT THREADS`.
 * The package is named by who starts this, so that it is neither locked nor installed with the package's own.
 *
 * @module
 */
import { readFloats } from "../../../src/testing/mod.ts";
import { answer } from "./answer.ts";

/** What is used of onnxruntime-web. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number }; readonly versions: { readonly web: string } };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: { executionProviders: string[] }): Promise<{
      run(inputs: { image: OnnxTensor }): Promise<{ scores: OnnxTensor }>;
    }>;
  };
}

interface OnnxTensor {
  readonly data: Float32Array;
}

const [specifier, modelPath, inputPath, threads] = Deno.args as [string, string, string, string];
const onnx: OnnxRuntime = await import(specifier);
onnx.env.wasm.numThreads = Number(threads);
const session = await onnx.InferenceSession.create(await Deno.readFile(modelPath), {
  executionProviders: ["wasm"],
});

/** Channels before rows and columns, as PyTorch and ONNX have them. */
function channelsFirst(pixels: Float32Array, channels: number): Float32Array {
  const size = pixels.length / channels;
  return Float32Array.from(
    pixels,
    (_, index) => pixels[(index % size) * channels + Math.floor(index / size)]!,
  );
}

const x = new onnx.Tensor("float32", channelsFirst(await readFloats(new URL(`file://${inputPath}`)), 3), [
  1,
  3,
  224,
  224,
]);

async function forward(): Promise<number> {
  const { scores } = await session.run({ image: x });
  return scores.data[0]!; // it lies in memory already
}

async function scores() {
  return { scores: [...(await session.run({ image: x })).scores.data] };
}

await answer({ "onnxruntime-web": onnx.env.versions.web }, { run: { forward }, scores });
Deno.exit(0); // threads would keep the process
