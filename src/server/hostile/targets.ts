/**
 * Methods, targets and headers that nobody would send who means well.
 *
 * @module
 */
import { bare, head, type Hostile, hostile, post, type Samples, wire } from "./request.ts";

/** All paths that the service has, or may have. */
const paths = [
  "/",
  "/explain",
  "/layers",
  "/health",
  "/healthz",
  "/readyz",
  "/metrics",
  "/openapi.json",
  "/v1/explain",
  "/v1/models",
  "/v1/methods",
  "/v1/models/default/layers",
];

/** Targets that are no path. */
export function targets(): Hostile[] {
  const lines: readonly string[] = [
    "GET http://localhost/health HTTP/1.1",
    "GET http://elsewhere.example/health HTTP/1.1",
    "GET https://user:secret@elsewhere.example:99999/health HTTP/1.1",
    "GET file:///etc/passwd HTTP/1.1",
    "GET javascript:alert(1) HTTP/1.1",
    "GET http:///health HTTP/1.1",
    "GET http:// HTTP/1.1",
    "GET http://[::1/health HTTP/1.1",
    "GET http://[::ffff:7f00:1]:0/health HTTP/1.1",
    "GET * HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "GET localhost:80 HTTP/1.1",
    "GET // HTTP/1.1",
    "GET //elsewhere.example/health HTTP/1.1",
    "GET ///// HTTP/1.1",
    "GET health HTTP/1.1",
    "GET ?a=b HTTP/1.1",
    "GET #a HTTP/1.1",
    "GET /health#a HTTP/1.1",
    "GET \\health HTTP/1.1",
  ];
  return lines.map((line) => hostile(line, () => wire(head(line, ["Host: localhost"])), { end: "close" }));
}

/** Methods that are unusual, at every path. */
export function methods({ plain }: Samples): Hostile[] {
  const unusual = [
    "TRACE",
    "QUERY",
    "PROPFIND",
    "get",
    "Post",
    "G",
    "M".repeat(1000),
    "GET,POST",
    "__proto__",
  ];
  const photo = ["Content-Type: image/png", `Content-Length: ${plain!.length}`];
  return [
    ...paths.map((path) => hostile(`HEAD ${path}`, () => bare("HEAD", path))),
    ...paths.map((path) => hostile(`OPTIONS ${path}`, () => bare("OPTIONS", path))),
    ...paths.map((path) => hostile(`DELETE ${path}`, () => bare("DELETE", path))),
    ...unusual.map((method) => hostile(`${method.slice(0, 20)} /explain`, () => bare(method, "/explain"))),
    hostile("CONNECT elsewhere.example:443", () => bare("CONNECT", "elsewhere.example:443"), {
      end: "close",
    }),
    hostile("CONNECT /explain", () => bare("CONNECT", "/explain"), { end: "close" }),
    hostile("GET with a body", () => wire(bare("GET", "/health", photo), plain!)),
    hostile("HEAD with a body", () => wire(bare("HEAD", "/explain", photo), plain!)),
    hostile("TRACE with a body", () => wire(bare("TRACE", "/health", photo), plain!)),
    hostile("PUT with a body", () => wire(bare("PUT", "/explain", photo), plain!)),
    hostile("OPTIONS with a body", () => wire(bare("OPTIONS", "/explain", photo), plain!)),
  ];
}

/** Paths that lead elsewhere, or nowhere. */
export function oddPaths(): Hostile[] {
  const odd: readonly string[] = [
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/.%00/health",
    "/health%00.png",
    "/health%0d%0aX-Injected: 1",
    "/health%0d%0aSet-Cookie:a=b",
    "/%",
    "/%zz",
    "/%ff%fe",
    "/%c0%af%c0%af",
    "/%ed%a0%80",
    "/\\..\\..\\windows\\win.ini",
    "/health/",
    "/health//",
    "//health",
    "/./health",
    "/health/../health",
    "/HEALTH",
    "/health;jsessionid=1",
    "/health?",
    "/health?%",
    "/health?%ff=%fe",
    "/%68ealth",
    "/__proto__",
    "/constructor",
    "/toString",
    "/hasOwnProperty",
    "/v1",
    "/v1/",
    "/v1/models/",
    "/v1/models//layers",
    "/v1/models/__proto__/layers",
    "/v1/models/constructor/layers",
    "/v1/models/..%2f..%2fetc%2fpasswd/layers",
    "/v1/models/%00/layers",
    "/v1/models/%ff/layers",
    "/v1/models/%F0%9F%98%80/layers",
    `/v1/models/${"a".repeat(30_000)}/layers`,
    "/v1/models/default/layers/layers",
    "/v1/explain/",
    "/.env",
    "/.git/config",
    "/page.ts",
    "/serve.ts",
    "/favicon.ico",
    "/robots.txt",
    `/${"a/".repeat(4000)}`,
    `/${"../".repeat(2000)}health`,
    `/${"%2f".repeat(4000)}`,
  ];
  return odd.map((path) =>
    hostile(
      path.length > 80 ? `${path.slice(0, 40)}… of ${path.length} characters` : path,
      () => bare("GET", path),
    )
  );
}

