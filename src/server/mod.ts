/**
 * Explanations over HTTP: a function from a request to a response, with a page to try it on.
 *
 * @module
 */
export {
  createHandler,
  createService,
  type DrainOptions,
  type ExplainService,
  type ServiceState,
} from "./handler.ts";
export type { LimitOptions } from "./limits.ts";
export { logLine } from "./log_line.ts";
export type {
  ConnectionInfo,
  HandlerOptions,
  PhotoCacheOptions,
  RateLimit,
  RequestRecord,
  ServedModel,
} from "./options.ts";
