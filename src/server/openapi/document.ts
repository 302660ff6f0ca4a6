import { version } from "../../base/version.ts";
import type { Route, RouteMethod } from "../route.ts";
import type { Describe, Json } from "./operation.ts";
import type { Service } from "../service.ts";
import { problemAnswer, retryAfter } from "./answers.ts";
import { schemas } from "./schemas.ts";

/** Groups of operations. */
const tags: readonly Json[] = [
  { name: "explaining", description: "A photo in, where the network looked out" },
  { name: "models", description: "What there is to choose from" },
  { name: "operating", description: "For whoever runs the service" },
];

const unauthorized: Json = problemAnswer("No token that this server knows was shown", {
  "WWW-Authenticate": { schema: { type: "string" } },
});

const notModified: Json = {
  description: "It is what the client has, by its If-None-Match",
  headers: { ETag: { schema: { type: "string" } } },
};

/** What may be answered to any request of an operation. */
function answersToAll(route: Route, method: RouteMethod, { tokens, rates }: Service): Json {
  const isOpen = route.isOpen === true && method === "GET";
  return {
    ...route.isStatic && method === "GET" && { 304: notModified },
    ...tokens.areNeeded && !isOpen && { 401: unauthorized },
    ...rates && !isOpen && { 429: problemAnswer("This client has asked too often", retryAfter) },
    431: { description: "The URL or the headers are too long: the server may say no more than that" },
    500: problemAnswer("The fault is the server's own: its log says what it is"),
  };
}

function describeOperation(route: Route, method: RouteMethod, describe: Describe, service: Service): Json {
  const operation = describe(service);
  const isOpen = route.isOpen === true && method === "GET";
  return {
    ...operation,
    ...service.tokens.areNeeded && isOpen && { security: [] },
    responses: { ...operation.responses, ...answersToAll(route, method, service) },
  };
}

function describePath(route: Route, service: Service): Json {
  const operations = Object.entries(route.operations ?? {}) as [RouteMethod, Describe][];
  return Object.fromEntries(
    operations.map(([method, describe]) =>
      [method.toLowerCase(), describeOperation(route, method, describe, service)] as const
    ),
  );
}

/**
 * A service's OpenAPI 3.1 document, made of what its routes, parameters and limits say of themselves.
 *
 * @param routes Those that are described.
 */
export function describeService(routes: readonly Route[], service: Service): Json {
  const bearer = { type: "http", scheme: "bearer" };
  return {
    openapi: "3.1.1",
    info: {
      title: "@xai/gradcam",
      version,
      summary: "Where in this picture did the network look?",
      description:
        "Grad-CAM over HTTP. What cannot be answered is told as problem details (RFC 9457). Every " +
        "answer has an `x-request-id`, which is the request's own where it has one.",
      license: { name: "MIT", identifier: "MIT" },
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    tags,
    ...service.tokens.areNeeded && { security: [{ bearer: [] }] },
    paths: Object.fromEntries(routes.map((route) => [route.path, describePath(route, service)])),
    components: { schemas, ...service.tokens.areNeeded && { securitySchemes: { bearer } } },
  };
}
