import type { Peer } from "./peer.ts";
import { denoCommand } from "./process.ts";

/** Named here and imported by the child at run time, so that it is no dependency of the package. */
const packageName = "npm:onnxruntime-web@1.30.0";
const child = new URL("children/onnxruntime_web.ts", import.meta.url);

/** The forward pass of onnxruntime-web's WebAssembly, whose threads work in Deno. */
export const onnxruntimeWeb: Peer = {
  name: "onnxruntime-web",
  option: "onnxruntime-web",
  tasks: ["forward"],
  networks: ["EfficientNet-Lite0"],
  async warm(network, { files, input, threads }) {
    const model = await files.path(network, "onnx", "onnx");
    const { program, args: [run, ...args] } = denoCommand(child, packageName, model, input, `${threads}`);
    return { program, args: [run!, "--no-lock", ...args] };
  },
};
