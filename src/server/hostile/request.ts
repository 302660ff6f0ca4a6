/**
 * What a hostile request is, and how one is written down: as the bytes that go over the wire. It is not published.
 *
 * @module
 */

/** Bytes that go over the wire: text is written a byte a character, so that `"\xff"` is the byte 0xff. */
export type Wire = string | Uint8Array<ArrayBuffer>;

/** One hostile request. */
export interface Hostile {
  /** What is wrong with it, told apart from the others of its kind. */
  readonly name: string;
  /** What is sent. Large ones are made when their turn comes. */
  readonly bytes: () => Uint8Array<ArrayBuffer>;
  /**
   * The statuses that are right, where that is certain.
   * @default {any below 500; 501, 503 and 505 too, where the service says why}
   */
  readonly statuses?: readonly number[];
  /**
   * What the sender does when all is sent: `"wait"` for the answer, `"close"` its half of the connection and wait, or
   * `"leave"` after a moment, since the request is not whole and no answer is owed.
   * @default {"wait"}
   */
  readonly end?: "wait" | "close" | "leave";
}

/** The files of photos that are spoilt, by name. */
export type Samples = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** Hostile requests of one kind. */
export type Kind = (samples: Samples) => readonly Hostile[];

/** Text and bytes one after the other. */
export function wire(...parts: readonly Wire[]): Uint8Array<ArrayBuffer> {
  return joinAll(parts);
}

/** As `wire()`, for more parts than a call can have. */
export function joinAll(parts: readonly Wire[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    if (typeof part === "string") {
      for (let index = 0; index < part.length; index++) joined[at + index] = part.charCodeAt(index);
    } else joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Text as UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Headers, a line each. */
export type HeaderLines = readonly string[];

/** The head of a request, after which the connection is closed, and no header but what is said here. */
export function head(line: string, headers: HeaderLines = []): string {
  return [line, ...headers, "Connection: close", "", ""].join("\r\n");
}

/** A whole request without a body. */
export function bare(method: string, target: string, headers: HeaderLines = []): Uint8Array<ArrayBuffer> {
  return wire(head(`${method} ${target} HTTP/1.1`, ["Host: localhost", ...headers]));
}

/** A whole POST. */
export function post(
  target: string,
  body: Wire,
  headers: HeaderLines = ["Content-Type: application/octet-stream"],
): Uint8Array<ArrayBuffer> {
  const host = headers.some((line) => line.startsWith("Host:")) ? [] : ["Host: localhost"];
  const all = [...host, `Content-Length: ${body.length}`, ...headers];
  return wire(head(`POST ${target} HTTP/1.1`, all), body);
}

/** A POST of JSON. */
export function postJson(target: string, body: Wire): Uint8Array<ArrayBuffer> {
  return post(target, typeof body === "string" ? utf8(body) : body, ["Content-Type: application/json"]);
}

/** One part of a form: the lines of its head, and its content. */
export type Part = readonly [headers: string, content: Wire];

/** What stands between the parts of forms here. */
export const boundary = "----hostile";

/** A text field. */
export function field(name: string, value: Wire): Part {
  return [`Content-Disposition: form-data; name="${name}"`, value];
}

/** A file's field. */
export function file(name: string, content: Wire, filename = "photo.png"): Part {
  return [
    `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: image/png`,
    content,
  ];
}

/** The body of a form. */
export function form(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const written = parts.flatMap((
    [headers, content],
  ) => [`--${boundary}\r\n${headers}\r\n\r\n`, content, "\r\n"]);
  return joinAll([...written, `--${boundary}--\r\n`]);
}

/** The header of forms here. */
export const formType = `Content-Type: multipart/form-data; boundary=${boundary}`;

/** A POST of a form. */
export function postForm(target: string, parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return post(target, form(parts), [formType]);
}

/** A shorthand: a hostile request by its name. */
export function hostile(
  name: string,
  bytes: Hostile["bytes"],
  more: Omit<Hostile, "name" | "bytes"> = {},
): Hostile {
  return { name, bytes, ...more };
}
