/**
 * What tests of receiving share. It is not published.
 *
 * @module
 */
import type { Exchange } from "../exchange.ts";
import type { HandlerOptions } from "../options.ts";
import { problemResponse, toProblem } from "../problem.ts";
import { Service } from "../service.ts";
import { readEnd } from "./body.ts";
import { receiveUpload, type Upload } from "./upload.ts";

/** Text as bytes. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A request on its way to a service. */
export function exchangeOf(request: Request, service: Service): Exchange {
  return {
    request,
    url: new URL(request.url),
    id: "test",
    info: {},
    service,
    params: {},
    signal: request.signal,
    began: performance.now(),
    times: {},
    route: undefined,
    received: 0,
    problem: undefined,
  };
}

/** A POST of a body. */
export function post(body: BodyInit | null, type?: string, query = ""): Request {
  const headers: HeadersInit = type === undefined ? {} : { "content-type": type };
  return new Request(`http://localhost/explain${query}`, { method: "POST", body, headers });
}

/** Receive a request, and say what came of it: the upload, or a status and a detail. */
export async function receive(
  request: Request,
  options: HandlerOptions | Service = {},
): Promise<Upload & { status: 200 } | { status: number; detail: string; code: string | undefined }> {
  const service = options instanceof Service ? options : new Service(options);
  try {
    return { status: 200, ...await receiveUpload(exchangeOf(request, service)) };
  } catch (error) {
    const { status, detail, code } = toProblem(error);
    return { status, detail, code };
  }
}

/** A service that receives, on a port of its own. */
export interface ReceivingServer {
  readonly port: number;
  readonly service: Service;
  /** What came of each request, in the order in which that was known. */
  readonly outcomes: (number | string)[];
}

/** Do something with a server that answers with how many bytes a photo has. */
export async function withReceivingServer(
  options: HandlerOptions,
  use: (server: ReceivingServer) => Promise<void>,
): Promise<void> {
  const service = new Service(options);
  const outcomes: (number | string)[] = [];
  const end = new AbortController();
  const listening = { port: 0, hostname: "127.0.0.1", onListen() {}, signal: end.signal };
  const server = Deno.serve(listening, async (request) => {
    if (request.method === "GET") return new Response("here");
    try {
      const { photo } = await receiveUpload(exchangeOf(request, service));
      await readEnd(request);
      outcomes.push(photo.bytes.length);
      return new Response(`${photo.bytes.length}`);
    } catch (error) {
      const problem = toProblem(error);
      outcomes.push(problem.status);
      return problemResponse(problem);
    }
  });
  try {
    await use({ port: server.addr.port, service, outcomes });
  } finally {
    end.abort();
    await server.finished;
  }
}

/** A connection on which a request has begun. */
export async function begin(port: number, headers: readonly string[]): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = ["POST /explain HTTP/1.1", "Host: localhost", "Content-Type: image/png", ...headers];
  await send(connection, utf8(`${lines.join("\r\n")}\r\n\r\n`));
  return connection;
}

/** Send all of some bytes. */
export async function send(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** What is answered on a connection, head and body; then it is closed. */
export async function answerOn(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(10_000);
  let answer = "";
  for (let length; !isWhole(answer) && (length = await connection.read(bytes)) !== null;) {
    answer += new TextDecoder().decode(bytes.subarray(0, length));
  }
  connection.close();
  return answer;
}

function isWhole(answer: string): boolean {
  const [, length] = /^content-length: (\d+)\r$/mi.exec(answer) ?? [];
  const end = answer.indexOf("\r\n\r\n");
  return end >= 0 && answer.length >= end + 4 + Number(length);
}

/** Wait until something is so. */
export async function until(isSo: () => boolean, withinMs = 5000): Promise<void> {
  for (const start = performance.now(); !isSo();) {
    if (performance.now() - start > withinMs) throw new Error("It did not come to it");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
