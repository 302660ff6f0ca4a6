import type { Destination } from "../destination.ts";
import type { ExplainRequest } from "../explain_request.ts";

/** With fewer photos for each, workers take longer to start than they save. */
const photosPerJob = 24;

/**
 * How many workers explain the photos: as many as asked for, else as many as there are cores where the photos are many.
 * One means none: the photos are explained here, on all threads.
 *
 * @param request What the command line asks for.
 * @param destination Where results go.
 */
export function countJobs({ photos, jobs, options }: ExplainRequest, destination: Destination): number {
  const mustStayHere = destination.kind !== "folder" || photos.includes("-") ||
    options.backend === "webgpu" ||
    typeof SharedArrayBuffer === "undefined" || typeof Worker === "undefined";
  if (mustStayHere) return 1;
  if (jobs !== undefined) return Math.min(jobs, photos.length);
  return Math.max(Math.min(navigator.hardwareConcurrency, Math.floor(photos.length / photosPerJob)), 1);
}
