import type { ExplanationRecord } from "../explain/explanation.ts";

/** Values with a buffer of their own: one that is part of a larger buffer would take all of it along. */
function alone<Values extends Float32Array | Uint8ClampedArray>(values: Values): Values {
  return (values.byteLength === values.buffer.byteLength ? values : values.slice()) as Values;
}

/** An explanation as it travels between threads: plain, without parts of larger buffers. */
export function sendExplanation(explanation: ExplanationRecord): ExplanationRecord {
  const { maps, photo } = explanation;
  return {
    ...explanation,
    maps: maps.map((map) => ({
      ...map,
      heatmap: { ...map.heatmap, data: alone(map.heatmap.data) },
      raw: { ...map.raw, data: alone(map.raw.data) },
    })),
    photo: photo && { ...photo, data: alone(photo.data) },
  };
}

/** What of an explanation that is sent can be handed over rather than copied: its maps and its photo. */
export function buffersOf({ maps, photo }: ExplanationRecord): Transferable[] {
  const values = [
    ...maps.flatMap(({ heatmap, raw }) => [heatmap.data, raw.data]),
    ...photo ? [photo.data] : [],
  ];
  return [...new Set(values.map(({ buffer }) => buffer as ArrayBuffer))];
}
