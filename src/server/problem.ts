import {
  BackendError,
  ClassNotFoundError,
  ComputeError,
  ImageError,
  LayerNotFoundError,
} from "../base/errors.ts";
import { jsonResponse } from "./json_response.ts";

/** What a status is called, and the code of problems that have none of their own. */
interface Status {
  readonly title: string;
  readonly code: string;
}

function status(title: string, code: string): Status {
  return { title, code };
}

/** All statuses of problems. */
export const statuses: Readonly<Record<number, Status>> = Object.freeze({
  400: status("Bad Request", "bad-request"),
  401: status("Unauthorized", "unauthorized"),
  404: status("Not Found", "not-found"),
  405: status("Method Not Allowed", "method-not-allowed"),
  406: status("Not Acceptable", "not-acceptable"),
  408: status("Request Timeout", "too-slow"),
  413: status("Content Too Large", "too-large"),
  415: status("Unsupported Media Type", "unsupported-type"),
  422: status("Unprocessable Content", "unprocessable"),
  429: status("Too Many Requests", "too-many-requests"),
  431: status("Request Header Fields Too Large", "headers-too-large"),
  499: status("Client Closed Request", "client-left"),
  500: status("Internal Server Error", "internal"),
  501: status("Not Implemented", "not-computable"),
  503: status("Service Unavailable", "busy"),
});

/** The longest sentence that a problem has, in characters: what was sent may be quoted in it. */
const longestDetail = 600;

/** A text that is not too long, without half a character at its end. */
function cut(text: string): string {
  return text.length > longestDetail ? `${text.slice(0, longestDetail).toWellFormed()}…` : text;
}

/** A request that cannot be answered: a status, and a sentence for whoever sent it. */
export class Problem extends Error {
  /** The class's own name, also after minification. */
  override name = "Problem";
  /** One sentence: what failed, and after a colon what is allowed or what to do. */
  readonly detail: string;

  /**
   * @param status The HTTP status, 400 to 599.
   * @param detail One sentence, which is cut where it is too long.
   * @param headers Headers that go with the status, such as `Allow`.
   * @param code A short word for programs, which stays what it is.
   */
  constructor(
    readonly status: number,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly code: string = statuses[status]?.code ?? "unknown",
  ) {
    super(cut(detail));
    this.detail = this.message;
  }
}

/** A status and a code for each error of the pipeline that the sender of a request is told as it is. */
// deno-lint-ignore no-explicit-any -- the parameters of constructors differ and do not matter here
const sendersErrors: readonly (readonly [new (...args: any[]) => Error, number, string])[] = [
  [ImageError, 422, "photo-undecodable"],
  [ClassNotFoundError, 422, "class-not-found"],
  [LayerNotFoundError, 422, "layer-not-found"],
  [ComputeError, 501, "not-computable"], // the operator's matter, who is told too
];

/** Whether the pipeline refuses a value on purpose; the platform's own range errors are faults of ours. */
export function isRefusal(error: unknown): error is RangeError {
  return error instanceof RangeError && /^(Cannot|Unknown) /.test(error.message);
}

/**
 * What to answer when something was thrown. What the sender cannot mend is told without its internals.
 *
 * @param error What was thrown.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const known = sendersErrors.find(([type]) => error instanceof type);
  if (known) return new Problem(known[1], (error as Error).message, {}, known[2]);
  if (isRefusal(error)) return new Problem(400, error.message, {}, "out-of-range");
  if (error instanceof BackendError) {
    const headers = { "retry-after": "10" };
    return new Problem(503, "The server has no backend to compute on", headers, "no-backend");
  }
  return new Problem(500, "The server could not answer: its log says why");
}

/** A problem as RFC 9457 has it. */
export function problemResponse({ status, detail, headers, code }: Problem): Response {
  const body = { type: "about:blank", title: statuses[status]?.title ?? "Error", status, detail, code };
  return jsonResponse(body, { status, headers: { ...headers, "content-type": "application/problem+json" } });
}
