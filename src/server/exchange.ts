import type { ConnectionInfo } from "./options.ts";
import type { Service } from "./service.ts";

/** A request under way, and what its answer is made with. */
export interface Exchange {
  /** The request. */
  readonly request: Request;
  /** Its URL, taken apart. */
  readonly url: URL;
  /** Its id, for the log and the answer. */
  readonly id: string;
  /** Where it came from. */
  readonly info: ConnectionInfo;
  /** What all requests share. */
  readonly service: Service;
  /** What stands in the path in the place of `{names}`. */
  params: Readonly<Record<string, string>>;
  /** The path of the route that answers, with its `{names}`. */
  route: string;
  /** How many bytes of its body were received. */
  received: number;
  /** The problem's detail, where there is one. */
  problem: string | undefined;
}

/** Answers a request. */
export type Answer = (exchange: Exchange) => Promise<Response> | Response;

/**
 * Stands before the routes: answers a request itself, or has it answered and does something with the answer. The list in
 * `front/mod.ts` has the order.
 */
export type Front = (exchange: Exchange, next: Answer) => Promise<Response> | Response;
