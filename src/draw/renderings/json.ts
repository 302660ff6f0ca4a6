import type { BoxOptions } from "../boxes.ts";
import type { Drawable, NamedRendering } from "./rendering.ts";

/** All of an explanation; with the regions of its maps where boxes are asked for, null of a tensor, which has no photo. */
export function plainExplanation(
  explanation: Drawable,
  { boxes = false, threshold, level }: BoxOptions,
): unknown {
  if (!boxes) return explanation.toJSON();
  const { maps, ...rest } = explanation.toJSON() as { maps: readonly object[] };
  const regions = (map: number) =>
    explanation.photo ? explanation.regions?.({ map, threshold, level }) ?? null : null;
  return { ...rest, maps: maps.map((map, at) => ({ ...map, regions: regions(at) })) };
}

/** All but the photo. */
export const jsonRendering: NamedRendering<"json"> = {
  name: "json",
  description: "everything: maps, scores, layer, backend, versions, times, warnings",
  holdsAll: true,
  fileType: { extension: ".json", mediaType: "application/json" },
  write: (explanation, options) =>
    new TextEncoder().encode(`${JSON.stringify(plainExplanation(explanation, options))}\n`),
};
