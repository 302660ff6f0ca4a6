import type { Answer, Exchange } from "../exchange.ts";

/** Says how long each part took: receiving, waiting, the pipeline's parts, and all of it. */
export async function timeParts(exchange: Exchange, next: Answer): Promise<Response> {
  const response = await next(exchange);
  const times = { ...exchange.times, total: performance.now() - exchange.began };
  const parts = Object.entries(times).map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`);
  response.headers.set("server-timing", parts.join(", "));
  return response;
}
