import type { Exchange } from "../exchange.ts";
import { shown } from "../../base/options.ts";
import { Problem } from "../problem.ts";
import { readStream, type Stop, StoppedError } from "./read_stream.ts";
import type { Place } from "./receiving.ts";
import type { Limits } from "../limits.ts";

/** What is told of a sender who has left, for the log alone. */
export const senderLeft: Problem = new Problem(
  499,
  "Cannot answer the request: its sender has left",
  {},
  "client-left",
);

/** What to say of a body that was not read to its end. A connection on which more may come is not used again. */
const problems: Readonly<Record<Stop, (limits: Limits) => Problem>> = {
  large: ({ maxBodyBytes }) =>
    new Problem(
      413,
      `The request is too large: at most ${maxBodyBytes} bytes are taken`,
      { connection: "close" },
      "too-large",
    ),
  late: ({ bodyTimeoutMs }) => tooSlow(`it has to arrive within ${bodyTimeoutMs} ms`),
  slow: ({ minBytesPerSecond }) => tooSlow(`send at least ${minBytesPerSecond} bytes a second`),
  cut: () => new Problem(400, "Cannot read the request: it was cut short", {}, "cut-short"),
  left: () => senderLeft,
};

function tooSlow(wanted: string): Problem {
  return new Problem(408, `The request came too slowly: ${wanted}`, { connection: "close" }, "too-slow");
}

/** Packed bodies are not unpacked: they could unpack to far more than may be sent. */
function checkEncoding(headers: Headers): void {
  const encoding = headers.get("content-encoding")?.trim() ?? "";
  if (encoding === "" || encoding.toLowerCase() === "identity") return;
  throw new Problem(
    415,
    `Cannot take a request packed as ${shown(encoding)}: send it as it is, without content-encoding`,
    { "accept-encoding": "identity" },
    "unsupported-type",
  );
}

/** How long a body is said to be. */
function declaredLength(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

/**
 * Receive a request's body.
 *
 * @param exchange The request.
 * @param place Bounds the memory that is taken.
 * @throws {Problem} 408 if it comes too slowly, 413 if it is too large, 415 if it is packed, 503 if all bodies are too
 * large together, 400 if it was cut short.
 */
export async function receiveBody(exchange: Exchange, place: Place): Promise<Uint8Array<ArrayBuffer>> {
  const { request, service: { limits } } = exchange;
  checkEncoding(request.headers);
  const declared = declaredLength(request.headers);
  if (declared !== undefined && declared > limits.maxBodyBytes) throw problems.large(limits);
  if (!request.body) return new Uint8Array(0);
  try {
    return await readStream(request.body, {
      maxBytes: limits.maxBodyBytes,
      declared,
      leaveEnd: true,
      timeoutMs: limits.bodyTimeoutMs,
      minBytesPerSecond: limits.minBytesPerSecond,
      signal: exchange.signal,
      onGrow: (bytes) => place.hold(bytes),
      onBytes: (length) => exchange.received = length,
    });
  } catch (error) {
    throw error instanceof StoppedError ? problems[error.why](limits) : error;
  }
}

/** How long the end of a body that has come is waited for, in milliseconds. */
const endMs = 100;

/** A reader of what is left of a body. Deno has bodies that come with their heads before they are asked for. */
function openEnd(body: ReadableStream<Uint8Array>) {
  try {
    const reader = body.getReader({ mode: "byob" });
    return { reader: { read: () => reader.read(new Uint8Array(1)) }, isStreamed: true };
  } catch {
    return { reader: body.getReader(), isStreamed: false };
  }
}

/**
 * Read the end of a body that has come. Deno tells of a sender that leaves only when something is read of its body, for which
 * reason the end is left until the work on it would begin. It cannot be read either when the server is being shut down.
 *
 * @returns Whether it could be read; `undefined` where that says nothing, since it may have been read before, or the platform
 * has had the whole body before.
 * @throws {Problem} 400 if more was sent than was said.
 */
export async function readEnd({ body, headers }: Request): Promise<boolean | undefined> {
  if (!body || body.locked) return undefined;
  const { reader, isStreamed } = openEnd(body);
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), endMs);
  try {
    const end = await Promise.race([reader.read(), late]);
    if (end?.done === false) {
      throw new Problem(400, "Cannot read the request: it is longer than it says", {}, "length-invalid");
    }
    return isStreamed && end !== undefined && declaredLength(headers) !== undefined ? true : undefined;
  } catch (error) {
    if (error instanceof Problem) throw error;
    return false;
  } finally {
    clearTimeout(timer);
  }
}
