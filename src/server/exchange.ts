import type { ConnectionInfo } from "./options.ts";
import type { Describe } from "./openapi/operation.ts";
import type { Problem } from "./problem.ts";
import type { Service } from "./service.ts";

/** A request under way, and what its answer is made with. */
export interface Exchange {
  /** The request. */
  readonly request: Request;
  /** Its URL, taken apart; that of `malformedUrl` where it is none. */
  readonly url: URL;
  /** Its id, for the log and the answer. */
  readonly id: string;
  /** Where it came from. */
  readonly info: ConnectionInfo;
  /** What all requests share. */
  readonly service: Service;
  /** Aborted when the client has left, or the service cuts what is under way. */
  readonly signal: AbortSignal;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly began: number;
  /** The route that its path belongs to. */
  readonly route: Route | undefined;
  /** What stands in the path in the place of `{names}`. */
  readonly params: Readonly<Record<string, string>>;
  /** How long each part took, in milliseconds. */
  readonly times: Record<string, number>;
  /** How many bytes of its body were received. */
  received: number;
  /** What was wrong, where something was. */
  problem: Problem | undefined;
}

/** Stands in the place of a URL that is none; no client can send it. */
export const malformedUrl: URL = new URL("malformed:");

/** Answers a request. */
export type Answer = (exchange: Exchange) => Promise<Response> | Response;

/**
 * Stands before the routes: answers a request itself, or has it answered and does something with the answer. The list in
 * `front/mod.ts` has the order.
 */
export type Front = (exchange: Exchange, next: Answer) => Promise<Response> | Response;

/** What answers requests at a path. */
export interface Route {
  /** The path; `{name}` stands for one part of it. */
  readonly path: string;
  /** What answers each HTTP method; HEAD is answered as GET, OPTIONS by what there is. */
  readonly methods: Readonly<Partial<Record<RouteMethod, Answer>>>;
  /**
   * Whether its GET needs no token and no rate limit counts it: what is about the service's own health, and the page's
   * files.
   */
  readonly isOpen?: boolean;
  /** Whether what its GET answers is the same for everybody until the service is made anew, so that clients keep it. */
  readonly isStatic?: boolean;
  /** What the OpenAPI document says of it, by HTTP method; a route without it is left out of the document. */
  readonly operations?: Readonly<Partial<Record<RouteMethod, Describe>>>;
}

/** The HTTP methods that routes answer themselves. */
export type RouteMethod = "GET" | "POST";
