import { mapOf, type NamedRendering, photoOf } from "./rendering.ts";
import { detailsOf, titleOf } from "./title.ts";

/** All that a reader wants to see at once. */
export const panelRendering: NamedRendering<"panel"> = {
  name: "panel",
  description:
    "photo, heatmap and overlay side by side, with class, score, colour bar and how the map came about",
  async draw(explanation, options) {
    const { renderPanel } = await import("../panel.ts"); // which text and its fonts belong to
    const map = mapOf(explanation, options);
    return await renderPanel(photoOf(explanation), map.heatmap, {
      ...options,
      placement: explanation.placement,
      title: titleOf(map, explanation.unit),
      details: detailsOf(explanation, map, options),
      scaled: { raw: map.raw, relu: explanation.relu },
    });
  },
};
