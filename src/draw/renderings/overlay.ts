import { renderOverlay } from "../overlay.ts";
import { enlargement, scalePhoto } from "../scale_photo.ts";
import { mapOf, type NamedRendering, photoOf, png } from "./rendering.ts";

/** The heatmap over the photo. */
export const overlayRendering: NamedRendering<"overlay"> = {
  name: "overlay",
  description: "the heatmap laid over the photo, at the photo's size; small photos are enlarged",
  ...png,
  draw(explanation, options) {
    const given = photoOf(explanation);
    const times = enlargement(given, options.minSide);
    const size = { height: given.height * times, width: given.width * times };
    const { photo, placement } = scalePhoto({ photo: given, placement: explanation.placement }, size);
    return renderOverlay(photo, mapOf(explanation, options).heatmap, { ...options, placement });
  },
};
