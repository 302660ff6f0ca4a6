import { renderHeatmap } from "../overlay.ts";
import { enlargement, scalePlacement } from "../scale_photo.ts";
import { mapOf, type NamedRendering, png } from "./rendering.ts";

/** The heatmap alone. */
export const heatmapRendering: NamedRendering<"heatmap"> = {
  name: "heatmap",
  description: "the heatmap alone, as large as the overlay",
  ...png,
  draw(explanation, options) {
    const { heatmap } = mapOf(explanation, options);
    const { height, width } = explanation.photo ?? heatmap;
    const times = enlargement({ height, width }, options.minSide);
    return renderHeatmap(heatmap, {
      ...options,
      height: height * times,
      width: width * times,
      placement: scalePlacement(explanation.placement, times, times),
    });
  },
};
