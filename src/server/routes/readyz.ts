import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { jsonAnswer, problemAnswer } from "../openapi/answers.ts";
import { Problem } from "../problem.ts";
import type { ReadinessState } from "../readiness.ts";
import type { Route } from "../route.ts";

/** Why a service is not ready, where it is not. */
const reasons: Readonly<Record<Exclude<ReadinessState, "ready">, string>> = {
  idle: "the models are being opened",
  opening: "the models are being opened",
  failed: "a model could not be opened: the server's log says why; it is tried again",
};

/** It does not wait: what is not open yet is opened while others ask. */
function sayReady({ service }: Exchange): Response {
  const { readiness, underWay } = service;
  underWay.checkOpen();
  const { state } = readiness;
  if (state === "ready") return jsonResponse({ status: "ready" });
  if (state !== "opening") readiness.begin().catch((error) => service.tell(error));
  throw new Problem(503, `The server is not ready: ${reasons[state]}`, { "retry-after": "1" }, "not-ready");
}

/** `GET /readyz`: whether photos can be explained. */
export const readyzRoute: Route = {
  path: "/readyz",
  methods: { GET: sayReady },
  isOpen: true,
  operations: {
    GET: () => ({
      operationId: "isReady",
      summary: "Whether the models are open and were tried, and new work is taken",
      tags: ["operating"],
      responses: {
        200: jsonAnswer("They are", {
          type: "object",
          required: ["status"],
          properties: { status: { const: "ready" } },
        }),
        503: problemAnswer("They are being opened, one cannot be opened, or the server is about to end"),
      },
    }),
  },
};
