import { jsonResponse } from "../json_response.ts";
import { jsonAnswer } from "../openapi/answers.ts";
import type { Route } from "../route.ts";

function sayAlive(): Response {
  return jsonResponse({ status: "alive" });
}

/** `GET /healthz`: whether the process answers at all. */
export const healthzRoute: Route = {
  path: "/healthz",
  methods: { GET: sayAlive },
  isOpen: true,
  operations: {
    GET: () => ({
      operationId: "isAlive",
      summary: "Whether the process answers",
      tags: ["operating"],
      responses: {
        200: jsonAnswer("It does", {
          type: "object",
          required: ["status"],
          properties: { status: { const: "alive" } },
        }),
      },
    }),
  },
};
