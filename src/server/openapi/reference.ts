import type { Json } from "./operation.ts";
import type { schemas } from "./schemas.ts";

/** The name of a schema of the document. */
export type SchemaName = keyof typeof schemas;

/** A schema of the document, by its name. */
export function reference(name: SchemaName): Json {
  return { $ref: `#/components/schemas/${name}` };
}
