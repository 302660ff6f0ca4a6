import * as errors from "../base/errors.ts";

/** An error as it travels between threads. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** The classes that errors arrive as; any other arrives as an `Error` of its name. */
const classes: ReadonlyMap<string, new (message: string) => Error> = new Map([
  ...Object.values(errors).map((type) => [type.name, type] as const),
  ["RangeError", RangeError],
  ["TypeError", TypeError],
]);

/** What of an error can be sent. */
export function sendError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return { name, message, stack };
}

/** The error that was sent, of its own class. */
export function receiveError({ name, message, stack }: SentError): Error {
  const type = classes.get(name);
  const error = type ? new type(message) : new Error(message);
  if (!type) error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
