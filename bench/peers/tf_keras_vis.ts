import { type Peer, script } from "./peer.ts";

/** tf-keras-vis's Gradcam, which cuts off negative values and enlarges the map to the photo's size. */
export const tfKerasVis: Peer = {
  name: "tf-keras-vis",
  option: "tf-keras-vis",
  tasks: ["heatmap"],
  reads: "keras",
  sameAs: { relu: true, eps: 1e-7 },
  async warm(network, { environments, files, input }) {
    return {
      program: await environments.pythonWith("tf", "tf-keras-vis==0.8.7"),
      args: [
        script("tf_keras_vis_warm.py"),
        await files.path(network, "keras", "keras"),
        input,
        network.layer,
      ],
    };
  },
};
