/**
 * The HTTP server below `gradcam serve`. It is Node's, as Deno has it, since `Deno.serve` waits for headers for ever.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { createServer, type Server } from "node:http";
import { isIP, type Socket } from "node:net";
import { getRequestListener, RequestError } from "npm:@hono/node-server@2.1.9";
import { GradcamError } from "../base/errors.ts";
import type { ExplainService } from "../server/mod.ts";
import { Problem, problemResponse, toProblem } from "../server/problem.ts";
import { ownChunks } from "../server/receive/read_stream.ts";
import { Connections } from "./serve_connections.ts";

/** Where to listen, and for how long who is slow is waited for. */
export interface ListenOptions {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long a request's headers may take to arrive, in milliseconds. */
  readonly headerTimeoutMs: number;
  /** How long all of a request may take to arrive, in milliseconds; the service's own limit is reached before. */
  readonly requestTimeoutMs: number;
  /** How many connections there are at most. */
  readonly maxConnections: number;
  /**
   * How long a client may read nothing of its answer, in milliseconds.
   * @default {30000}
   */
  readonly sendTimeoutMs?: number;
}

/** A server that listens. */
export interface Listening {
  /** The address, such as `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** Take no new connections, and resolve when those that have a request under way are answered and closed. */
  stop(): Promise<void>;
  /** Close all connections. */
  end(): void;
}

/** How long a connection is kept for a further request, in milliseconds: longer than proxies do, which then close it. */
const keepAliveMs = 65_000;

/** How often what is slow is looked for, in milliseconds, at least. */
const checkMs = 1_000;

const noHost = "there is no such host: give an address of this machine with --host";

/** What the system says when a server cannot listen, and what to do. */
const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use: choose another with --port",
  EACCES: "permission denied: choose a port from 1024 up with --port",
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  EADDRNOTAVAIL: "it is no address of this machine: choose another with --host",
  EINVAL: "it is no address of this machine: choose another with --host",
};

function explainRefusal(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return (code && refusals[code]) ?? message ?? String(error);
}

/** A host as it stands in URLs. */
function inUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** Ask for a permission before it is needed, since Node's server throws where nobody catches. */
async function askPermission(hostname: string, port: number): Promise<void> {
  const host = `${inUrl(hostname)}:${port}`;
  const { state } = await Deno.permissions.request({ name: "net", host }).catch((error) => {
    throw error instanceof URIError ? new GradcamError(noHost) : error;
  });
  if (state !== "granted") throw new GradcamError(`permission denied: allow it with --allow-net=${host}`);
}

/** A name's address, with the permission to listen there. */
async function findAddress(hostname: string, port: number): Promise<string> {
  await askPermission(hostname, port);
  if (isIP(hostname)) return hostname;
  const { address } = await lookup(hostname);
  await askPermission(address, port);
  return address;
}

function startListening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** What to answer where the service cannot be asked, since a request's host or URL is none. */
function answerError(error: unknown): Response {
  const isMalformed = error instanceof RequestError;
  const problem = isMalformed
    ? new Problem(400, "Cannot read the request: its host or its URL is none")
    : toProblem(error);
  return problemResponse(problem);
}

/** Requests and answers of the service as Node's server has them. */
function listenerOf(fetch: ExplainService["fetch"], sendTimeoutMs: number) {
  return getRequestListener(async (request, { outgoing, incoming }) => {
    if (request.body) ownChunks(request.body); // which this server has made, for this request
    const response = await fetch(request, { remoteAddr: { hostname: incoming.socket.remoteAddress ?? "" } });
    outgoing.socket?.setTimeout(sendTimeoutMs); // from now on; Node's server closes a connection without progress
    return response;
  }, {
    errorHandler: answerError,
    hostname: "localhost", // for HTTP/1.0, whose requests need not name one
    overrideGlobalObjects: false,
  });
}

/**
 * Start to listen.
 *
 * @param fetch What answers.
 * @throws {GradcamError} If that cannot be.
 */
export async function listen(fetch: ExplainService["fetch"], options: ListenOptions): Promise<Listening> {
  const { hostname, port, headerTimeoutMs, requestTimeoutMs, maxConnections, sendTimeoutMs = 30_000 } =
    options;
  const server = createServer({
    headersTimeout: headerTimeoutMs,
    requestTimeout: Math.max(requestTimeoutMs, headerTimeoutMs),
    connectionsCheckingInterval: Math.min(checkMs, headerTimeoutMs),
    keepAliveTimeout: keepAliveMs,
  }, listenerOf(fetch, sendTimeoutMs));
  server.on("connection", (socket: Socket) => socket.on("error", () => {})); // of those who leave: nobody's matter
  const connections = new Connections(server, maxConnections);
  try {
    await startListening(server, await findAddress(hostname, port), port);
  } catch (error) {
    server.close();
    throw new GradcamError(`Cannot listen on ${hostname}:${port}: ${explainRefusal(error)}`);
  }
  const { port: taken } = server.address() as { port: number };
  return {
    url: `http://${inUrl(hostname)}:${taken}/`,
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.endIdle();
      return closed;
    },
    end: () => connections.endAll(),
  };
}
