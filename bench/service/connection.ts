/**
 * A connection to a service that takes next to nothing of the cores that the service is measured on: requests are ready
 * bytes, and of answers the head is read and the body taken, whole, into the same memory.
 *
 * @module
 */

/** An answer, all of which has come. */
export interface Reply {
  readonly status: number;
  /** By their names in small letters; of several of a name the last. */
  readonly headers: ReadonlyMap<string, string>;
  /** The first bytes of its body. */
  readonly start: Uint8Array;
}

/** How many bytes of a body are kept. */
const keptBytes = 32;

/** The connection has ended before an answer began, as servers end those that were idle for long. */
class EndedError extends Error {}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A request as it is sent, with the headers that Deno's own client sends.
 *
 * @param url Where to.
 * @param content What is posted, and its media type.
 */
export function requestBytes(
  url: string,
  { body, type }: { readonly body: Uint8Array; readonly type: string },
): Uint8Array {
  const { host, pathname, search } = new URL(url);
  const head = encoder.encode([
    `POST ${pathname}${search} HTTP/1.1`,
    `content-type: ${type}`,
    "accept: */*",
    "accept-language: *",
    `user-agent: Deno/${Deno.version.deno}`,
    "accept-encoding: gzip,br",
    `host: ${host}`,
    `content-length: ${body.length}`,
    "\r\n",
  ].join("\r\n"));
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/** Where a head ends, the empty line included; −1 where that has not come yet. */
function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return -1;
}

/** A status and headers. */
function readHead(bytes: Uint8Array): Pick<Reply, "status" | "headers"> {
  const [first, ...lines] = decoder.decode(bytes).trimEnd().split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first!)?.[1]);
  if (!(status >= 200)) throw new Error(`Cannot read an answer that begins with "${first}"`);
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  return { status, headers };
}

/** How long a body is; it is known of all that the services send. */
function lengthOf({ status, headers }: Pick<Reply, "status" | "headers">): number {
  const length = Number(headers.get("content-length") ?? NaN);
  if (Number.isInteger(length)) return length;
  throw new Error(`Cannot read an answer with status ${status} that does not say how long it is`);
}

async function writeAll(socket: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
}

/** One connection, which is opened anew where the server has closed it. */
export class Connection {
  readonly #address: { readonly hostname: string; readonly port: number };
  readonly #buffer = new Uint8Array(2 ** 18);
  #socket: Deno.TcpConn | undefined;

  /** @param url Where to, over HTTP. */
  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#address = { hostname, port: Number(port || 80) };
  }

  /**
   * Send a request, and take all of the answer.
   *
   * @throws {Error} If the connection is lost, or what comes is no answer.
   */
  async send(request: Uint8Array): Promise<Reply> {
    const isReused = this.#socket !== undefined;
    try {
      return await this.#sendOnce(request);
    } catch (error) {
      this.close();
      if (!(isReused && error instanceof EndedError)) throw error;
      return await this.#sendOnce(request);
    }
  }

  /** Close it. */
  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #sendOnce(request: Uint8Array): Promise<Reply> {
    const socket = this.#socket ??= await this.#open();
    const writing = writeAll(socket, request).then(() => true, () => false); // an answer may come before all is sent
    const reply = await this.#read(socket);
    const isOver = reply.headers.get("connection")?.toLowerCase() === "close";
    if (isOver || !await writing) this.close();
    return reply;
  }

  async #open(): Promise<Deno.TcpConn> {
    const socket = await Deno.connect(this.#address);
    socket.setNoDelay();
    return socket;
  }

  async #read(socket: Deno.TcpConn): Promise<Reply> {
    const buffer = this.#buffer;
    let filled = 0;
    let end = -1;
    while (end < 0) {
      const count = await socket.read(buffer.subarray(filled)).catch(() => null);
      if (!count) throw filled === 0 ? new EndedError("closed before an answer") : new Error("cut short");
      filled += count;
      end = endOfHead(buffer.subarray(0, filled));
    }
    const head = readHead(buffer.subarray(0, end));
    const length = lengthOf(head);
    const start = new Uint8Array(Math.min(length, keptBytes));
    let taken = 0;
    for (let from = end, to = filled;; from = 0) {
      if (taken < start.length) {
        start.set(buffer.subarray(from, Math.min(to, from + start.length - taken)), taken);
      }
      taken += to - from;
      if (taken >= length) break;
      const count = await socket.read(buffer);
      if (!count) throw new Error(`cut short: ${taken} of ${length} bytes`);
      to = count;
    }
    if (taken > length) throw new Error(`${taken - length} bytes too many`);
    return { ...head, start };
  }
}
