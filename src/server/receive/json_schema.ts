import { type JsonSchema, jsonSchemaOf, type ParameterContext, parameters } from "../parameters.ts";
import { isInputName } from "../input_names.ts";
import { photoName } from "./given.ts";

const file = {
  type: "string",
  contentEncoding: "base64",
  minLength: 1,
  description: "A file in base64, or a data: URL of it",
};

function only(name: string, description: string): JsonSchema {
  return {
    type: "object",
    required: [name],
    additionalProperties: false,
    properties: { [name]: { type: "string", description } },
  };
}

/** What a photo may be in JSON. */
export const photoSchema: JsonSchema = Object.freeze({
  description: "The photo",
  anyOf: [
    file,
    only("url", "Where it lies: https, on a host that the server allows"),
    only("id", "The id under which it was kept"),
  ],
});

/** What goes into other inputs of the model in JSON, by their names. */
export const inputsSchema: JsonSchema = Object.freeze({
  description: "What goes into other inputs of the model, by their names: numbers, row by row, or a photo",
  type: "object",
  additionalProperties: {
    anyOf: [{ type: "number" }, { type: "array", items: { type: "number" }, minItems: 1 }, file],
  },
});

/** What the body of a request to explain a photo is in JSON. */
export function explainBodySchema(context: ParameterContext): JsonSchema {
  const named = parameters.filter(({ name, places }) => places.includes("json") && !isInputName(name));
  const properties = named.map((parameter) =>
    [parameter.name, { description: parameter.what, ...jsonSchemaOf(parameter, context) }] as const
  );
  return {
    type: "object",
    additionalProperties: false,
    properties: { [photoName]: photoSchema, ...Object.fromEntries(properties), inputs: inputsSchema },
  };
}
