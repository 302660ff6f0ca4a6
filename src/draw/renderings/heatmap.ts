import { renderHeatmap } from "../overlay.ts";
import { mapOf, type NamedRendering, png } from "./rendering.ts";

/** The heatmap alone. */
export const heatmapRendering: NamedRendering<"heatmap"> = {
  name: "heatmap",
  description: "the heatmap alone, at the photo's size",
  ...png,
  draw(explanation, options) {
    const { heatmap } = mapOf(explanation, options);
    const { height, width } = explanation.photo ?? heatmap;
    return renderHeatmap(heatmap, { ...options, height, width, placement: explanation.placement });
  },
};
