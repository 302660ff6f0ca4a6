import type { NamedRendering } from "./rendering.ts";

/** All but the photo. */
export const jsonRendering: NamedRendering<"json"> = {
  name: "json",
  description: "everything: maps, scores, layer, backend, versions, times, warnings",
  holdsAll: true,
  fileType: { extension: ".json", mediaType: "application/json" },
  write: (explanation) => new TextEncoder().encode(`${JSON.stringify(explanation)}\n`),
};
