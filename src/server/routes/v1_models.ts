import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { jsonAnswer } from "../openapi/answers.ts";
import { reference } from "../openapi/reference.ts";
import type { Route } from "../route.ts";

function listModels({ service }: Exchange): Response {
  const { models, defaultModel, engine } = service;
  const open = engine.state.isOpen;
  return jsonResponse({
    models: [...models.keys()].map((id) => ({ id, default: id === defaultModel, open })),
  });
}

/** `GET /v1/models`: the models to choose from. */
export const v1ModelsRoute: Route = {
  path: "/v1/models",
  methods: { GET: listModels },
  operations: {
    GET: () => ({
      operationId: "listModels",
      summary: "The models to choose from, the default first",
      tags: ["models"],
      responses: { 200: jsonAnswer("The models", reference("Models")) },
    }),
  },
};
