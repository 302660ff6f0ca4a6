import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { listInputs } from "../list_inputs.ts";
import { jsonAnswer, problemAnswer, retryAfter } from "../openapi/answers.ts";
import { modelParameter } from "../openapi/model_parameter.ts";
import { reference } from "../openapi/reference.ts";
import { modelInPath, reportOf } from "../report_of.ts";
import type { Route } from "../route.ts";

async function describeModel(exchange: Exchange): Promise<Response> {
  const report = await reportOf(exchange, modelInPath(exchange));
  const { id, name = null, format, outputs, labels = null, attention, default: found, reason } = report;
  const inputs = listInputs(report, exchange.service);
  return jsonResponse({
    id,
    name,
    format,
    inputs,
    outputs,
    labels,
    attention,
    default: found,
    ...reason && { reason },
  });
}

/** `GET /v1/models/{id}`: what a model takes and gives. */
export const v1ModelRoute: Route = {
  path: "/v1/models/{id}",
  methods: { GET: describeModel },
  operations: {
    GET: (service) => ({
      operationId: "getModel",
      summary: "A model's inputs, outputs, classes and default layer",
      description: "The model is opened for it, where it is not open yet.",
      tags: ["models"],
      parameters: [modelParameter(service)],
      responses: {
        200: jsonAnswer("The model", reference("Model")),
        404: problemAnswer("There is no such model"),
        503: problemAnswer("The server is about to end, or has no backend to compute on", retryAfter),
      },
    }),
  },
};
