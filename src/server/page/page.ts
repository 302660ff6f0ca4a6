import { quote } from "../../base/quote.ts";
import type { Exchange } from "../exchange.ts";
import { Problem } from "../problem.ts";

/** What the page may do: nothing from elsewhere, and no script or style but its own files. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** The page's own files may be kept, and are asked for again each time: whether they have changed. */
const caching = { "cache-control": "no-cache" };

const mediaTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  jpg: "image/jpeg",
};

/** `GET /`: a page to try it on. It loads nothing from elsewhere. */
export async function pageResponse(): Promise<Response> {
  const { texts } = await import("./built.ts"); // when it is first asked for: programs do not need it
  return new Response(texts["page.html"], {
    headers: { ...caching, "content-type": "text/html; charset=utf-8", "content-security-policy": policy },
  });
}

/**
 * `GET /page/{file}`: the page's style sheet, its script, and its example photos.
 *
 * @throws {Problem} 404 if there is no such file.
 */
export async function pageFileResponse({ params }: Pick<Exchange, "params">): Promise<Response> {
  const { texts, photos } = await import("./built.ts");
  const name = params.file ?? "";
  const mediaType = mediaTypes[name.split(".").at(-1)!];
  const has = (files: Readonly<Record<string, string>>) => Object.hasOwn(files, name);
  if (!mediaType || !(has(texts) || has(photos))) {
    const names = [...Object.keys(texts).filter((known) => known !== "page.html"), ...Object.keys(photos)];
    throw new Problem(
      404,
      `The page has no file ${quote(name)}: its files are ${names.join(", ")}`,
    );
  }
  const content = has(texts) ? texts[name]! : Uint8Array.fromBase64(photos[name]!);
  return new Response(content, { headers: { ...caching, "content-type": mediaType } });
}
