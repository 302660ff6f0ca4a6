import type { RequestRecord } from "./options.ts";

/**
 * One line of JSON for a log, without its line's end: what is known of a request that has been answered, and nothing of its
 * photo.
 *
 * @param record As `onRequest` is told it.
 *
 * @example
 * ```ts
 * import { createService, logLine } from "@xai/gradcam/serve";
 *
 * const service = createService({ onRequest: (record) => console.log(logLine(record)) });
 * await service.fetch(new Request("http://localhost/healthz"));
 * await service.close();
 * ```
 */
export function logLine({ time, ms, ...record }: RequestRecord): string {
  return JSON.stringify({ time, ...record, ms: Math.round(ms * 10) / 10 });
}
