import { decoded } from "../base/decoded.ts";
import { cut } from "../base/quote.ts";
import { fileURLToPath } from "node:url";
import { isPermitted } from "./permission.ts";

/** A place to read from: a path on this machine, or a URL. */
export type Location = string | URL;

/** What reading was tried for, to say so in errors. */
export interface ReadOptions {
  /** Stops a download. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The largest download accepted, in bytes.
   * @default {1_073_741_824}
   */
  readonly maxBytes?: number;
  /** Told of the bytes of each part of a download. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What was read, and where it was found. */
export interface Found {
  readonly bytes: Uint8Array;
  /** The location asked for, or the one that a server sent on to. */
  readonly location: Location;
}

/**
 * What a caller may want to act on: nothing is there, a folder is, or a server could not be reached or could not answer now,
 * so that it may be tried again.
 */
export type ReadErrorKind = "missing" | "folder" | "unreachable" | "other";

/** Why something could not be read, in a few words. */
export class ReadError extends Error {
  /** The class's own name, also after minification. */
  override name = "ReadError";

  /**
   * @param message Why, in a few words.
   * @param kind What a caller may want to act on.
   * @param location Where it was looked for, if a server sent on.
   */
  constructor(message: string, readonly kind: ReadErrorKind, readonly location?: URL) {
    super(message);
  }
}

/** How a URL begins; a Windows path begins with one letter and a colon. */
const hasScheme = /^(https?|file|data|blob):/i;

/** The longest path that a flag is shown with whole, in characters. */
export const longestPath = 250;

/** How much of a file is read before an interruption is looked for, in bytes. */
const pieceSize = 2 ** 24;

/** A location from what a user gives: a string with a scheme is a URL, any other a path. */
export function toLocation(source: string | URL): Location {
  if (source instanceof URL) return source;
  return (hasScheme.test(source) && URL.parse(source)) || source;
}

/**
 * The location of a file beside another. Some stores write the folders of a path as one part: `models%2Fmodel.json`.
 *
 * @throws {TypeError} If nothing lies beside the location, as with `data:`.
 */
export function beside(location: Location, name: string): Location {
  if (location instanceof URL) {
    const base = new URL(location);
    const [folder] = /^.*(\/|%2F)/i.exec(base.pathname) ?? [""];
    const isEscaped = /%2F$/i.test(folder);
    return new URL((isEscaped ? folder + encodeURIComponent(name) : name).replaceAll("#", "%23"), base);
  }
  const end = Math.max(location.lastIndexOf("/"), location.lastIndexOf("\\")) + 1;
  return location.slice(0, end) + name;
}

/** The location of a file inside a folder, by its name as the folder lists it. */
export function inside(folder: Location, name: string): Location {
  if (!(folder instanceof URL)) return `${folder.replace(/[/\\]+$/, "")}/${name}`;
  const base = new URL(folder);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return new URL(name.split("/").map(encodeURIComponent).join("/"), base);
}

/** How a location is named in messages: in one line, and cut where it is very long. */
export function nameOf(location: Location): string {
  if (!(location instanceof URL)) return cut(location);
  return location.protocol === "data:" ? "data: URL" : cut(location.href);
}

/**
 * The name of what lies at a location, without the folders that lead there.
 *
 * @returns `undefined` where there is none, as of `data:`.
 */
export function lastPartOf(location: Location): string | undefined {
  if (location instanceof URL && (location.protocol === "data:" || location.protocol === "blob:")) {
    return undefined;
  }
  const path = location instanceof URL ? location.pathname : location;
  const last = path.split(location instanceof URL ? /\/|%2F/i : /[/\\]/).findLast((part) => part !== "");
  if (last === undefined || last === "." || last === "..") return undefined;
  return location instanceof URL ? decoded(last) : last;
}

/** The path of a file on this machine, as permissions and other programs take it. */
export function pathOf(location: Location): string {
  return location instanceof URL ? fileURLToPath(location) : location;
}

/** Whether a location is not on this machine. */
export function isRemote(location: Location): location is URL {
  return location instanceof URL && location.protocol !== "file:";
}

function explain(error: unknown, location: Location): ReadError {
  if (error instanceof ReadError) return error;
  if (error instanceof Deno.errors.NotFound) return new ReadError("no such file", "missing");
  if (error instanceof Deno.errors.IsADirectory) return new ReadError("it is a folder", "folder");
  if (error instanceof Deno.errors.NotCapable) {
    const flag = isRemote(location)
      ? `--allow-net=${location.host}`
      : `--allow-read=${cut(pathOf(location), longestPath)}`;
    return new ReadError(`permission denied: allow it with ${flag}`, "other");
  }
  if (error instanceof Deno.errors.PermissionDenied) return new ReadError("permission denied", "other");
  if (error instanceof DOMException) throw error; // aborted by the caller
  const kind = isRemote(location) && location.protocol.startsWith("http") ? "unreachable" : "other";
  return new ReadError(cut(error instanceof Error ? error.message : error), kind);
}

/** What servers answer that may answer otherwise later: too early, too many, or trouble of their own. */
function mayAnswerLater(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** How many bytes a server says that a body has; 0 where it does not, or packs it. */
function lengthSaid({ headers }: Response): number {
  const length = Number(headers.get("content-length") ?? 0);
  return Number.isSafeInteger(length) && length > 0 && !headers.has("content-encoding") ? length : 0;
}

/** Read a body to its end, but not past a limit that its sender may exceed or lie about. */
async function readBody(
  response: Response,
  maxBytes: number,
  onBytes: ReadOptions["onBytes"],
): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(lengthSaid(response), maxBytes)); // no second copy where that is true
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const end = length + chunk.length;
    if (end > maxBytes) throw new ReadError(`larger than ${maxBytes} bytes`, "other");
    if (end > bytes.length) bytes = new Uint8Array(bytes.buffer.transfer(Math.max(end, 2 * length)));
    bytes.set(chunk, length);
    length = end;
    onBytes?.(chunk.length);
  }
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

