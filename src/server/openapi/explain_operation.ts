import { answerTypes } from "../answer_form.ts";
import { type Parameter, type ParameterContext, parameters, urlSchemaOf } from "../parameters.ts";
import type { Json, Operation } from "./operation.ts";
import type { Service } from "../service.ts";
import { problemAnswer, retryAfter } from "./answers.ts";
import { contextOf, formSchema, isFamily, jsonBodySchema } from "./explain_body.ts";
import { reference } from "./reference.ts";

function inUrl(parameter: Parameter, context: ParameterContext): Json {
  const { name, what, example } = parameter;
  const schema = urlSchemaOf(parameter, context);
  return { name, in: "query", description: what, schema, ...example !== undefined && { example } };
}

const photoInUrl: Json = {
  name: "photo",
  in: "query",
  description: "The id under which a photo was kept, where the body has none",
  schema: { type: "string" },
};

/** What a picture cannot say about itself. */
const headers: Json = Object.fromEntries([
  ["Gradcam-Class", "The index of the class that is explained", { type: "integer" }],
  ["Gradcam-Label", "Its name, percent-encoded, where labels are known", { type: "string" }],
  ["Gradcam-Score", "Its score", { type: "number" }],
  ["Gradcam-Probability", "The probability that the score stands for, where it is a logit", {
    type: "number",
  }],
  ["Gradcam-Method", "The method", { type: "string" }],
  ["Gradcam-Layer", "The layer, percent-encoded", { type: "string" }],
  ["Gradcam-Diagnosis", "Whether the map means anything, and if not, why", { type: "string" }],
  ["Gradcam-Warning", "What the user should know, percent-encoded", { type: "string" }],
  ["Gradcam-Photo", "The id of the photo, where it is kept", { type: "string" }],
  ["Server-Timing", "How long each part took", { type: "string" }],
].map(([name, description, schema]) => [name, { description, schema }]));

function contentOf(type: string): Json {
  return type === "application/json" ? { schema: reference("Explanation") } : {};
}

const content: Json = Object.fromEntries(answerTypes.map((type) => [type, contentOf(type)]));

/** `POST /v1/explain` as the document describes it. */
export function describeExplain(service: Service): Operation {
  const { limits } = service;
  const context = contextOf(service);
  const listed = parameters.filter((one) => one.places.includes("url") && !isFamily(one));
  return {
    operationId: "explain",
    summary: "Explain what a network sees in a photo",
    description:
      "The answer has the form that `format` names; several are the parts of a form, or with `Accept: application/json` " +
      "and `json` among them one JSON. Where no format is named, `Accept` chooses. Values for other inputs of a model go " +
      "by `inputs.NAME`, in the URL too.",
    tags: ["explaining"],
    parameters: [photoInUrl, ...listed.map((one) => inUrl(one, context))],
    requestBody: {
      required: true,
      description:
        `The photo, of ${limits.maxBodyBytes} bytes and ${limits.maxPixels} pixels at most; it may be empty where the URL names a photo that was kept`,
      content: {
        "image/*": {},
        "application/octet-stream": {},
        "multipart/form-data": { schema: formSchema(context) },
        "application/json": { schema: jsonBodySchema(service) },
      },
    },
    responses: {
      200: { description: "The explanation", headers, content },
      400: problemAnswer("The request is damaged, or a parameter is unknown or of a wrong form"),
      404: problemAnswer("There is no such model, or the photo is not kept any more"),
      406: problemAnswer("There is no form that Accept names"),
      408: problemAnswer("The body came too slowly"),
      413: problemAnswer("The body is too large"),
      415: problemAnswer("The body is of a type that is not taken"),
      422: problemAnswer(
        "The photo cannot be decoded or is given twice, the model has no such class, layer or input, or the maps take too many passes",
      ),
      501: problemAnswer("No backend of the server can compute this model"),
      503: problemAnswer("The server is busy or about to end, or the work took too long", retryAfter),
    },
  };
}
