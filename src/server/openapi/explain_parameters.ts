import { parameterNames } from "../parameters.ts";
import type { Json } from "./operation.ts";
import type { Service } from "../service.ts";

/** A parameter as the document describes it. */
export interface DescribedParameter {
  readonly name: string;
  readonly description: string;
  /** What stands in a URL or a form. */
  readonly text: Json;
}

/** All parameters of explaining. */
export function describeParameters(_service: Service): DescribedParameter[] {
  return parameterNames.map((name) => ({ name, description: name, text: { type: "string" } }));
}
