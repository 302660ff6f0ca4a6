import { type Reply, UnreachableError } from "./send.ts";

/** What went wrong, for people. */
export interface Trouble {
  /** What happened. */
  readonly title: string;
  /** What to do. */
  readonly advice: string;
  /** The server's own words, where there are any. */
  readonly detail?: string | undefined;
}

/** The server answered that it will not, or cannot. */
export class RefusedError extends Error {
  override name = "RefusedError";

  /**
   * @param status The HTTP status.
   * @param code A word for the kind of problem, where the server gives one.
   * @param detail One sentence of the server's.
   * @param retryAfter After how many seconds to ask again, where the server says.
   */
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    readonly detail: string | undefined,
    readonly retryAfter: number | undefined,
  ) {
    super(detail ?? `The server answered with ${status}`);
  }
}

/** Make sure that a reply is what was asked for. */
export async function checkReply(reply: Reply): Promise<Reply> {
  if (reply.status >= 200 && reply.status < 300) return reply;
  let problem: { readonly code?: unknown; readonly detail?: unknown } = {};
  try {
    problem = JSON.parse(await reply.body.text()) ?? {};
  } catch { /* such as a proxy's page */ }
  const text = (value: unknown) => typeof value === "string" ? value : undefined;
  const seconds = Number(reply.header("retry-after") ?? NaN);
  throw new RefusedError(
    reply.status,
    text(problem.code),
    text(problem.detail),
    Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
  );
}

/** What the statuses mean here, and what to do. */
const byStatus: Readonly<Record<number, readonly [title: string, advice: string]>> = {
  400: ["The server could not use this request", "Change what was chosen last, or undo it."],
  401: ["The server asks for a token", "Enter the token that you were given."],
  403: ["The server does not allow this", "Ask whoever runs it."],
  404: ["The server does not know this", "It may have been restarted with another model: reload the page."],
  408: ["The photo took too long to arrive", "Check the connection, and try again."],
  413: [
    "The photo is too large for this server",
    "Switch “Send the photo as it is” off, or choose a smaller one.",
  ],
  415: ["The server does not take this kind of file", "Choose a JPEG, PNG or WebP."],
  422: ["This could not be explained", "Choose another photo, class, layer or method."],
  429: ["You have asked more often than the server allows", "Wait a little, and try again."],
  501: [
    "The model has a part that this server cannot compute",
    "Ask whoever runs it to try another backend.",
  ],
  503: ["The server is busy", "Try again in a moment."],
};

/** What some problems mean, more closely than by their status. */
const byCode: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  "photo-undecodable": [
    "This file cannot be read as a photo",
    "It may be damaged, or of a kind that is not known: choose another, such as a JPEG or PNG.",
  ],
  "class-not-found": ["The model has no such class", "Choose one of its classes, or undo."],
  "layer-not-found": ["The model has no such layer", "Choose one of its layers, or undo."],
  "time-limit": [
    "The work took longer than the server allows",
    "Choose a quicker method, a later layer or a smaller photo.",
  ],
};

/** What is said of an error. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof UnreachableError) {
    return {
      title: "The server cannot be reached",
      advice: "Check that it is running and that you are connected, and try again.",
    };
  }
  if (error instanceof RefusedError) {
    const known = (error.code === undefined ? undefined : byCode[error.code]) ?? byStatus[error.status];
    const [title, advice] = known ??
      ["The server could not answer", "Try again; its log says why it failed."];
    return { title, advice, detail: error.detail };
  }
  return {
    title: "Something went wrong on this page",
    advice: "Try again, or reload the page.",
    detail: error instanceof Error ? error.message : String(error),
  };
}
