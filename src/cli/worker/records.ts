import { ImageError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { ReadError, toLocation } from "../../platform/files.ts";
import { expandFolders } from "../photos.ts";
import type { Values } from "../values.ts";
import { readLines } from "../../platform/lines.ts";
import { type ReadRecord, readRecord, recordOfPhoto } from "./record.ts";
import { isInShard, type Shard } from "./shard.ts";

/** A record, and how much of memory it takes until it is answered. */
export interface ArrivedRecord {
  readonly record: ReadRecord;
  readonly bytes: number;
}

/** How a list of photos is named: lines of JSON, or of paths. */
const jsonList = /\.(ndjson|jsonl)$/i;
const pathList = /\.(txt|lst|list)$/i;

/** What a record of a photo's path takes beside it, in bytes. */
const smallRecord = 1000;

/** The records of a stream of JSON, a line each. */
export async function* recordsOfStream(
  stream: ReadableStream<Uint8Array>,
  values: Values,
  longestLine: number,
): AsyncGenerator<ArrivedRecord, void, undefined> {
  for await (const line of readLines(stream, longestLine)) {
    yield { record: readRecord(line, values), bytes: line.bytes };
  }
}

async function openList(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "no such file" : (error as Error).message;
    const cause = new ReadError(reason, error instanceof Deno.errors.NotFound ? "missing" : "other");
    throw new ImageError(`Cannot read list ${quote(path)}: ${reason}`, { cause });
  }
}

/** The records of operands before they are numbered: lists are read as they are gone through. */
async function* recordsOf(operand: string, values: Values, longestLine: number) {
  const isList = !(toLocation(operand) instanceof URL) && (jsonList.test(operand) || pathList.test(operand));
  if (!isList) {
    for (const photo of (await expandFolders([operand], values.flag("recursive"))).photos) {
      yield (number: number) => ({ record: recordOfPhoto(photo, number, values), bytes: smallRecord });
    }
    return;
  }
  const file = await openList(operand);
  for await (const line of readLines(file.readable, longestLine)) {
    const isPath = pathList.test(operand) && line.text !== undefined;
    yield (number: number) => ({
      record: isPath
        ? recordOfPhoto(line.text!.trim(), number, values)
        : readRecord({ ...line, number }, values),
      bytes: line.bytes + smallRecord,
    });
  }
}

/**
 * The records of a shard of photos, folders and lists, numbered through all of them. Records of other shards are not even
 * read.
 *
 * @throws {ImageError} If a list cannot be read.
 */
export async function* recordsOfOperands(
  values: Values,
  shard: Shard,
  longestLine: number,
): AsyncGenerator<ArrivedRecord, void, undefined> {
  let number = 0;
  for (const operand of values.operands) {
    for await (const make of recordsOf(operand, values, longestLine)) {
      if (isInShard(number++, shard)) yield make(number);
    }
  }
}
