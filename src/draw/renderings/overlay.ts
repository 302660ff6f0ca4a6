import { renderOverlay } from "../overlay.ts";
import { mapOf, type NamedRendering, photoOf, png } from "./rendering.ts";

/** The heatmap over the photo. */
export const overlayRendering: NamedRendering<"overlay"> = {
  name: "overlay",
  description: "the heatmap laid over the photo, at the photo's size",
  ...png,
  draw: (explanation, options) =>
    renderOverlay(photoOf(explanation), mapOf(explanation, options).heatmap, {
      ...options,
      placement: explanation.placement,
    }),
};
