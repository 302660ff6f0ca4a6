import type { Destination } from "./destination.ts";
import { findExisting } from "./existing.ts";
import type { ExplainRequest } from "./explain_request.ts";
import { uniqueStems } from "./output_names.ts";

/** A request whose folders were looked through: the photos that are still to be explained. */
export interface OpenRequest extends ExplainRequest {
  /** The stem of each photo's results. */
  readonly stems: readonly string[];
  /** How many photos were passed over, since their results are there. */
  readonly skipped: number;
}

/** The photos that are still to be explained, with the names of their results. */
export async function leaveOutExisting(
  request: ExplainRequest,
  destination: Destination,
): Promise<OpenRequest> {
  const { photos, kinds, classes, methods, card, drawing: { format } } = request;
  const stems = uniqueStems(photos);
  if (!request.skipExisting) return { ...request, stems, skipped: 0 };
  const isDone = await findExisting({ destination, kinds, classes, methods, format, hasCards: card });
  const open = [...stems.keys()].filter((at) => !isDone(stems[at]!));
  return {
    ...request,
    photos: open.map((at) => photos[at]!),
    stems: open.map((at) => stems[at]!),
    skipped: photos.length - open.length,
  };
}
