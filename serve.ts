/**
 * Grad-CAM as a service, for `deno serve` and edge hosts, with the embedded ImageNet model.
 *
 * ```sh
 * deno serve --allow-net jsr:@xai/gradcam/serve
 * curl --form photo=@cat.jpg http://localhost:8000/explain --output overlay.png
 * ```
 *
 * `createHandler` makes the same with your own model and limits.
 *
 * @example Your own model
 * ```ts ignore
 * import { createHandler } from "jsr:@xai/gradcam/serve";
 *
 * export default { fetch: createHandler({ model: "https://example.com/model.json" }) };
 * ```
 *
 * @module
 */
import { announceIsolate } from "./src/platform/isolates.ts";
import { drainOnTermination } from "./src/platform/termination.ts";
import { createHandler, createService, type ExplainService, logLine } from "./src/server/mod.ts";

export { createHandler, createService, logLine };
export type {
  ConnectionInfo,
  DrainOptions,
  ExplainService,
  HandlerOptions,
  LimitOptions,
  PhotoCacheOptions,
  RateLimit,
  RequestRecord,
  ServedModel,
  ServiceState,
} from "./src/server/mod.ts";

announceIsolate(); // before the first request needs to know how many there are

/** What `deno serve` and edge hosts look for: a handler of requests. */
const service: ExplainService = createService();

if (import.meta.main) drainOnTermination(service.drain); // a program that imports this one ends as it likes

export default service;
