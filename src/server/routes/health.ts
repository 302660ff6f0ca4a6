import { version } from "../../base/version.ts";
import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import type { Route } from "../route.ts";

function reportHealth({ service }: Exchange): Response {
  const { isOpen, backend, workers, replaced } = service.engine.state;
  return jsonResponse({
    status: "ok",
    version,
    model: isOpen,
    backend,
    workers,
    replaced,
    ...service.gate.state,
  });
}

/** `GET /health`: how the server is. */
export const healthRoute: Route = { path: "/health", methods: { GET: reportHealth }, isOpen: true };
