import type { Answer, Exchange } from "../exchange.ts";

/** Answers HEAD as GET, without the content. */
export async function leaveContentOut(exchange: Exchange, next: Answer): Promise<Response> {
  const response = await next(exchange);
  if (exchange.request.method !== "HEAD" || response.body === null) return response;
  await response.body.cancel();
  return new Response(null, response);
}
