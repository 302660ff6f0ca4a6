import { GradcamError } from "../base/errors.ts";
import { cut, quote } from "../base/quote.ts";
import { Interrupted } from "./interrupted.ts";
import { UsageError } from "./usage_error.ts";

/** Errors whose message was written for the user. */
const ownErrors = [GradcamError, UsageError, Interrupted, RangeError];

/** The longest line, in characters: what is ours is shorter. */
const longest = 1000;

/** What the rest of the line says of an error that this package did not foresee. */
const debugHint = "run again with --debug for where it happened";

/** The error and what caused it, outermost first. */
function* causes(error: unknown): Generator<unknown> {
  for (let depth = 0; depth < 8 && error !== undefined && error !== null; depth++) {
    yield error;
    error = error instanceof Error ? error.cause : undefined;
  }
}

/** Deno's own words for a permission that was not granted, as one of ours that names the flag. */
function describePermission(error: Error): string {
  const match = /^Requires (\w+) access(?: to (.+?))?, run again with the (--[\w-]+) flag/.exec(
    error.message,
  );
  if (!match) return error.message;
  const [, kind, target = "", flag] = match;
  const value = target.replace(/^"(.*)"$/, "$1");
  const scope = value === "" || value.startsWith("<") ? "" : `=${value}`;
  return `Permission denied${
    value === "" ? "" : ` to ${kind} ${quote(value)}`
  }: allow it with ${flag}${scope}`;
}

function describe(error: unknown): string {
  const denied = [...causes(error)].find((cause) => cause instanceof Deno.errors.NotCapable);
  if (error instanceof Error && ownErrors.some((type) => error instanceof type)) return error.message;
  if (denied) return describePermission(denied);
  if (error instanceof Error) return `${error.message || error.name} (${debugHint})`;
  return `${String(error)} (${debugHint})`;
}

/**
 * An error in one line, for people.
 *
 * @param error Anything thrown.
 */
export function describeError(error: unknown): string {
  return cut(describe(error).replace(/\s*\n\s*/g, " ").trim(), longest);
}

/**
 * An error with its stack and those of its causes, for who mends it.
 *
 * @param error Anything thrown.
 */
export function errorStack(error: unknown): string {
  return [...causes(error)].map((cause) =>
    cause instanceof Error ? cause.stack ?? cause.message : String(cause)
  )
    .join("\nCaused by: ");
}
