import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { listInputs } from "../list_inputs.ts";
import { reportOf } from "../report_of.ts";
import type { Route } from "../route.ts";

async function listLayers(exchange: Exchange): Promise<Response> {
  const { service } = exchange;
  const report = await reportOf(exchange, service.defaultModel);
  const { format, outputs, default: found, reason, layers } = report;
  const inputs = listInputs(report, service);
  return jsonResponse({ format, inputs, outputs, default: found, ...(reason && { reason }), layers });
}

/** `GET /layers`: the default model's inputs, outputs and layers, as before there were versions of the interface. */
export const layersRoute: Route = { path: "/layers", methods: { GET: listLayers } };
