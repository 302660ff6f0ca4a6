import type { Answer, Exchange } from "../exchange.ts";

/** A tag of some content, which differs where one byte does. */
async function tagOf(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content)).subarray(0, 18);
  return `"${hash.toBase64({ alphabet: "base64url" })}"`;
}

/** Whether a client has what a tag stands for, by its `If-None-Match`. */
export function hasTag(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g).some(([_, one]) => one === tag);
}

/** Tags what stays the same, and does not send it to those who have it. */
export async function tagStatic(exchange: Exchange, next: Answer): Promise<Response> {
  const { request, route } = exchange;
  const response = await next(exchange);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!route?.isStatic || !isRead || response.status !== 200) return response;
  const { headers } = response;
  const content = await response.bytes();
  const tag = await tagOf(content);
  headers.set("etag", tag);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-cache"); // keep it, and ask whether it is the same
  if (!hasTag(request.headers.get("if-none-match"), tag)) return new Response(content, { headers });
  for (const name of ["content-type", "content-length", "content-encoding"]) headers.delete(name);
  return new Response(null, { status: 304, headers });
}
