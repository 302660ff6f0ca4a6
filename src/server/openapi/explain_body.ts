import { inputPrefix, isInputName, likeName } from "../input_names.ts";
import { type Parameter, type ParameterContext, parameters, urlSchemaOf } from "../parameters.ts";
import { explainBodySchema, photoSchema } from "../receive/json_schema.ts";
import type { Service } from "../service.ts";
import type { Json } from "./operation.ts";

/** What the schemas of parameters depend on. */
export function contextOf({ limits, models }: Service): ParameterContext {
  return { limits, models: [...models.keys()] };
}

/** Whether a parameter's name stands for many, such as `inputs.NAME`, so that it cannot be listed. */
export function isFamily({ name }: Parameter): boolean {
  return isInputName(name);
}

/** A file in a form. */
const file: Json = { type: "string", format: "binary", minLength: 1 };

/** A field of a form; one may be a file too. */
function fieldSchemaOf(parameter: Parameter, context: ParameterContext): Json {
  const schema = urlSchemaOf(parameter, context);
  return parameter.name === likeName ? { anyOf: [schema, file] } : schema;
}

/** A form: the photo, photos and numbers for other inputs, and parameters as in the URL. */
export function formSchema(context: ParameterContext): Json {
  const family = parameters.find(isFamily)!;
  const fields = parameters.filter((one) => one.places.includes("form") && !isFamily(one))
    .map((one) => [one.name, { ...fieldSchemaOf(one, context), description: one.what }] as const);
  return {
    type: "object",
    properties: {
      photo: { ...file, description: "The photo's file" },
      ...Object.fromEntries(fields),
    },
    required: ["photo"],
    patternProperties: {
      [`^${inputPrefix.replace(".", "\\.")}.`]: {
        ...urlSchemaOf(family, context),
        description: family.what,
      },
    },
    additionalProperties: false,
  };
}

/** What a photo may be in JSON; URLs are left out where the server fetches none. */
function photoOf({ options: { photoHosts = [] } }: Service): Json {
  const ways = photoSchema.anyOf as readonly (Json & { readonly required?: readonly string[] })[];
  return {
    ...photoSchema,
    anyOf: ways.filter(({ required }) => photoHosts.length > 0 || !required?.includes("url")),
  };
}

/** A body in JSON. */
export function jsonBodySchema(service: Service): Json {
  const schema = explainBodySchema(contextOf(service));
  return {
    ...schema,
    required: ["photo"],
    properties: { ...schema.properties as Json, photo: photoOf(service) },
  };
}
