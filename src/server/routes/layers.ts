import { takesPhoto } from "../../base/tensor_info.ts";
import type { ModelReport } from "../engine/mod.ts";
import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import type { Route } from "../route.ts";
import type { Service } from "../service.ts";

/** The inputs, with which of them is explained where a request does not say, and which the server was told values for. */
export function listInputs({ inputs }: ModelReport, { options: { defaults = {} } }: Service) {
  const given = Object.keys(defaults.inputs ?? {});
  const open = inputs.find((input) => takesPhoto(input) && !given.includes(input.name));
  const image = typeof defaults.input === "number"
    ? inputs[defaults.input]?.name
    : defaults.input ?? open?.name;
  return inputs.map((input) => ({
    ...input,
    explained: input.name === image,
    given: given.includes(input.name),
  }));
}

async function listLayers({ service }: Exchange): Promise<Response> {
  const report = await service.engine.report(service.defaultModel);
  const { format, outputs, default: found, reason, layers } = report;
  const inputs = listInputs(report, service);
  return jsonResponse({ format, inputs, outputs, default: found, ...(reason && { reason }), layers });
}

/** `GET /layers`: the default model's inputs, outputs and layers. */
export const layersRoute: Route = { path: "/layers", methods: { GET: listLayers } };
