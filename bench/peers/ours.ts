import { photo } from "./files.ts";
import type { Network } from "./networks.ts";
import type { Peer, Setting } from "./peer.ts";
import { denoCommand } from "./process.ts";

const child = new URL("children/ours.ts", import.meta.url);
const cli = new URL("../../cli.ts", import.meta.url);
const formerCli = new URL("children/former_cli.ts", import.meta.url);

/** The shipped model, as any other that lies in a folder. */
const shipped = new URL("../../models/efficientnet_lite0/model.json", import.meta.url).pathname;

/** The model: the one that is shipped, Keras's own file, or what PyTorch exports. */
async function modelOf(network: Network, { files }: Setting): Promise<string> {
  if (network.from === "torch") return await files.path(network, "onnx", "onnx");
  return network.weights === "shipped" ? shipped : await files.path(network, "keras", "keras");
}

/** This package on all threads, with the model in layers. */
export const ours: Peer = {
  name: "ours",
  option: "ours",
  tasks: ["heatmap", "forward"],
  takesLayers: true,
  async warm(network, setting) {
    return denoCommand(child, await modelOf(network, setting), setting.input, `${setting.threads}`);
  },
  cold: (_network, _setting, out) => Promise.resolve(denoCommand(cli, photo.pathname, "--out", out)),
};

/** This package with the kernels that it had before its own: TensorFlow.js's, on threads of its own. */
export const formerKernels: Peer = {
  name: "our former kernels",
  option: "former",
  tasks: ["heatmap"],
  takesLayers: true,
  sameAs: {},
  async warm(network, setting) {
    return denoCommand(
      child,
      await modelOf(network, setting),
      setting.input,
      `${setting.threads}`,
      "former",
    );
  },
  cold: (_network, _setting, out) => Promise.resolve(denoCommand(formerCli, photo.pathname, "--out", out)),
};

/** This package, with the model as PyTorch exports it. */
export const oursOnOnnx: Peer = {
  name: "ours, ONNX",
  option: "ours-onnx",
  tasks: ["heatmap"],
  networks: ["EfficientNet-Lite0", "ResNet50"],
  sameAs: {},
  async warm(network, { files, input, threads }) {
    return denoCommand(child, await files.path(network, "onnx", "onnx"), input, `${threads}`);
  },
};

/** This package, with the model as TensorFlow.js's converter makes a graph of it. */
export const oursOnGraph: Peer = {
  name: "ours, graph model",
  option: "ours-graph",
  tasks: ["forward"],
  reads: "keras",
  sameAs: {},
  async warm(network, { files, input, threads }) {
    return denoCommand(child, await files.path(network, "graph", "graph"), input, `${threads}`);
  },
};

/** This package on one thread. */
export const oursOnOneThread: Peer = {
  name: "ours, 1 thread",
  option: "ours-1-thread",
  tasks: ["heatmap"],
  sameAs: {},
  async warm(network, setting) {
    return denoCommand(child, await modelOf(network, setting), setting.input, "1");
  },
};
