import { photo } from "./files.ts";
import { type Peer, script } from "./peer.ts";

/** pytorch-grad-cam's GradCAM, which explains logits, cuts off negative values and enlarges the map. */
export const pytorchGradCam: Peer = {
  name: "pytorch-grad-cam",
  option: "pytorch-grad-cam",
  tasks: ["heatmap"],
  sameAs: { relu: true, score: "logit", eps: 1e-7 },
  async warm(network, { environments, files, input, threads }) {
    return {
      program: await environments.python("torch"),
      args: [
        script("pytorch_grad_cam_warm.py"),
        network.file,
        await files.path(network, "torch", "pt"),
        input,
        `${threads}`,
      ],
    };
  },
  async cold(network, { environments, files, threads }, out) {
    return {
      program: await environments.python("torch"),
      args: [
        script("pytorch_grad_cam_cold.py"),
        photo.pathname,
        network.file,
        await files.path(network, "torch", "pt"),
        `${threads}`,
        `${out}pytorch_grad_cam.png`,
      ],
    };
  },
};
