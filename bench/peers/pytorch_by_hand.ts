import { type Peer, script } from "./peer.ts";

/** A forward hook and `torch.autograd.grad` at the layer alone, so that no other gradient is computed: the strongest peer. */
export const pytorchByHand: Peer = {
  name: "PyTorch by hand",
  option: "pytorch-by-hand",
  tasks: ["heatmap"],
  sameAs: { relu: true, score: "logit", eps: 1e-7 },
  async warm({ file, ...network }, { environments, files, input, threads }) {
    const weights = await files.path({ file, ...network }, "torch", "pt");
    return {
      program: await environments.python("torch"),
      args: [script("pytorch_by_hand_warm.py"), file, weights, input, `${threads}`],
    };
  },
};
