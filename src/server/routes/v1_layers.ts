import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { jsonAnswer, problemAnswer, retryAfter } from "../openapi/answers.ts";
import { modelParameter } from "../openapi/model_parameter.ts";
import { reference } from "../openapi/reference.ts";
import { modelInPath, reportOf } from "../report_of.ts";
import type { Route } from "../route.ts";

async function listLayers(exchange: Exchange): Promise<Response> {
  const { default: found, suggested, layers } = await reportOf(exchange, modelInPath(exchange));
  return jsonResponse({ default: found, suggested, layers });
}

/** `GET /v1/models/{id}/layers`: the layers that maps can be taken at. */
export const v1LayersRoute: Route = {
  path: "/v1/models/{id}/layers",
  methods: { GET: listLayers },
  operations: {
    GET: (service) => ({
      operationId: "listLayers",
      summary: "A model's layers, and those that are worth a look first",
      description: "The model is opened for it, where it is not open yet.",
      tags: ["models"],
      parameters: [modelParameter(service)],
      responses: {
        200: jsonAnswer("The layers in the order of the model", reference("Layers")),
        404: problemAnswer("There is no such model"),
        503: problemAnswer("The server is about to end, or has no backend to compute on", retryAfter),
      },
    }),
  },
};
