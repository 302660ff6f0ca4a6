import { encodeNpy } from "../npy.ts";
import { mapOf, type NamedRendering } from "./rendering.ts";

/** The heatmap for NumPy. */
export const npyRendering: NamedRendering<"npy"> = {
  name: "npy",
  description: "the heatmap's numbers, [h, w] float32, for NumPy",
  fileType: { extension: ".npy", mediaType: "application/octet-stream" },
  write(explanation, options) {
    const { data, height, width } = mapOf(explanation, options).heatmap;
    return encodeNpy(data, [height, width]);
  },
};
