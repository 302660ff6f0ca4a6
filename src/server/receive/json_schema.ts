import { type JsonSchema, jsonSchemaOf, type ParameterContext, parameters } from "../parameters.ts";
import { isInputName, likeName } from "../input_names.ts";
import { scaleName } from "../../explain/embeddings.ts";
import { idPattern } from "../photos.ts";
import { dataUrlPattern } from "./base64.ts";
import { photoName } from "./given.ts";

const letter = "[A-Za-z0-9+/_-]";

const file = {
  type: "string",
  contentEncoding: "base64",
  pattern: `^(${dataUrlPattern})?(${letter}{4})*(${letter}{2}(==)?|${letter}{3}=?|${letter}{4})$`,
  description: "A file in base64, or a data: URL of a picture",
};

function only(name: string, text: JsonSchema): JsonSchema {
  return {
    type: "object",
    required: [name],
    additionalProperties: false,
    properties: { [name]: { type: "string", ...text } },
  };
}

/** What a photo may be in JSON. */
export const photoSchema: JsonSchema = Object.freeze({
  description: "The photo",
  anyOf: [
    file,
    only("url", { minLength: 1, description: "Where it lies: https, on a host that the server allows" }),
    only("id", { pattern: idPattern.source, description: "The id under which it was kept" }),
  ],
});

const number: JsonSchema = { type: "number" };
const numberList: JsonSchema = { type: "array", items: number, minItems: 1 };
const numbersOrPhoto: JsonSchema = { anyOf: [number, numberList, file] };

/** What a photo may be to be like: another, an embedding, or embeddings by name. */
const likeSchema: JsonSchema = {
  anyOf: [
    ...numbersOrPhoto.anyOf as readonly JsonSchema[],
    {
      type: "object",
      properties: { [scaleName]: { type: "number", exclusiveMinimum: 0 } },
      additionalProperties: numberList,
      minProperties: 1,
      not: { required: [scaleName], maxProperties: 1 },
      description:
        `Embeddings by name, which are classes; ${scaleName} is what similarities are multiplied by`,
    },
  ],
};

/** What goes into other inputs of the model in JSON, by their names. */
const inputsSchema: JsonSchema = Object.freeze({
  description: "What goes into other inputs of the model, by their names: numbers, row by row, or a photo",
  type: "object",
  propertyNames: { minLength: 1 },
  additionalProperties: numbersOrPhoto,
});

/** What the body of a request to explain a photo is in JSON. */
export function explainBodySchema(context: ParameterContext): JsonSchema {
  const named = parameters.filter(({ name, places }) => places.includes("json") && !isInputName(name));
  const properties = named.map((parameter) => {
    const schema = parameter.name === likeName ? likeSchema : jsonSchemaOf(parameter, context);
    return [parameter.name, { description: parameter.what, ...schema }] as const;
  });
  return {
    type: "object",
    additionalProperties: false,
    properties: { [photoName]: photoSchema, ...Object.fromEntries(properties), inputs: inputsSchema },
  };
}
