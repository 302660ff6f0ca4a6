/**
 * A service and a browser for the page's tests. It is not published.
 *
 * @module
 */
import type { Page } from "puppeteer-core";
import { createHandler, type HandlerOptions } from "../mod.ts";

type Handle = (request: Request) => Promise<Response>;

/** Stands before the service: answers a request itself, or has it answered and may change the answer. */
export type Between = (request: Request, next: Handle) => Promise<Response>;

/** A service on this machine. */
export interface TestService extends AsyncDisposable {
  readonly url: string;
  /** What stands before it; all is let through at first. */
  between: Between;
  /** The requests that came, each as its method and path with parameters. */
  readonly requests: string[];
  /** What photos weighed that were sent, in bytes, in order. */
  readonly uploads: number[];
}

/** A request for an answer that is not packed, which tests can look into. */
function forPlain(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.delete("accept-encoding");
  return new Request(request, { headers });
}

/** Serve open models on this machine. */
export function serve(options: HandlerOptions): TestService {
  const handler = createHandler(options);
  const handle: Handle = (request) => handler(forPlain(request));
  const requests: string[] = [];
  const uploads: number[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    requests.push(`${request.method} ${pathname}${search}`);
    const length = Number(request.headers.get("content-length"));
    if (request.method === "POST" && length > 0) uploads.push(length);
    return await service.between(request, handle);
  });
  const service: TestService = {
    url: `http://127.0.0.1:${server.addr.port}/`,
    between: (request, next) => next(request),
    requests,
    uploads,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return service;
}

/** The text of an element, once it is like what is wanted. */
export async function waitForText(page: Page, selector: string, wanted: RegExp | string): Promise<string> {
  const pattern = typeof wanted === "string" ? RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : wanted;
  // The function runs in the page.
  const there = `${pattern}.test(document.querySelector(${JSON.stringify(selector)})?.textContent ?? "")`;
  try {
    await page.waitForFunction(there, { timeout: 15_000, polling: 20 });
  } catch {
    const said = await page.$eval(selector, (element) => element.textContent).catch(() => "nothing");
    throw new Error(`"${selector}" says ${JSON.stringify(said)}, and never ${pattern}`);
  }
  return await page.$eval(selector, (element) => element.textContent ?? "");
}

/** Choose a file in a field of the page. */
export async function chooseFile(page: Page, path: string, field = "#chooser"): Promise<void> {
  const chooser = await page.waitForSelector(field);
  await (chooser as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(path);
}

/** A file that the page has handed out. */
export interface SavedInPage {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Keep what the page hands out, from its next loading on. */
export async function keepSaved(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(`
    globalThis.saved = [];
    const blobs = new Map(), make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = make(blob);
      blobs.set(url, blob);
      return url;
    };
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      if (this.download) saved.push({ name: this.download, blob: blobs.get(this.href) });
      else click.call(this);
    };
  `);
}

/** What was handed out, once there are so many files. */
export async function takeSaved(page: Page, count: number): Promise<SavedInPage[]> {
  await page.waitForFunction(`saved.length >= ${count}`, { timeout: 15_000, polling: 20 });
  const files = await page.evaluate(`Promise.all(saved.splice(0).map(async ({ name, blob }) =>
    ({ name, base64: new Uint8Array(await blob.arrayBuffer()).toBase64?.() ??
      btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join("")) })))`);
  return (files as { name: string; base64: string }[]).map(({ name, base64 }) => ({
    name,
    bytes: Uint8Array.fromBase64(base64),
  }));
}

/** Paste a photo, which is drawn in the page: one of the examples at a size. */
export async function pastePhoto(
  page: Page,
  { example, width, height, type }: {
    readonly example: string;
    readonly width: number;
    readonly height: number;
    readonly type: string;
  },
): Promise<number> {
  return await page.evaluate(`(async () => {
    const image = new Image();
    image.src = "page/${example}";
    await image.decode();
    const canvas = new OffscreenCanvas(${width}, ${height});
    canvas.getContext("2d").drawImage(image, 0, 0, ${width}, ${height});
    const blob = await canvas.convertToBlob({ type: "${type}", quality: 0.95 });
    const data = new DataTransfer();
    data.items.add(new File([blob], "pasted." + "${type}".split("/")[1], { type: "${type}" }));
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
    return blob.size;
  })()`) as number;
}
