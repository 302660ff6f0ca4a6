/**
 * Explanations over HTTP: a function from a request to a response, with a page to try it on.
 *
 * @module
 */
export { createHandler } from "./handler.ts";
export type { HandlerOptions } from "./service.ts";