/** Headers whose values make no sense. */
export function oddHeaders({ plain }: Samples): Hostile[] {
  const lines: Readonly<Record<string, readonly string[]>> = {
    "Accept": [
      "",
      ";",
      "*",
      "image/*;q=2",
      "image/png;q=abc",
      "image/png;q=-1, application/json;q=NaN",
      "*/*;q=0",
      "text/html",
      "application/json;q=1;".repeat(500),
      "a/b,".repeat(10_000),
      `${'"\\'.repeat(1000)}`,
    ],
    "Content-Type": [
      "",
      ";",
      "/",
      "image/",
      "image/png; charset=\xff",
      "IMAGE/PNG",
      "image/svg+xml",
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/json; charset=utf-16",
      "multipart/mixed; boundary=a",
      "multipart/form-data",
      "a".repeat(10_000),
      "image/png, application/json",
    ],
    "Accept-Encoding": ["", "gzip;q=2", "br, gzip, zstd, deflate, *;q=0", "identity;q=0", "a,".repeat(5000)],
    "Content-Encoding": ["gzip", "br", "identity", "gzip, gzip", "x"],
    "Range": ["bytes=0-", "bytes=-1", "bytes=5-1", `bytes=${"0-1,".repeat(5000)}0-1`, "lines=1-2"],
    "If-None-Match": ["*", '"a"', "W/", `${'"a",'.repeat(5000)}"b"`, '"'],
    "If-Modified-Since": ["never", "Thu, 01 Jan 1970 00:00:00 GMT", "9".repeat(1000)],
    "If-Match": ["*", '"a"'],
    "Origin": ["null", "", "http://", "javascript:alert(1)", "http://elsewhere.example", "a".repeat(10_000)],
    "Access-Control-Request-Method": ["", "DELETE", "\xff"],
    "Access-Control-Request-Headers": ["a,".repeat(5000)],
    "Cookie": [`a=${"b".repeat(60_000)}`, "a=b; ".repeat(10_000), "__proto__=1"],
    "Authorization": ["Bearer", "Bearer ", `Bearer ${"a".repeat(50_000)}`, "Basic \xff\xff", "Bearer a b c"],
    "X-Request-Id": [
      "",
      "a".repeat(50_000),
      "\xff\xfe",
      "a b\tc",
      '{"level":"error"}',
      "../../x",
      "<script>",
    ],
    "X-Forwarded-For": ["", "127.0.0.1", "1.2.3.4,".repeat(5000), "unknown", "[::1]:99999"],
    "X-Forwarded-Proto": ["javascript"],
    "X-Forwarded-Host": ["elsewhere.example"],
    "X-Http-Method-Override": ["DELETE"],
    "Forwarded": ["for=;;;=,,,=", `for=${'"'.repeat(1000)}`],
    "Traceparent": ["00-0-0-0", "\xff"],
    "Expect": ["100-continue", "200-ok", ""],
    "Upgrade": [
      "websocket\r\nConnection: Upgrade",
      "h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA",
    ],
    "TE": ["trailers, chunked;q=abc"],
    "Connection": ["keep-alive, close, host, content-length", "\xff"],
    "Keep-Alive": ["timeout=-1, max=1e99"],
    "Max-Forwards": ["0"],
    "Retry-After": ["-1"],
    "Content-Length": ["655, 655"],
    "Sec-Fetch-Mode": ["\x7f"],
    "Prefer": ["wait=1e99"],
    "Host": ["", "elsewhere.example", "localhost:99999", "a b", "[::1", "\xff", "a".repeat(10_000)],
  };
  const each = Object.entries(lines).flatMap(([name, values]) =>
    values.map((value) =>
      hostile(
        `${name}: ${value.length > 40 ? `${value.slice(0, 30)}… of ${value.length}` : JSON.stringify(value)}`,
        () => {
          const isOfBody = /^(Content|Accept$|Expect|Host)/.test(name) || value === values[0];
          if (!isOfBody) return bare("GET", "/layers", [`${name}: ${value}`]);
          const type = name === "Content-Type" ? [] : ["Content-Type: image/png"];
          return post("/explain?format=json", plain!, [...type, `${name}: ${value}`]);
        },
      )
    )
  );
  return [
    ...each,
    hostile("no host", () => wire("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")),
    hostile("two hosts", () => bare("GET", "/health", ["Host: other"])),
    hostile("ETags for what is static", () => bare("GET", "/", ['If-None-Match: "a", W/"b", ,,*, "'])),
    hostile("a range of the page", () => bare("GET", "/", ["Range: bytes=0-0,-1,5-2"])),
    hostile(
      "no encoding of the layers",
      () => bare("GET", "/layers", ["Accept-Encoding: identity;q=0, *;q=0"]),
    ),
    hostile(
      "encodings of the layers",
      () => bare("GET", "/layers", ["Accept-Encoding: gzip;q=0.0001, br;q=1.5"]),
    ),
  ];
}
