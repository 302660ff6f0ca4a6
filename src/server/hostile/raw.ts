/**
 * Requests that are wrong as HTTP: most of them the platform refuses before the handler sees them.
 *
 * @module
 */
import { bare, head, type Hostile, hostile, type Samples, type Wire, wire } from "./request.ts";

const get = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/** Requests that end in the middle of their head, after which the sender leaves or closes its half. */
export function halfHeads(): Hostile[] {
  return [1, 3, 4, 12, 13, 21, 22, 23, 40, 41, 42, get.length - 2, get.length - 1].flatMap((length) => [
    hostile(`${length} bytes, then nothing`, () => wire(get.slice(0, length)), { end: "leave" }),
    hostile(`${length} bytes, then closed`, () => wire(get.slice(0, length)), { end: "close" }),
  ]);
}

/** Bodies in chunks that are none. */
export function badChunks({ plain }: Samples): Hostile[] {
  const chunked = head("POST /explain HTTP/1.1", [
    "Host: localhost",
    "Content-Type: image/png",
    "Transfer-Encoding: chunked",
  ]);
  const size = plain!.length.toString(16);
  const bodies: Readonly<Record<string, readonly Wire[]>> = {
    "a size that is no number": ["zz\r\nabc\r\n0\r\n\r\n"],
    "a negative size": ["-1\r\na\r\n0\r\n\r\n"],
    "a size of 0x": [`0x${size}\r\n`, plain!, "\r\n0\r\n\r\n"],
    "a size beyond 64 bits": ["fffffffffffffffff\r\nabc\r\n0\r\n\r\n"],
    "the largest size of 64 bits": ["ffffffffffffffff\r\nabc\r\n0\r\n\r\n"],
    "a size of 1,000 digits": [`${"0".repeat(999)}1\r\na\r\n0\r\n\r\n`],
    "no line end after a chunk": [`${size}\r\n`, plain!, "0\r\n\r\n"],
    "bare line feeds": [`${size}\n`, plain!, "\n0\n\n"],
    "an extension of 100 kB": [`${size};a=${"b".repeat(100_000)}\r\n`, plain!, "\r\n0\r\n\r\n"],
    "trailers that look like headers": [
      `${size}\r\n`,
      plain!,
      "\r\n0\r\nContent-Length: 5\r\nHost: other\r\n\r\n",
    ],
    "10,000 trailers": [`${size}\r\n`, plain!, `\r\n0\r\n${"a: b\r\n".repeat(10_000)}\r\n`],
    "no size": ["\r\nabc\r\n0\r\n\r\n"],
    "a chunk that is longer than it says": ["1\r\nabcdef\r\n0\r\n\r\n"],
  };
  return [
    ...Object.entries(bodies).map(([name, body]) =>
      hostile(name, () => wire(chunked, ...body), { end: "close" })
    ),
    hostile("no last chunk", () => wire(chunked, `${size}\r\n`, plain!, "\r\n"), { end: "close" }),
    hostile("a chunk without an end", () => wire(chunked, "ffff\r\n", plain!), { end: "leave" }),
  ];
}

/** A body whose length is said twice, or in a way that proxies and servers read differently. */
export function lengths({ plain }: Samples): Hostile[] {
  const lines: readonly string[] = [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: 5, 6",
    "Content-Length: -1",
    "Content-Length: +5",
    "Content-Length: 0x5",
    "Content-Length: 1e1",
    "Content-Length: 5 5",
    "Content-Length:",
    "Content-Length: 99999999999999999999999999",
    "Content-Length: 18446744073709551615",
    "Content-Length: 9007199254740993",
    "Content-Length: 5\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding:\x0bchunked",
    " Transfer-Encoding: chunked",
    "X: a\r\n Transfer-Encoding: chunked",
    "Transfer_Encoding: chunked",
  ];
  return lines.map((line) =>
    hostile(line.replaceAll("\r\n", " | "), () => {
      const start = head("POST /explain HTTP/1.1", ["Host: localhost", "Content-Type: image/png", line]);
      return wire(start, `${plain!.length.toString(16)}\r\n`, plain!, "\r\n0\r\n\r\n");
    }, { end: "close" })
  );
}

