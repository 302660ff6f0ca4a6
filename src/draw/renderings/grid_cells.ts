import type { RgbaImage } from "../../input/image/types.ts";
import { drawOverlay, renderOverlay } from "../overlay.ts";
import type { GridCell } from "../photo_grid.ts";
import { scalePhoto } from "../scale_photo.ts";
import { type Drawable, photoOf, type RenderOptions } from "./rendering.ts";
import { methodTitle } from "./sheet.ts";
import { titleOf } from "./title.ts";

/** The size of a photo that fits into a room; small ones are enlarged. */
function fitted({ height, width }: RgbaImage, room: { readonly height: number; readonly width: number }) {
  const scale = Math.min(room.height / height, room.width / width);
  return { height: Math.max(Math.floor(height * scale), 1), width: Math.max(Math.floor(width * scale), 1) };
}

/**
 * The overlays of an explanation as cells of a grid: one for each map.
 *
 * @param name What the photo is called.
 * @param room How large each may be, in pixels.
 * @throws {TypeError} If a tensor was explained.
 */
export function gridCells(
  explanation: Drawable,
  name: string,
  { room, ...options }: RenderOptions & {
    readonly room: { readonly height: number; readonly width: number };
  },
): GridCell[] {
  const { maps, unit, placement } = explanation;
  const photo = photoOf(explanation);
  const seen = scalePhoto({ photo, placement }, fitted(photo, room));
  const isOneMethod = maps.every(({ method }) => method === maps[0]!.method);
  const lay = maps.length === 1 && seen.photo !== photo ? drawOverlay : renderOverlay; // a scaled photo is a copy already
  return maps.map((map) => {
    const { name: what, score } = titleOf(map, unit);
    return {
      picture: lay(seen.photo, map.heatmap, { ...options, placement: seen.placement, scale: map.scale }),
      name,
      what: isOneMethod ? what : `${methodTitle(map.method)}: ${what}`,
      score,
    };
  });
}
