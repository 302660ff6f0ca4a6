/** An answer in JSON. */
export function jsonResponse(value: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return new Response(`${JSON.stringify(value)}\n`, { ...init, headers });
}