/** Heads that are far too large. */
export function largeHeads(): Hostile[] {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: ${index}`);
  return [
    hostile("a header of 1 MB", () => bare("GET", "/health", [`X: ${"a".repeat(1_000_000)}`])),
    hostile("a header's name of 100 kB", () => bare("GET", "/health", [`${"X".repeat(100_000)}: a`])),
    hostile("1,000 headers", () => bare("GET", "/health", lines(1000))),
    hostile("10,000 headers", () => bare("GET", "/health", lines(10_000))),
    hostile("one header 5,000 times", () => bare("GET", "/health", Array(5000).fill("Accept: image/png"))),
    hostile("a target of 60 kB", () => bare("GET", `/${"a".repeat(60_000)}`)),
    hostile("a target of 1 MB", () => bare("GET", `/${"a".repeat(1_000_000)}`)),
    hostile("a query of 60 kB", () => bare("GET", `/health?${"a=b&".repeat(15_000)}`)),
    hostile("a method of 100 kB", () => bare("G".repeat(100_000), "/health")),
  ];
}

/** Several requests at once on one connection. */
export function pipelines({ plain }: Samples): Hostile[] {
  const one = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const photo = wire(
    `POST /explain?format=json HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: ${
      plain!.length
    }\r\n\r\n`,
    plain!,
  );
  return [
    hostile("100 questions at once", () => wire(one.repeat(99), get)),
    hostile("1,000 questions, and gone", () => wire(one.repeat(1000)), { end: "leave" }),
    hostile("a photo between questions", () => wire(one, photo, get)),
    hostile("a question within a body", () => wire(photo.slice(0, -20), get), { end: "close" }),
    hostile("rubbish after a question", () => wire(one, "\0\0\0\0\r\n\r\n"), { end: "close" }),
  ];
}

/** What is no HTTP/1.1. */
export function versions(): Hostile[] {
  const texts: Readonly<Record<string, string>> = {
    "HTTP/0.9": "GET /health\r\n",
    "HTTP/1.0": "GET /health HTTP/1.0\r\n\r\n",
    "HTTP/1.0 with a host that stays": "GET /health HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n",
    "HTTP/1.2": get.replace("1.1", "1.2"),
    "HTTP/2.0": get.replace("1.1", "2.0"),
    "HTTP/3": get.replace("1.1", "3"),
    "HTTP/9.9": get.replace("1.1", "9.9"),
    "HTTP/": get.replace("HTTP/1.1", "HTTP/"),
    "http/1.1": get.replace("HTTP/1.1", "http/1.1"),
    "HTTP/1.1.1": get.replace("HTTP/1.1", "HTTP/1.1.1"),
    "no version": get.replace(" HTTP/1.1", ""),
    "two spaces": get.replace(" /", "  /"),
    "the preface of HTTP/2 and no more": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "the preface of HTTP/2 and a wrong frame":
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\xff\xff\xff\x09\x09\x09\x09\x09",
    "TLS": "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + "\x5a".repeat(160),
    "SSH": "SSH-2.0-OpenSSH_9.6\r\n",
    "SMTP": "EHLO localhost\r\nMAIL FROM:<a@b>\r\n",
    "a response": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "empty lines": "\r\n".repeat(1000),
    "all bytes": Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("").repeat(10),
    "zeros": "\0".repeat(10_000),
  };
  return Object.entries(texts).map(([name, text]) => hostile(name, () => wire(text), { end: "close" }));
}

/** Bytes that have no place in a head. */
export function bytesInHeads(): Hostile[] {
  const lines: Readonly<Record<string, string>> = {
    "NUL in a target": "GET /hea\0lth HTTP/1.1\r\nHost: a",
    "NUL in a header's name": "GET /health HTTP/1.1\r\nHost: a\r\nX\0Y: b",
    "NUL in a header's value": "GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b",
    "a bare carriage return": "GET /health HTTP/1.1\r\nHost: a\r\nX: a\rY: b",
    "bare line feeds": "GET /health HTTP/1.1\nHost: a\nX: b",
    "a space in a header's name": "GET /health HTTP/1.1\r\nHost: a\r\nX Y: b",
    "a space before the colon": "GET /health HTTP/1.1\r\nHost : a",
    "a header without a colon": "GET /health HTTP/1.1\r\nHost: a\r\nX",
    "a header without a name": "GET /health HTTP/1.1\r\nHost: a\r\n: b",
    "a folded header": "GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b",
    "a folded first header": "GET /health HTTP/1.1\r\n Host: a",
    "bytes above 127 in a name": "GET /health HTTP/1.1\r\nHost: a\r\nX\xff: b",
    "bytes above 127 in a value": "GET /health HTTP/1.1\r\nHost: a\r\nX: \xff\xfe\x80",
    "bytes above 127 in a target": "GET /health?a=\xff\xfe HTTP/1.1\r\nHost: a",
    "a tab in a target": "GET /health\t?a HTTP/1.1\r\nHost: a",
    "quotes and brackets in a target": 'GET /health?a="<>{}|^` HTTP/1.1\r\nHost: a',
    "DEL in a value": "GET /health HTTP/1.1\r\nHost: a\r\nX: \x7f",
  };
  return Object.entries(lines).map(([name, text]) =>
    hostile(name, () => wire(text, "\r\nConnection: close\r\n\r\n"), { end: "close" })
  );
}
