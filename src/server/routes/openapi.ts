import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { describeService } from "../openapi/document.ts";
import type { Route } from "../route.ts";

/**
 * `GET /openapi.json`: what there is, for programs.
 *
 * @param routes What it describes besides itself.
 */
export function openApiRoute(routes: readonly Route[]): Route {
  const route: Route = {
    path: "/openapi.json",
    methods: { GET: ({ service }: Exchange) => jsonResponse(describeService([...routes, route], service)) },
    isStatic: true,
    operations: {
      GET: () => ({
        operationId: "getOpenApi",
        summary: "This document",
        tags: ["operating"],
        responses: {
          200: {
            description: "OpenAPI 3.1",
            content: { "application/json": { schema: { type: "object", required: ["openapi", "paths"] } } },
          },
        },
      }),
    },
  };
  return route;
}
