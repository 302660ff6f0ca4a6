import type { Answer, Exchange } from "../exchange.ts";
import { acceptedEncoding } from "../accept.ts";

/** What is shorter gains nothing, in bytes. */
const shortest = 1_000;

/** How much is compressed before others have a turn, in bytes: a millisecond or two of work. */
const portion = 65_536;

/** Whether content of a media type becomes shorter; pictures and NumPy's arrays hardly do. */
function isText(mediaType: string): boolean {
  return /^(text\/|image\/svg\+xml|application\/(.+\+)?json|application\/(java|ecma)script)/i.test(mediaType);
}

async function* inPortions(content: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < content.length; start += portion) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve));
    yield content.subarray(start, start + portion);
  }
}

async function gzip(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = ReadableStream.from(inPortions(content)).pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

/** Compresses text for clients that take it compressed. */
export async function compressText(exchange: Exchange, next: Answer): Promise<Response> {
  const response = await next(exchange);
  const { headers } = response;
  const isWhole = response.body !== null && !headers.has("content-encoding");
  if (!isWhole || !isText(headers.get("content-type") ?? "")) return response;
  const isLong = Number(headers.get("content-length") ?? Infinity) >= shortest;
  if (!isLong || /\bno-transform\b/i.test(headers.get("cache-control") ?? "")) return response;
  headers.append("vary", "accept-encoding");
  if (acceptedEncoding(exchange.request.headers, ["gzip", "identity"]) !== "gzip") return response;
  const content = await gzip(await response.bytes());
  headers.set("content-encoding", "gzip");
  headers.set("content-length", String(content.length));
  return new Response(content, { status: response.status, headers });
}
