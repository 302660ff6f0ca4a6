import type { Answer, Exchange } from "../exchange.ts";

/** Headers that every answer has. */
export async function setHeaders(exchange: Exchange, next: Answer): Promise<Response> {
  const response = await next(exchange);
  const { headers } = response;
  const { cors } = exchange.service.options;
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store"); // photos of people, and what was seen in them
  headers.set("x-content-type-options", "nosniff");
  if (typeof cors === "string") {
    headers.set("access-control-allow-origin", cors);
    headers.set("access-control-allow-headers", "content-type");
    headers.set("access-control-allow-methods", "GET, POST");
    headers.set("access-control-expose-headers", "*");
    headers.append("vary", "origin");
  }
  return response;
}
