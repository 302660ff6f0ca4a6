import { scoreText } from "../../base/score_text.ts";
import { renderPanel } from "../panel.ts";
import { mapOf, type NamedRendering, photoOf, png } from "./rendering.ts";

/** All that a reader wants to see at once. */
export const panelRendering: NamedRendering<"panel"> = {
  name: "panel",
  description: "photo, heatmap and overlay side by side, with class, score and colour bar",
  ...png,
  draw(explanation, options) {
    const map = mapOf(explanation, options);
    const { heatmap, classIndex, label } = map;
    const name = explanation.unit === "regression" && !label ? "regression" : classIndex;
    return renderPanel(photoOf(explanation), heatmap, {
      ...options,
      placement: explanation.placement,
      title: `${name}${label ? ` ${label}` : ""}  ${scoreText(map)}`,
      subtitle: `${explanation.method} at ${explanation.layer}, ${explanation.scoreKind}`,
    });
  },
};
