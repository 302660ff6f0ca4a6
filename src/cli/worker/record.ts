import { cut } from "../../base/quote.ts";
import { type ExplainRequest, readExplainRequest } from "../explain_request.ts";
import type { Values } from "../values.ts";
import { type Failure, failure, failureOf } from "./failures.ts";
import type { Line } from "../../platform/lines.ts";
import { withRecordOptions } from "./record_options.ts";

/** What a line is, whether it can be worked on or not. */
export interface RecordName {
  /** The number of the line, or of the photo in a list, from 1. */
  readonly line: number;
  /** As the record says, else its photo's path or URL; `null` where it has neither. */
  readonly id: unknown;
  /** What goes through to the result as it is; left out where there is none. */
  readonly pass?: unknown;
}

/** What is to be worked on. */
export interface WorkRecord extends RecordName {
  /** A path or a URL, or the file's content. */
  readonly photo: string | Uint8Array<ArrayBuffer>;
  /** What is asked of it. */
  readonly request: ExplainRequest;
}

/** A record, or why it is none. */
export type ReadRecord = WorkRecord | (RecordName & { readonly failure: Failure });

/** Whether there is something to work on. */
export function isWork(record: ReadRecord): record is WorkRecord {
  return "photo" in record;
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an operand stands for in messages and in {@linkcode readExplainRequest}, where the photo is its content. */
const unnamed = "photo";

/** The photo of a record, or what is wrong with it. */
function photoOf({ photo, bytes }: Members): WorkRecord["photo"] | Failure {
  const bad = (message: string) => failure("bad-record", message);
  if (photo !== undefined && bytes !== undefined) {
    return bad('Cannot use "photo" with "bytes": give one of them');
  }
  if (typeof photo === "string" && photo !== "" && photo !== "-") return photo;
  if (photo !== undefined) return bad(`Cannot use photo ${cut(JSON.stringify(photo))}: give a path or a URL`);
  if (typeof bytes !== "string") {
    return bad('Cannot find a photo: give "photo", a path or a URL, or "bytes" in base64');
  }
  try {
    return Uint8Array.fromBase64(bytes);
  } catch {
    return bad('Cannot use "bytes": give the file\'s content in base64');
  }
}

function readMembers(members: Members, line: number, values: Values): ReadRecord {
  const { id, photo: place, bytes: _, pass, ...options } = members;
  const name: RecordName = {
    line,
    id: id ?? (typeof place === "string" ? place : null),
    ...(pass !== undefined && { pass }),
  };
  const photo = photoOf(members);
  if (typeof photo === "object" && "code" in photo) return { ...name, failure: photo };
  try {
    const operands = [typeof photo === "string" ? photo : unnamed];
    const request = readExplainRequest(withRecordOptions(values, options).with({}, operands));
    return { ...name, photo, request };
  } catch (error) {
    return { ...name, failure: failureOf(error) };
  }
}

/**
 * A record of a photo by its place, with no options of its own.
 *
 * @param line Its number in the list.
 */
export function recordOfPhoto(photo: string, line: number, values: Values): ReadRecord {
  return readMembers({ photo }, line, values);
}

/**
 * Read a line of JSON.
 *
 * @param values The command line's, in whose places the record's options stand.
 */
export function readRecord({ number, text, bytes }: Line, values: Values): ReadRecord {
  const refuse = (failure: Failure): ReadRecord => ({ line: number, id: null, failure });
  if (text === undefined) {
    return refuse(
      failure("line-too-long", `Cannot read a line of ${bytes} bytes: it is longer than --max-line`),
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = cut((error as Error).message, 200);
    return refuse(failure("not-json", `Cannot read line ${number}: it is no JSON: ${reason}`));
  }
  if (isObject(value)) return readMembers(value, number, values);
  const what = cut(JSON.stringify(value), 60);
  return refuse(failure("bad-record", `Cannot use line ${number}, ${what}: give an object with a photo`));
}
