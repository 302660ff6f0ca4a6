import { release } from "../../base/release.ts";
import { Turns } from "../../base/turns.ts";
import { GrowingBuffer } from "./growing_buffer.ts";
import { Pace, type PaceOptions } from "./pace.ts";

/** Why a stream was not read to its end. */
export type Stop = "large" | "late" | "slow" | "cut" | "left";

/** A stream was not read to its end. */
export class StoppedError extends Error {
  /** The class's own name, also after minification. */
  override name = "StoppedError";

  /** @param why Why. */
  constructor(readonly why: Stop) {
    super(why);
  }
}

/** Options of {@linkcode readStream}. */
export interface ReadStreamOptions extends PaceOptions {
  /** The most bytes that are read. */
  readonly maxBytes: number;
  /** How many bytes are said to come, where that is known; it may not be true. */
  readonly declared?: number | undefined;
  /** Told of memory before it is taken, in bytes; what it throws stops the reading. */
  readonly onGrow?: ((bytes: number) => void) | undefined;
  /** Told how many bytes have come so far. */
  readonly onBytes?: ((length: number) => void) | undefined;
  /**
   * Whether it is enough when as much has come as was declared: the end is left to be read.
   * @default {false}
   */
  readonly leaveEnd?: boolean;
  /** Stops the reading, as its sender has left. */
  readonly signal?: AbortSignal | undefined;
}

/** After how long others have a turn where bytes come without a pause, in milliseconds. */
const longestMs = 10;

/**
 * How much is read at a time at most, in bytes. Deno gives each chunk of a body by itself and takes the time of the whole
 * room that it has for it, for which reason that is small; it waits for ever where not even the line fits that says how
 * long a chunk is.
 */
const windowBytes = 2 ** 14;

/** Reads some more bytes of a stream, which count until the next are read; none at its end. */
interface Reader {
  next(): Promise<Uint8Array | undefined>;
  cancel(): Promise<void>;
  releaseLock(): void;
}

/** What a stream fails with is that it was cut short. */
async function orCut<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch {
    throw new StoppedError("cut");
  }
}

/** A stream of bytes writes into one small window, without a chunk of its own for each piece. */
function readByWindow(reader: ReadableStreamBYOBReader): Reader {
  let window = new ArrayBuffer(windowBytes);
  return {
    async next() {
      const { done, value } = await orCut(reader.read(new Uint8Array(window)));
      if (done) return undefined;
      window = value.buffer; // which the stream has had meanwhile
      return value;
    },
    cancel: () => reader.cancel(),
    releaseLock: () => reader.releaseLock(),
  };
}

/** Streams whose chunks nobody else has. */
const ownStreams = new WeakSet<ReadableStream<Uint8Array>>();

/**
 * Say that the chunks of a stream are whoever's who reads it: their memory is then given back as soon as they are read, where
 * the collector would leave tens of megabytes to add up.
 */
export function ownChunks(stream: ReadableStream<Uint8Array>): void {
  ownStreams.add(stream);
}

/** @param forget Told of each chunk when it was read; its memory may still be its sender's. */
function readByChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  forget: (chunk: Uint8Array) => void,
): Reader {
  let last: Uint8Array | undefined;
  return {
    async next() {
      if (last) forget(last);
      return last = (await orCut(reader.read())).value;
    },
    cancel: () => reader.cancel(),
    releaseLock: () => reader.releaseLock(),
  };
}

function openReader(stream: ReadableStream<Uint8Array>): Reader {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch { // not every stream can
    return readByChunk(stream.getReader(), ownStreams.has(stream) ? release : () => {});
  }
  return readByWindow(reader);
}

/**
 * Read a stream into one buffer. One that is not read to its end is cancelled.
 *
 * @throws {StoppedError} If it is too large, too slow, was cut short, or its sender has left.
 * @throws What `onGrow` throws.
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  options: ReadStreamOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, declared, leaveEnd = false, onGrow, onBytes, signal } = options;
  if (signal?.aborted) throw new StoppedError("left");
  const buffer = new GrowingBuffer({ maxBytes, declared, onGrow });
  const reader = openReader(stream);
  const turns = new Turns(undefined, longestMs);
  let stop: Stop | undefined;
  const end = (why: Stop) => {
    stop ??= why;
    reader.cancel().catch(() => {}); // which ends the read that waits
  };
  const leave = () => end("left");
  signal?.addEventListener("abort", leave, { once: true });
  const pace = new Pace(options, () => buffer.length, end);
  try {
    for (let chunk; (chunk = await reader.next());) {
      onBytes?.(buffer.length + chunk.length);
      if (buffer.length + chunk.length > maxBytes) throw new StoppedError("large");
      buffer.append(chunk);
      if (leaveEnd && buffer.length === declared) break;
      await turns.next();
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (stop === undefined) throw error;
  } finally {
    pace.end();
    signal?.removeEventListener("abort", leave);
  }
  if (stop !== undefined) throw new StoppedError(stop);
  reader.releaseLock();
  return buffer.bytes;
}
