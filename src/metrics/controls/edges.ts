import type { NamedControl } from "./control.ts";

/**
 * An edge detector: Sobel's, of the model's input, √(Sx² + Sy²) of the mean of its channels. It looks like maps of pixels do,
 * and knows nothing of the model: see Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018,
 * https://arxiv.org/abs/1810.03292
 */
export const edgesControl: NamedControl<"edges"> = {
  name: "edges",
  title: "Edge detector",
  description: "The edges in the photo, by Sobel's operator",
  async map({ picture }) {
    const [, height, width, channels] = picture.shape;
    const values = await picture.data();
    const at = (y: number, x: number) => {
      const row = Math.min(Math.max(y, 0), height - 1);
      const start = (row * width + Math.min(Math.max(x, 0), width - 1)) * channels;
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += values[start + channel]!;
      return sum / channels;
    };
    const data = new Float32Array(height * width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const side = (step: number) => at(y - 1, x + step) + 2 * at(y, x + step) + at(y + 1, x + step);
        const line = (step: number) => at(y + step, x - 1) + 2 * at(y + step, x) + at(y + step, x + 1);
        data[y * width + x] = Math.hypot(side(1) - side(-1), line(1) - line(-1));
      }
    }
    return { data, height, width };
  },
};
