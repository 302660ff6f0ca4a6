/**
 * Hostile requests of many kinds, for tests and for the load generator. It is not published.
 *
 * @module
 */
import { brokenForms, emptyBodies, manyFields, packedBodies, severalPhotos, wrongLengths } from "./bodies.ts";
import { damaged, directories, foreign, frames, truncated } from "./files.ts";
import { jpegScans, jpegSegments } from "./jpeg.ts";
import { brokenJson, inwardUrls, wrongJson } from "./json.ts";
import { costly, nastyValues, oddParameters } from "./parameters.ts";
import { pngChunks, pngSizes } from "./png.ts";
import { badChunks, bytesInHeads, halfHeads, largeHeads, lengths, pipelines, versions } from "./raw.ts";
import type { Kind } from "./request.ts";
import { methods, oddHeaders, oddPaths, targets } from "./targets.ts";

export type { Hostile, Kind, Samples } from "./request.ts";

/** All kinds by name. A new one is one line. */
export const kinds: Readonly<Record<string, Kind>> = {
  "half heads": halfHeads,
  "bad chunks": badChunks,
  "lengths": lengths,
  "large heads": largeHeads,
  "pipelines": pipelines,
  "versions": versions,
  "bytes in heads": bytesInHeads,
  "targets": targets,
  "methods": methods,
  "paths": oddPaths,
  "headers": oddHeaders,
  "empty bodies": emptyBodies,
  "wrong lengths": wrongLengths,
  "broken forms": brokenForms,
  "many fields": manyFields,
  "several photos": severalPhotos,
  "packed bodies": packedBodies,
  "broken JSON": brokenJson,
  "wrong JSON": wrongJson,
  "inward URLs": inwardUrls,
  "nasty values": nastyValues,
  "odd parameters": oddParameters,
  "costly wishes": costly,
  "PNG sizes": pngSizes,
  "PNG chunks": pngChunks,
  "JPEG scans": jpegScans,
  "JPEG segments": jpegSegments,
  "truncated": truncated,
  "damaged": damaged,
  "foreign files": foreign,
  "frames": frames,
  "directories": directories,
};
