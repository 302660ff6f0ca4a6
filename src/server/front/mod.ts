/**
 * What stands before the routes, in order: the first sees the request first and the answer last. A new one is its file and
 * its line.
 *
 * @module
 */
import type { Front } from "../exchange.ts";
import { answerProblems } from "./problems.ts";
import { setHeaders } from "./headers.ts";

/** All of them. */
export const fronts: readonly Front[] = Object.freeze([
  setHeaders,
  answerProblems,
]);
