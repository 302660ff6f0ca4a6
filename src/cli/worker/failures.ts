import {
  BackendError,
  ClassNotFoundError,
  ComputeError,
  DiskFullError,
  GradcamError,
  ImageError,
  LayerNotFoundError,
  ModelError,
  OutputError,
} from "../../base/errors.ts";
import { ReadError } from "../../platform/files.ts";
import { describeError } from "../describe_error.ts";
import { UsageError } from "../usage_error.ts";

/** Why a record has no result, as programs read it. The code never changes its meaning. */
export interface Failure {
  /** What kind of failure it is, as in the table of docs/worker.md. */
  readonly code: FailureCode;
  /** What went wrong, in one line for people. */
  readonly message: string;
  /** Whether the same record may succeed when it is tried again. */
  readonly retry: boolean;
}

/** A kind of failure. */
interface FailureKind {
  readonly code: string;
  readonly retry: boolean;
  /** What it means, for the documentation. */
  readonly what: string;
  /** Whether an error is of this kind; left out where it comes of no error. */
  is?(error: unknown): boolean;
}

/** Errors of memory that could not be had, of V8, of WebAssembly, of a GPU. */
const noMemory =
  /out of memory|memory allocation|allocation failed|could not allocate|cannot allocate|no memory left/i;

function readErrorOf(error: unknown): ReadError | undefined {
  const { cause } = error as Error;
  return cause instanceof ReadError ? cause : undefined;
}

/** What can go wrong with a record. An error is of the first kind that it fits. */
export const failureKinds = [
  { code: "not-json", retry: false, what: "the line is no JSON" },
  {
    code: "bad-record",
    retry: false,
    what: "the line is JSON, but no record: no object, or without a photo",
  },
  { code: "line-too-long", retry: false, what: "the line is longer than --max-line says" },
  { code: "worker-ended", retry: true, what: "the thread that worked on it broke down" },
  {
    code: "disk-full",
    retry: true,
    what: "no room is left for a file; the worker ends",
    is: (error) => error instanceof DiskFullError,
  },
  {
    code: "out-of-memory",
    retry: true,
    what: "memory ran out",
    is: (error) => error instanceof Error && noMemory.test(error.message),
  },
  {
    code: "unreachable",
    retry: true,
    what: "a server could not be reached, or answers 408, 425, 429 or 5xx",
    is: (error) => error instanceof GradcamError && readErrorOf(error)?.kind === "unreachable",
  },
  {
    code: "photo-missing",
    retry: false,
    what: "there is no such photo",
    is: (error) => error instanceof ImageError && readErrorOf(error)?.kind === "missing",
  },
  {
    code: "bad-photo",
    retry: false,
    what: "the photo cannot be read or decoded, or is too large",
    is: (error) => error instanceof ImageError,
  },
  {
    code: "no-such-layer",
    retry: false,
    what: "the model has no such layer",
    is: (error) => error instanceof LayerNotFoundError,
  },
  {
    code: "no-such-class",
    retry: false,
    what: "the model has no such class",
    is: (error) => error instanceof ClassNotFoundError,
  },
  {
    code: "cannot-compute",
    retry: false,
    what: "the backend cannot compute the model",
    is: (error) => error instanceof ComputeError || error instanceof BackendError,
  },
  {
    code: "bad-model",
    retry: false,
    what: "the model cannot be opened or explained",
    is: (error) => error instanceof ModelError,
  },
  {
    code: "no-output",
    retry: false,
    what: "a file cannot be written",
    is: (error) => error instanceof OutputError,
  },
  {
    code: "bad-option",
    retry: false,
    what: "an option is unknown, of a wrong type or out of range",
    is: (error) => error instanceof UsageError || error instanceof RangeError || error instanceof TypeError,
  },
  { code: "internal", retry: false, what: "a fault of this program", is: () => true },
] as const satisfies readonly FailureKind[];

/** The code of a kind of failure. */
export type FailureCode = (typeof failureKinds)[number]["code"];

/** How the worker ends that cannot go on: a retry will not mend it (EX_SOFTWARE of sysexits), or may (EX_TEMPFAIL). */
export const endCodes = { failed: 70, retry: 75 } as const;

/** What an error comes to. */
export function failureOf(error: unknown): Failure {
  const kinds: readonly (FailureKind & { readonly code: FailureCode })[] = failureKinds;
  const { code, retry } = kinds.find(({ is }) => is?.(error))!;
  return { code, message: describeError(error), retry };
}

/** A failure of a kind that comes of no error. */
export function failure(code: FailureCode, message: string): Failure {
  return { code, message, retry: failureKinds.find((kind) => kind.code === code)!.retry };
}
