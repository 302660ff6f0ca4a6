import type { Json } from "./operation.ts";
import { reference } from "./reference.ts";

/** An answer in JSON. */
export function jsonAnswer(description: string, schema: Json): Json {
  return { description, content: { "application/json": { schema } } };
}

/** An answer that tells of a problem. */
export function problemAnswer(description: string, headers: Json = {}): Json {
  return {
    description,
    ...Object.keys(headers).length > 0 && { headers },
    content: { "application/problem+json": { schema: reference("Problem") } },
  };
}

/** The header that says in how many seconds to try again. */
export const retryAfter: Json = {
  "Retry-After": { description: "In how many seconds to try again", schema: { type: "integer", minimum: 0 } },
};
