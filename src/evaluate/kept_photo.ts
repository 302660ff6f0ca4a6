import type { EvaluatedMap, EvaluatedNumber, EvaluatedPhoto } from "./evaluated.ts";

/** A map as a line has it: its cells as bytes in base64. */
interface KeptMap extends Omit<EvaluatedMap, "heatmap"> {
  readonly heatmap: { readonly height: number; readonly width: number; readonly data: string };
}

function withoutTime<Timed extends { readonly ms?: number | undefined }>(timed: Timed): Timed {
  const { ms: _, ...rest } = timed;
  return rest as Timed;
}

function keepMap(map: EvaluatedMap, times: boolean): KeptMap {
  const { heatmap: { height, width, data }, ...rest } = map;
  const bytes = Uint8Array.from(data, (value) => Math.round(value * 255));
  const kept = { ...rest, heatmap: { height, width, data: bytes.toBase64() } };
  const numbers: readonly EvaluatedNumber[] = times ? map.measurements : map.measurements.map(withoutTime);
  return { ...times ? kept : withoutTime(kept), measurements: numbers };
}

function takeMap({ heatmap: { height, width, data }, ...rest }: KeptMap): EvaluatedMap {
  const cells = Float32Array.from(Uint8Array.fromBase64(data), (byte) => byte / 255);
  if (cells.length !== height * width) throw new RangeError("a map has other cells than its size says");
  return { ...rest, heatmap: { height, width, data: cells } };
}

/**
 * A photo's results as a line of JSON, without its end.
 *
 * @param times Whether how long things took is kept, which is never the same twice.
 */
export function lineOf(photo: EvaluatedPhoto, times: boolean): string {
  return JSON.stringify({ ...photo, maps: photo.maps.map((map) => keepMap(map, times)) });
}

/**
 * A photo's results from such a line.
 *
 * @throws If it is none.
 */
export function photoOf(line: string): EvaluatedPhoto {
  const photo = JSON.parse(line) as Omit<EvaluatedPhoto, "maps"> & { readonly maps: readonly KeptMap[] };
  const isPhoto = Number.isInteger(photo.index) && typeof photo.photo === "string" &&
    Array.isArray(photo.maps);
  if (!isPhoto) throw new TypeError("it is no photo's");
  return { ...photo, maps: photo.maps.map(takeMap) };
}
