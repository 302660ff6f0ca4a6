/// <reference lib="dom" />
import { alphaOf } from "../drawing.ts";
import { drawPhoto } from "../server/explain_photo.ts";
import { askPatiently } from "../server/patience.ts";
import { modelSideOf, photoOf } from "../state/state.ts";
import type { Seen, SeenMap } from "./seen.ts";

/** A panel has text, which the server draws: of exactly the map that is seen, with exactly the settings. */
export async function askPanel({ wish, explanation }: SeenMap, { state }: Seen): Promise<Blob> {
  const { settings } = state;
  const drawing = [
    ["format", "panel"],
    ...settings.colormap === undefined ? [] : [["colormap", settings.colormap] as const],
    ["opacity", settings.opacity],
    ["alpha", String(alphaOf(settings))],
    ["contour", String(settings.contour)],
  ] as const;
  const shown = { ...wish, classIndex: explanation.maps[0]!.classIndex };
  const { signal } = new AbortController();
  const options = { photo: photoOf(state)!, modelSide: modelSideOf(state), signal };
  return await askPatiently(() => drawPhoto(shown, drawing, options), { signal, onBusy: () => {} });
}
