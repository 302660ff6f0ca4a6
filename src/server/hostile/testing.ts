/**
 * Sending hostile requests to a service, and telling what is wrong with its answers.
 *
 * @module
 */
import { joinBytes } from "../../base/bytes.ts";
import { testdata } from "../../testing/mod.ts";
import type { Hostile, Samples } from "./request.ts";

/** The files that hostile requests are made of: small photos of each format, and two larger ones. */
export async function readSamples(): Promise<Samples> {
  const paths = {
    plain: "images/plain.png",
    jpeg: "images/plain.jpg",
    progressive: "images/progressive.jpg",
    cmyk: "images/cmyk.jpg",
    gif: "images/plain.gif",
    animated: "images/animated.webp",
    webp: "images/lossy.webp",
    bmp: "images/plain.bmp",
    tiff: "images/plain.tiff",
    avif: "images/plain.avif",
    photo: "photos/chelsea.png",
    large: "photos/coffee.png",
  };
  const read = async ([name, path]: readonly [string, string]) =>
    [name, await Deno.readFile(new URL(path, testdata))] as const;
  return Object.fromEntries(await Promise.all(Object.entries(paths).map(read)));
}

/** One response as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What came of a request. */
export interface Outcome {
  /** All responses, in order; none where the service closed the connection without one. */
  readonly responses: readonly RawResponse[];
  /** From the first byte sent until the end, in ms. */
  readonly ms: number;
  /** Whether the service neither answered in time nor closed the connection. */
  readonly isHanging: boolean;
}

/** What is read of an answer at most, in bytes. */
const largestAnswer = 60_000_000;
/** How long a sender that leaves stays after its last byte, in ms. */
const leaveAfterMs = 30;
/** How long a sender that closes its half waits for an answer before, in ms. */
const closeAfterMs = 200;
/** How long one that leaves tries to send what the service does not take, in ms. */
const patienceOfLeaversMs = 300;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  const wanted = new TextEncoder().encode(text);
  for (let at = from; at <= bytes.length - wanted.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

/** The body of a response that begins at an offset, and where it ends; `undefined` where it is not whole. */
function readBody(bytes: Uint8Array<ArrayBuffer>, from: number, headers: Headers) {
  if (headers.get("transfer-encoding") !== "chunked") {
    const end = from + Number(headers.get("content-length") ?? bytes.length - from);
    return end > bytes.length ? undefined : { body: bytes.slice(from, end), end };
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = from;;) {
    const line = indexOf(bytes, "\r\n", at);
    if (line < 0) return undefined;
    const size = parseInt(new TextDecoder().decode(bytes.slice(at, line)), 16);
    if (!(line + 2 + size + 2 <= bytes.length)) return undefined;
    if (size === 0) return { body: joinBytes(chunks), end: line + 4 };
    chunks.push(bytes.slice(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/** All whole responses in what a service sent; interim ones such as 100 are left out. */
export function readResponses(bytes: Uint8Array<ArrayBuffer>, isHead: boolean): RawResponse[] {
  const responses: RawResponse[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = indexOf(bytes, "\r\n\r\n", at);
    if (end < 0) break;
    const [line, ...lines] = new TextDecoder().decode(bytes.slice(at, end)).split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line!)?.[1]);
    if (Number.isNaN(status)) break;
    const headers = new Headers();
    for (const each of lines) {
      const [, name, value] = /^([^:]+):\s*(.*)$/.exec(each) ?? [];
      if (name !== undefined) headers.append(name, value!);
    }
    const isEmpty = isHead || status < 200 || status === 204 || status === 304;
    const read = isEmpty ? { body: new Uint8Array(), end: end + 4 } : readBody(bytes, end + 4, headers);
    if (!read) break;
    if (status >= 200) responses.push({ status, headers, body: read.body });
    at = read.end;
  }
  return responses;
}

/** Read until the other side closes, what was read is too much, or reading is stopped. */
async function readAll(connection: Deno.TcpConn): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const buffer = new Uint8Array(65_536);
  try {
    for (let size; length < largestAnswer && (size = await connection.read(buffer)) !== null;) {
      chunks.push(buffer.slice(0, size));
      length += size;
    }
  } catch {
    // reset, or closed from here: what came before counts
  }
  return joinBytes(chunks);
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at, at + 1_000_000));
  } catch {
    // the service does not want the rest
  }
}

/** Say that no more will come; the platform gives up a request at once then, so that an answer is waited for before. */
async function closeAfter(connection: Deno.TcpConn, moment: Promise<unknown>): Promise<void> {
  await moment;
  await connection.closeWrite().catch(() => {}); // it is closed already
}

