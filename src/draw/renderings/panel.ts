import { renderPanel } from "../panel.ts";
import { mapOf, type NamedRendering, photoOf, png } from "./rendering.ts";

/** All that a reader wants to see at once. */
export const panelRendering: NamedRendering<"panel"> = {
  name: "panel",
  description: "photo, heatmap and overlay side by side, with class, score and colour bar",
  ...png,
  draw(explanation, options) {
    const { heatmap, classIndex, label, score } = mapOf(explanation, options);
    return renderPanel(photoOf(explanation), heatmap, {
      ...options,
      placement: explanation.placement,
      title: `${classIndex}${label ? ` ${label}` : ""}  ${score.toFixed(3)}`,
      subtitle: `${explanation.method} at ${explanation.layer}, ${explanation.scoreKind}`,
    });
  },
};
