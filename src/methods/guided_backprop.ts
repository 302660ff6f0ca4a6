import type { Tensor3D } from "../base/tensors.ts";
import type { NamedMethod } from "./method.ts";
import { ruledGradient } from "./rectifiers.ts";
import { signedLargest } from "./saliency.ts";

const title = "Guided backpropagation";

/**
 * Guided backpropagation: ∂y/∂x where each rectifier on the way back lets through what is positive, R = g · [g > 0] · [z > 0] with z
 * what it took and g what came back to it; a rectifier with an upper bound, such as ReLU6, lets nothing through above it. The
 * parts are those of the channels, the raw map is their sum, with its sign.
 *
 * It shows what is there more than what speaks for the class: see Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS
 * 2018, https://arxiv.org/abs/1810.03292
 *
 * Springenberg et al., "Striving for Simplicity: The All Convolutional Net", ICLR workshop 2015,
 * https://arxiv.org/abs/1412.6806
 *
 * captum and pytorch-grad-cam give the same channel by channel, and exchange modules of the class ReLU alone. AUCMEDI exchanges
 * layers' activations "relu" alone, and takes the largest of the channels instead of their sum; `variant: "aucmedi"` does the
 * latter.
 */
export const guidedBackpropMethod: NamedMethod<"guidedbackprop"> = {
  name: "guidedbackprop",
  title,
  description: "Guided backpropagation: the gradient, of which rectifiers let through what is positive",
  at: "picture",
  relu: false,
  settings: { variant: "paper" },
  cost: () => ({ pictureGradients: 1 }),
  async map(probe) {
    const { gradient, warnings } = await ruledGradient(probe, "guided", title);
    const map = probe.tf.tidy(() =>
      probe.settings.variant === "aucmedi" ? signedLargest(gradient) : gradient.squeeze<Tensor3D>([0])
    );
    gradient.dispose();
    return { map, warnings };
  },
};
