import type { Answer, Exchange } from "../exchange.ts";
import { methodsOf } from "../router.ts";

/** What pages elsewhere may send besides what every page may. */
const requestHeaders = "authorization, content-type, if-none-match, x-request-id";

/** What they may read besides what every page may. */
const answerHeaders = [
  ...["class", "label", "score", "probability", "layer", "diagnosis", "warning", "photo"].map((name) =>
    `gradcam-${name}`
  ),
  "content-disposition",
  "etag",
  "retry-after",
  "server-timing",
  "www-authenticate",
  "x-request-id",
].join(", ");

/** For how many seconds browsers need not ask again. */
const maxAge = "7200";

/** Lets pages of the origins that were listed ask, and answers their browsers' question whether they may. */
export async function letOriginsAsk(exchange: Exchange, next: Answer): Promise<Response> {
  const { request, route, service: { origins } } = exchange;
  if (origins.isEmpty) return await next(exchange);
  const isPreflight = request.method === "OPTIONS" && request.headers.has("access-control-request-method");
  const response = isPreflight && route
    ? new Response(null, { status: 204, headers: { allow: methodsOf(route).join(", ") } })
    : await next(exchange);
  const { headers } = response;
  if (origins.vary) headers.append("vary", "origin");
  const allowed = origins.allowed(request.headers.get("origin"));
  if (allowed === undefined) return response;
  headers.set("access-control-allow-origin", allowed);
  headers.set("access-control-expose-headers", answerHeaders);
  headers.set("cross-origin-resource-policy", "cross-origin");
  headers.set("timing-allow-origin", allowed);
  if (isPreflight && route) {
    headers.set("access-control-allow-methods", methodsOf(route).join(", "));
    headers.set("access-control-allow-headers", requestHeaders);
    headers.set("access-control-max-age", maxAge);
  }
  return response;
}
