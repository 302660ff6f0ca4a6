import type { Service } from "../service.ts";

/** Says what an operation is; much of it depends on the limits and the models. */
export type Describe = (service: Service) => Operation;

/** Plain JSON. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * An operation as OpenAPI 3.1 describes it. What may happen to any request, such as 401 where there are tokens, is added to
 * its responses by the document.
 */
export interface Operation extends Json {
  /** Its name for programs. */
  readonly operationId: string;
  /** One line. */
  readonly summary: string;
  /** What it may answer, by status. */
  readonly responses: Readonly<Record<string, Json>>;
}