async function download(url: URL, { signal, maxBytes = 2 ** 30, onBytes }: ReadOptions): Promise<Found> {
  const response = await fetch(url, signal ? { signal } : {});
  const location = (response.redirected && URL.parse(response.url)) || url;
  if (!response.ok) {
    await response.body?.cancel();
    const isMissing = response.status === 404 || response.status === 410;
    const kind = isMissing ? "missing" : mayAnswerLater(response.status) ? "unreachable" : "other";
    throw new ReadError(
      `the server answered ${response.status} ${cut(response.statusText)}`.trimEnd(),
      kind,
      location,
    );
  }
  return { bytes: await readBody(response, maxBytes, onBytes), location };
}

/** What begins as a URL and could not be read as one is no path either. */
function refuseBrokenUrl(location: Location): void {
  if (typeof location === "string" && hasScheme.test(location)) throw new ReadError("it is no URL", "other");
}

/** Read a file on this machine into memory of its size; Deno.readFile takes twice that. */
async function readLocal(
  location: Location,
  { signal, onBytes }: ReadOptions,
  most = Infinity,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  using file = await Deno.open(location);
  const { size, isDirectory, isFile } = await file.stat();
  if (isDirectory) throw new ReadError("it is a folder", "folder");
  if (!isFile) return new Uint8Array(await new Response(file.readable).arrayBuffer()); // a pipe knows no size
  const bytes = new Uint8Array(Math.min(size, most));
  let length = 0;
  while (length < bytes.length) {
    const count = await file.read(bytes.subarray(length, length + pieceSize));
    signal?.throwIfAborted();
    if (count === null) break; // it was cut meanwhile
    length += count;
    onBytes?.(count);
  }
  return bytes.subarray(0, length);
}

/** Whether a place is on this machine and may be read; permission is not asked for. */
export function mayRead(location: Location): boolean {
  if (isRemote(location) || typeof globalThis.Deno?.readFileSync !== "function") return false;
  return isPermitted({ name: "read", path: location }) === true;
}

/** Read a file on this machine at once; reading in the background is better wherever it can be waited for. */
export function readNow(location: Location): Uint8Array {
  return Deno.readFileSync(location);
}

/**
 * Read how a file on this machine begins.
 *
 * @throws {ReadError} In a few words, for the caller to put into a sentence.
 */
export async function readHead(
  location: Location,
  size: number,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  try {
    refuseBrokenUrl(location);
    return await readLocal(location, { signal: options.signal }, size);
  } catch (error) {
    throw explain(error, location);
  }
}

/**
 * Read a file or download a URL, and say where it was found.
 *
 * @throws {ReadError} In a few words, for the caller to put into a sentence.
 */
export async function readFrom(location: Location, options: ReadOptions = {}): Promise<Found> {
  try {
    refuseBrokenUrl(location);
    if (isRemote(location)) return await download(location, options);
    return { bytes: await readLocal(location, options), location };
  } catch (error) {
    throw explain(error, location);
  }
}

/**
 * Read a file or download a URL.
 *
 * @throws {ReadError} In a few words, for the caller to put into a sentence.
 */
export async function readBytes(location: Location, options: ReadOptions = {}): Promise<Uint8Array> {
  return (await readFrom(location, options)).bytes;
}
