import { whyNoWorkers } from "../../platform/why_no_workers.ts";
import type { Destination } from "../destination.ts";
import { UsageError } from "../usage_error.ts";
import type { ExplainRequest } from "../explain_request.ts";
import { workerLocation } from "./worker_location.ts";

/** With fewer photos for each, workers take longer to start than they save. */
const photosPerJob = 24;

/** Why there can be no workers for a request; `undefined` where there can. */
function reasonAgainst(
  { photos, options, grid, card }: ExplainRequest,
  destination: Destination,
): string | undefined {
  if (destination.kind !== "folder" && grid === undefined) return "the results do not go into a folder";
  if (card) return "trust cards are made one after another";
  if (photos.includes("-")) return "a photo comes from standard input";
  if (options.backend === "webgpu") return "the GPU serves one at a time";
  return whyNoWorkers(workerLocation);
}

/**
 * How many workers explain the photos: as many as asked for, else as many as there are cores where the photos are many.
 * One means none: the photos are explained here, on all threads.
 *
 * @param request What the command line asks for.
 * @param destination Where results go.
 * @throws {UsageError} If several were asked for and cannot be had.
 */
export function countJobs(request: ExplainRequest, destination: Destination): number {
  const { photos, jobs } = request;
  const wanted = jobs ?? Math.min(navigator.hardwareConcurrency, Math.floor(photos.length / photosPerJob));
  const count = Math.max(Math.min(wanted, photos.length), 1);
  const reason = count > 1 ? reasonAgainst(request, destination) : undefined;
  if (reason === undefined) return count;
  if (jobs !== undefined) throw new UsageError(`Cannot use --jobs ${jobs}: ${reason}`);
  return 1;
}
