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
  /** Stops the reading, as its sender has left. */
  readonly signal?: AbortSignal | undefined;
}

/** After how long others have a turn where bytes come without a pause, in milliseconds. */
const longestMs = 10;

/** Reads more of a stream into a buffer, and says whether there was more. */
interface Reader {
  next(): Promise<boolean>;
  cancel(): Promise<void>;
}

/** What a stream fails with is that it was cut short. */
async function orCut<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch {
    throw new StoppedError("cut");
  }
}

/** A stream of bytes writes straight into the buffer, without a chunk of its own for each piece. */
function readInto(reader: ReadableStreamBYOBReader, buffer: GrowingBuffer): Reader {
  return {
    async next() {
      const { done, value } = await orCut(reader.read(buffer.room));
      if (value) buffer.take(value); // at the end too: then it brings the buffer back
      return !done;
    },
    cancel: () => reader.cancel(),
  };
}

function readChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  buffer: GrowingBuffer,
  maxBytes: number,
): Reader {
  return {
    async next() {
      const { done, value } = await orCut(reader.read());
      if (done) return false;
      if (buffer.length + value.length > maxBytes) throw new StoppedError("large");
      buffer.append(value);
      return true;
    },
    cancel: () => reader.cancel(),
  };
}

function openReader(stream: ReadableStream<Uint8Array>, buffer: GrowingBuffer, maxBytes: number): Reader {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch { // not every stream can
    return readChunks(stream.getReader(), buffer, maxBytes);
  }
  return readInto(reader, buffer);
}

/**
 * Read a stream to its end into one buffer. One that is not read to its end is cancelled.
 *
 * @throws {StoppedError} If it is too large, too slow, was cut short, or its sender has left.
 * @throws What `onGrow` throws.
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  options: ReadStreamOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, declared, onGrow, onBytes, signal } = options;
  if (signal?.aborted) throw new StoppedError("left");
  const buffer = new GrowingBuffer({ maxBytes, declared, onGrow });
  const reader = openReader(stream, buffer, maxBytes);
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
    while (await reader.next()) {
      onBytes?.(buffer.length);
      if (buffer.length > maxBytes) throw new StoppedError("large");
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
  return buffer.bytes;
}
