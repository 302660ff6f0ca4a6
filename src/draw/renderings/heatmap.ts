import { renderHeatmap } from "../overlay.ts";
import { drawnSize, scalePlacement } from "../scale_photo.ts";
import { mapOf, type NamedRendering } from "./rendering.ts";

/** The heatmap alone. */
export const heatmapRendering: NamedRendering<"heatmap"> = {
  name: "heatmap",
  description: "the heatmap alone, as large as the overlay",
  draw(explanation, options) {
    const { heatmap, scale } = mapOf(explanation, options);
    const { height, width } = explanation.photo ?? heatmap;
    const size = drawnSize({ height, width }, options);
    const placement = scalePlacement(explanation.placement, size.height / height, size.width / width);
    return renderHeatmap(heatmap, { ...options, ...size, placement, scale });
  },
};