/**
 * Send a hostile request, and see what comes.
 *
 * @param url Where the service listens.
 * @param request What to send.
 * @param withinMs How long it may take in all, in ms.
 */
export async function send(
  url: string,
  { bytes, end = "wait" }: Hostile,
  withinMs: number,
): Promise<Outcome> {
  const { hostname, port } = new URL(url);
  const content = bytes();
  const connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay();
  let isHanging = false;
  const start = performance.now();
  const timer = setTimeout(() => {
    isHanging = true;
    connection.close();
  }, withinMs);
  const isHead = String.fromCharCode(...content.slice(0, 5)) === "HEAD ";
  try {
    const read = readAll(connection);
    const written = writeAll(connection, content);
    if (end === "close") {
      void closeAfter(
        connection,
        Promise.race([written.then(() => pause(closeAfterMs)), read]),
      );
    }
    if (end === "leave") {
      await Promise.race([written, pause(patienceOfLeaversMs)]);
      await pause(leaveAfterMs);
      return { responses: [], ms: performance.now() - start, isHanging };
    }
    const responses = readResponses(await read, isHead);
    return { responses, ms: performance.now() - start, isHanging };
  } finally {
    clearTimeout(timer);
    try {
      connection.close();
    } catch {
      // closed by the timer
    }
  }
}

/** The longest explanation of a problem, in characters. */
const longestDetail = 1000;
/** Statuses from 500 up that a service may answer with; 505 is the platform's own. */
const allowedErrors = [501, 503, 505];

function faultsOfProblem({ status, headers, body }: RawResponse): string[] {
  if (status < 400 || body.length === 0) return [];
  const text = new TextDecoder().decode(body);
  const type = headers.get("content-type");
  if (type !== "application/problem+json") return [`${status} is told as ${type}: ${text.slice(0, 100)}`];
  const { detail } = JSON.parse(text) as { detail?: unknown };
  return [
    ...(typeof detail === "string" ? [] : ["the problem has no detail"]),
    ...(text.length <= longestDetail ? [] : [`the problem is told in ${text.length} characters`]),
    ...(/\.(ts|js|wasm):\d|node_modules|ext:deno|\/src\//.test(text)
      ? [`the problem tells of the inside: ${text}`]
      : []),
    ...(status === 503 && !headers.has("retry-after") ? ["503 does not say when to try again"] : []),
  ];
}

/** What is wrong with the answers to a hostile request; nothing where all is right. */
export function faultsOf(request: Hostile, { responses, ms, isHanging }: Outcome): string[] {
  if (isHanging) return [`no end within ${Math.round(ms)} ms`];
  const [first] = responses;
  const owesAnswer = (request.end ?? "wait") === "wait" && request.bytes().length < 60_000;
  return [
    ...(owesAnswer && !first ? ["closed without an answer"] : []),
    ...(first && request.statuses && first.status !== 503 && !request.statuses.includes(first.status)
      ? [`${first.status} ${new TextDecoder().decode(first.body.slice(0, 200)).trim()}`]
      : []),
    ...responses.filter(({ status }) => status >= 500 && !allowedErrors.includes(status)).map((
      { status, body },
    ) => `${status} ${new TextDecoder().decode(body.slice(0, 200)).trim()}`),
    ...responses.flatMap(faultsOfProblem),
    ...(responses.some(({ headers }) => headers.has("x-injected")) ? ["a header was injected"] : []),
  ];
}

/**
 * Send all requests of a kind, a few at a time, and tell what is wrong.
 *
 * @param url Where the service listens.
 * @param requests What to send.
 * @param options How long each may take in ms, and what is told of each.
 * @returns A line for each fault, beginning with the request's name.
 */
export async function attack(
  url: string,
  requests: readonly Hostile[],
  { withinMs, atOnce = 4, onOutcome = () => {} }: {
    withinMs: number;
    atOnce?: number;
    onOutcome?: (request: Hostile, outcome: Outcome) => void;
  },
): Promise<string[]> {
  const faults: string[] = [];
  const left = requests[Symbol.iterator]();
  async function sendSome(): Promise<void> {
    for (const request of left) {
      let outcome = await send(url, request, withinMs);
      for (let tries = 0; outcome.responses[0]?.status === 503 && tries < 20; tries++) {
        await pause(100);
        outcome = await send(url, request, withinMs);
      }
      onOutcome(request, outcome);
      faults.push(...faultsOf(request, outcome).map((fault) => `${request.name}: ${fault}`));
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendSome));
  return faults;
}
