import { isInputName } from "../input_names.ts";
import { jsonSchemaOf, type ParameterContext, parameters, urlSchemaOf } from "../parameters.ts";
import type { Service } from "../service.ts";
import type { Json } from "./operation.ts";

/** A parameter as the document describes it. */
export interface DescribedParameter {
  readonly name: string;
  readonly description: string;
  /** What stands in a URL or a form. */
  readonly text: Json;
  /** What stands in JSON. */
  readonly json: Json;
}

/** What the parameters of a service depend on. */
export function contextOf({ limits, models }: Service): ParameterContext {
  return { limits, models: [...models.keys()] };
}

/** All parameters of explaining, but for the family that gives values to other inputs. */
export function describeParameters(service: Service): DescribedParameter[] {
  const context = contextOf(service);
  return parameters.filter(({ name }) => !isInputName(name)).map((parameter) => ({
    name: parameter.name,
    description: parameter.what,
    text: urlSchemaOf(parameter, context),
    json: jsonSchemaOf(parameter, context),
  }));
}
