import { cut } from "../../base/quote.ts";
import { lastPartOf } from "../../platform/files.ts";
import { resolveHost } from "../../platform/resolve_host.ts";
import type { PhotoBytes } from "../engine/mod.ts";
import type { Limits } from "../limits.ts";
import { Problem } from "../problem.ts";
import { isPublicAddress } from "./public_address.ts";
import { longestTimer } from "./pace.ts";
import { readStream, type Stop, StoppedError } from "./read_stream.ts";
import type { Place } from "./receiving.ts";

/** Options of {@linkcode fetchPhoto}. */
export interface FetchPhotoOptions {
  /** Hosts that may be asked: exact names, or `*.` and a name for those below it. */
  readonly hosts: readonly string[];
  /** The limits; they hold as for what is sent. */
  readonly limits: Limits;
  /** Bounds the memory that is taken. */
  readonly place: Place;
  /** Stops it, as whoever asked has left. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Fetches; for tests.
   * @default {globalThis.fetch}
   */
  readonly fetch?: ((url: URL, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Finds a host's addresses; for tests.
   * @default {resolveHost}
   */
  readonly resolve?: typeof resolveHost | undefined;
}

/** How many times a server may send on. */
const maxRedirects = 3;

/** The longest URL, in characters. */
const longestUrl = 2048;

/** A rule that a URL breaks. */
function refused(why: string): Problem {
  return new Problem(400, `Cannot fetch the photo: ${why}`, {}, "photo-url-refused");
}

/** A URL that keeps to the rules, and where the photo was not to be had. */
function failed(why: string): Problem {
  return new Problem(422, `Cannot fetch the photo: ${why}`, {}, "photo-unfetchable");
}

/** What to say of a photo that was not read to its end. */
const stops: Readonly<Record<Stop, (limits: Limits) => Problem>> = {
  large: ({ maxBodyBytes }) => failed(`it is larger than ${maxBodyBytes} bytes`),
  late: ({ bodyTimeoutMs }) => failed(`it took longer than ${bodyTimeoutMs} ms`),
  slow: ({ minBytesPerSecond }) => failed(`it came slower than ${minBytesPerSecond} bytes a second`),
  cut: () => failed("it was cut short"),
  left: () => new Problem(499, "Cannot answer the request: its sender has left", {}, "client-left"),
};

/** Whether a host is one of those that may be asked. */
function isAllowed(host: string, hosts: readonly string[]): boolean {
  return hosts.some((allowed) => {
    const name = allowed.toLowerCase();
    return name.startsWith("*.") ? host.endsWith(name.slice(1)) && host.length >= name.length : host === name;
  });
}

/**
 * Make sure that a URL may be fetched, by what it says.
 *
 * @throws {Problem} 400 if not; the message says which rule it breaks.
 */
function checkUrl(url: URL, hosts: readonly string[]): void {
  if (url.protocol !== "https:") throw refused("its URL does not begin with https:");
  if (url.username !== "" || url.password !== "") throw refused("its URL holds a name or a password");
  if (url.port !== "") throw refused("its URL names a port");
  if (!isAllowed(url.hostname, hosts)) {
    throw refused(`the host "${cut(url.hostname)}" is not one that this server asks`);
  }
}

/**
 * Make sure that a host leads to the public network. Where the platform does not tell a host's addresses, or may not, the
 * list of hosts alone decides; and whoever owns a name that is on the list can lead it elsewhere after it was looked up.
 *
 * @throws {Problem} 400 if it does not.
 */
async function checkAddress(
  { hostname }: URL,
  resolve: typeof resolveHost,
  signal: AbortSignal,
): Promise<void> {
  const literal = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const isLiteral = hostname.startsWith("[") || /^[\d.]+$/.test(hostname); // as URLs bring all ways of writing one
  const addresses = isLiteral ? [literal] : await resolve(hostname, signal);
  if (addresses === undefined) return;
  if (addresses.length === 0) throw failed("its host is not known");
  if (!addresses.every(isPublicAddress)) throw refused("its host is not on the public network");
}

function isSendingOn({ status }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** What is answered is a photo, or may be one. */
function checkAnswer({ ok, status, headers }: Response): void {
  if (!ok) throw failed(`the answer has the status ${status}`);
  const [type] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  if (type!.startsWith("image/") || type!.trim() === "application/octet-stream") return;
  throw failed("what lies there is no picture, by its content-type");
}

/** Ask for a URL, and for where it sends on, with each of them held to the rules. */
async function ask(
  start: URL,
  signal: AbortSignal,
  { hosts, resolve = resolveHost, fetch = globalThis.fetch }: FetchPhotoOptions,
): Promise<{ url: URL; response: Response }> {
  let url = start;
  for (let count = 0; count <= maxRedirects; count++) {
    checkUrl(url, hosts);
    await checkAddress(url, resolve, signal);
    const headers = { accept: "image/*, application/octet-stream" };
    const response = await fetch(url, { redirect: "manual", headers, signal, credentials: "omit" });
    if (!isSendingOn(response)) return { url, response };
    await response.body?.cancel();
    const location = response.headers.get("location");
    const next = location === null ? null : URL.parse(location, url);
    if (!next) throw failed("it sends on to nowhere");
    url = next;
  }
  throw refused(`it sends on more than ${maxRedirects} times`);
}

/** Read what was answered to its end. */
async function readAnswer(
  response: Response,
  { limits, place, signal }: FetchPhotoOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = response.body ?? new Blob([]).stream();
  try {
    checkAnswer(response);
  } catch (error) {
    await stream.cancel();
    throw error;
  }
  const bytes = await readStream(stream, {
    maxBytes: limits.maxBodyBytes,
    declared: Number(response.headers.get("content-length") ?? NaN),
    timeoutMs: limits.bodyTimeoutMs,
    minBytesPerSecond: limits.minBytesPerSecond,
    signal,
    onGrow: (more) => place.hold(more),
  });
  if (bytes.length === 0) throw failed("it is empty");
  return bytes;
}

/** What to say of an error while a photo is fetched; nothing of the network is told. */
function problemOf(error: unknown, { limits, signal }: FetchPhotoOptions, isLate: boolean): Problem {
  if (error instanceof Problem) return error;
  if (signal?.aborted) return stops.left(limits);
  if (isLate) return stops.late(limits);
  return error instanceof StoppedError ? stops[error.why](limits) : failed("its host could not be asked");
}

/**
 * Fetch a photo from a host that is allowed, by https.
 *
 * @param location The URL.
 * @param options Which hosts may be asked, and the limits.
 * @throws {Problem} 400 if the URL may not be fetched, 422 if there is no photo to be had, 503 if too much is received.
 */
export async function fetchPhoto(location: string, options: FetchPhotoOptions): Promise<PhotoBytes> {
  const start = location.length > longestUrl ? null : URL.parse(location);
  if (!start) throw refused(`its URL is none, or longer than ${longestUrl} characters`);
  start.hash = ""; // which is not the server's
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), Math.min(options.limits.bodyTimeoutMs, longestTimer));
  const signal = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal;
  try {
    const { url, response } = await ask(start, signal, options);
    return { bytes: await readAnswer(response, options), name: lastPartOf(url) };
  } catch (error) {
    throw problemOf(error, options, late.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}
