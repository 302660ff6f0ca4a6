import type { Heatmap } from "../base/heatmap.ts";
import type { ExplanationRecord } from "../explain/explanation.ts";

/** Values with a buffer of their own: one that is part of a larger buffer would take all of it along. */
function alone<Values extends Float32Array | Uint8ClampedArray>(values: Values): Values {
  return (values.byteLength === values.buffer.byteLength ? values : values.slice()) as Values;
}

/** A map and the same before it was scaled, likewise. */
function aloneBoth<Of extends { readonly heatmap: Heatmap; readonly raw: Heatmap }>(map: Of): Of {
  const { heatmap, raw } = map;
  return {
    ...map,
    heatmap: { ...heatmap, data: alone(heatmap.data) },
    raw: { ...raw, data: alone(raw.data) },
  };
}

/** An explanation as it travels between threads: plain, without parts of larger buffers. */
export function sendExplanation(explanation: ExplanationRecord): ExplanationRecord {
  const { maps, photo } = explanation;
  return {
    ...explanation,
    maps: maps.map((map) => ({
      ...aloneBoth(map),
      ...(map.components && { components: map.components.map(aloneBoth) }),
    })),
    photo: photo && { ...photo, data: alone(photo.data) },
  };
}

/** What of an explanation that is sent can be handed over rather than copied: its maps and its photo. */
export function buffersOf({ maps, photo }: ExplanationRecord): Transferable[] {
  const values = [
    ...maps.flatMap((map) => [map, ...map.components ?? []]).flatMap((
      { heatmap, raw },
    ) => [heatmap.data, raw.data]),
    ...photo ? [photo.data] : [],
  ];
  return [...new Set(values.map(({ buffer }) => buffer as ArrayBuffer))];
}
