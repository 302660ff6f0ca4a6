/**
 * What stands before the routes, in order: the first sees the request first and the answer last. A new one is its file and
 * its line.
 *
 * @module
 */
import type { Front } from "../exchange.ts";
import { admitClients } from "./admit.ts";
import { compressText } from "./compress.ts";
import { letOriginsAsk } from "./cors.ts";
import { tagStatic } from "./etag.ts";
import { leaveContentOut } from "./head.ts";
import { setHeaders } from "./headers.ts";
import { answerProblems } from "./problems.ts";
import { recordRequest } from "./record.ts";
import { timeParts } from "./timing.ts";

/** All of them. */
export const fronts: readonly Front[] = Object.freeze([
  recordRequest,
  timeParts,
  leaveContentOut,
  setHeaders,
  letOriginsAsk,
  tagStatic,
  compressText,
  answerProblems,
  admitClients,
]);
