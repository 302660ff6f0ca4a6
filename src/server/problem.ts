import {
  BackendError,
  ClassNotFoundError,
  ComputeError,
  ImageError,
  LayerNotFoundError,
} from "../base/errors.ts";

/** A request that cannot be answered: a status, and a sentence for whoever sent it. */
export class Problem extends Error {
  /** The class's own name, also after minification. */
  override name = "Problem";

  /**
   * @param status The HTTP status, 400 to 599.
   * @param detail One sentence: what failed, and after a colon what is allowed or what to do.
   * @param headers Headers that go with the status, such as `Allow`.
   * @param code The kind of problem in a short word that stays, for programs.
   */
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly code?: string,
  ) {
    super(detail);
  }
}

/** What each status is called, for the title of its problem details. */
const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  499: "Client Closed Request",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** Errors of the pipeline that the sender of a request is told as they are, and their status. */
// deno-lint-ignore no-explicit-any -- the parameters of constructors differ and do not matter here
const sendersErrors: readonly (readonly [new (...args: any[]) => Error, number])[] = [
  [ImageError, 422],
  [ClassNotFoundError, 422],
  [LayerNotFoundError, 422],
  [ComputeError, 501], // the operator's matter, who is told too
  [RangeError, 400],
];

/**
 * What to answer when something was thrown. What the sender cannot mend is told without its internals.
 *
 * @param error What was thrown.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const known = sendersErrors.find(([type]) => error instanceof type);
  if (known) return new Problem(known[1], (error as Error).message);
  if (error instanceof BackendError) return new Problem(503, "The server has no backend to compute on");
  return new Problem(500, "The server could not explain the photo: its log says why");
}

/** A problem as RFC 9457 has it. */
export function problemResponse({ status, detail, headers, code }: Problem): Response {
  const body = { type: "about:blank", title: titles[status] ?? "Error", status, detail, ...code && { code } };
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}
