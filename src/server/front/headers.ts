import type { Answer, Exchange } from "../exchange.ts";

/** Headers that every answer has unless it has others. */
const headers: Readonly<Record<string, string>> = {
  "cache-control": "no-store", // photos of people, and what was seen in them
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(self), microphone=(), geolocation=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
};

/** Sets what keeps browsers from guessing, keeping and lending; and ends connections while the service drains. */
export async function setHeaders(exchange: Exchange, next: Answer): Promise<Response> {
  const response = await next(exchange);
  for (const [name, value] of Object.entries(headers)) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  if (exchange.service.underWay.isDraining) response.headers.set("connection", "close");
  return response;
}
