import { foundBoxes } from "../boxes.ts";
import { drawOverlay, renderOverlay } from "../overlay.ts";
import { drawnSize, scalePhoto } from "../scale_photo.ts";
import { mapOf, type NamedRendering, photoOf } from "./rendering.ts";

/** The heatmap over the photo. */
export const overlayRendering: NamedRendering<"overlay"> = {
  name: "overlay",
  description: "the heatmap laid over the photo, at the photo's size; small photos are enlarged",
  draw(explanation, options) {
    const given = photoOf(explanation);
    const { heatmap, raw, scale } = mapOf(explanation, options);
    const regions = foundBoxes(raw, options, explanation.placement);
    const seen = { photo: given, placement: explanation.placement };
    const { photo, placement } = scalePhoto(seen, drawnSize(given, options));
    const lay = photo === given ? renderOverlay : drawOverlay; // a scaled photo is a copy already
    return lay(photo, heatmap, { ...options, placement, scale, regions });
  },
};
