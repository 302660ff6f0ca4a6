/** An answer whose length is known, so that it is told before it is sent. */
export function sizedResponse(content: string | Uint8Array<ArrayBuffer>, init: ResponseInit): Response {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const response = new Response(bytes, init);
  response.headers.set("content-length", String(bytes.length));
  return response;
}

/** An answer in JSON. */
export function jsonResponse(value: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return sizedResponse(`${JSON.stringify(value)}\n`, { ...init, headers });
}
