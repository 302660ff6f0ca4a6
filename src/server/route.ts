import type { Answer } from "./exchange.ts";

/** What answers requests at a path. */
export interface Route {
  /** The path; `{name}` stands for one part of it. */
  readonly path: string;
  /** What answers each HTTP method; HEAD is answered as GET, OPTIONS by what there is. */
  readonly methods: Readonly<Partial<Record<"GET" | "POST", Answer>>>;
  /** Whether it is about the service's own health, which needs no token and no rate limit counts. */
  readonly isOpen?: boolean;
  /**
   * What the OpenAPI document says of it, by HTTP method; a route without it is left out of the document.
   */
  readonly operations?: Readonly<Partial<Record<"GET" | "POST", Operation>>>;
}

/** An operation as OpenAPI 3.1 describes it: plain JSON. */
export type Operation = Readonly<Record<string, unknown>> & {
  /** Its name for programs. */
  readonly operationId: string;
  /** One line. */
  readonly summary: string;
};
