import { foundBoxes } from "../boxes.ts";
import { drawSheet } from "./sheet.ts";
import { mapOf, type NamedRendering, photoOf } from "./rendering.ts";
import { detailsOf, titleOf } from "./title.ts";

/** All that a reader wants to see at once. */
export const panelRendering: NamedRendering<"panel"> = {
  name: "panel",
  description:
    "photo, heatmap and overlay side by side, with class, score, colour bar and how the map came about; of several maps " +
    "one sheet, a row a class, a column a method",
  holdsAll: true,
  async draw(explanation, options) {
    if (options.map === undefined && explanation.maps.length > 1) {
      return await drawSheet(explanation, options);
    }
    const { renderPanel } = await import("../panel.ts"); // which text and its fonts belong to
    const map = mapOf(explanation, options);
    return await renderPanel(photoOf(explanation), map.heatmap, {
      ...options,
      placement: explanation.placement,
      title: titleOf(map, explanation.unit),
      details: detailsOf(explanation, map, options),
      scale: map.scale,
      regions: foundBoxes(map.raw, options, explanation.placement),
      scaled: map,
    });
  },
};
