/**
 * The forward pass of LiteRT.js in a browser whose page is isolated, so that it may have threads, kept open:
 * `litert.ts PACKAGES MODEL.tflite INPUT THREADS`. PACKAGES is the folder that holds `@litertjs`.
 *
 * @module
 */
import type { Page } from "puppeteer-core";
import { launchBrowser } from "../../../src/testing/browser.ts";
import { answer, type Question } from "./answer.ts";

const [packages, modelPath, inputPath, threads] = Deno.args as [string, string, string, string];
const core = `${packages}/@litertjs/core`;

const html = `<!doctype html><html><head><link rel="icon" href="data:,"><script type="importmap">{"imports": {
  "@litertjs/wasm-utils": "/utils/index.js"
}}</script><script type="module" src="/page.js"></script></head><body></body></html>`;

/** Folders and files by the path that the page asks for. */
const folders: Readonly<Record<string, string>> = {
  "/litert/": `${core}/`,
  "/utils/": `${packages}/@litertjs/wasm-utils/dist/`,
};
const files: Readonly<Record<string, string>> = {
  "/page.js": new URL("litert_page.js", import.meta.url).pathname,
  "/model.tflite": modelPath,
  "/input.f32": inputPath,
};
const types: Readonly<Record<string, string>> = { js: "text/javascript", wasm: "application/wasm" };

/** What makes a page isolated. */
const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

async function respond(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/") return new Response(html, { headers: { ...isolation, "content-type": "text/html" } });
  const folder = Object.keys(folders).find((start) => pathname.startsWith(start));
  const path = files[pathname] ?? (folder && folders[folder]! + pathname.slice(folder.length));
  if (path === undefined) return new Response(null, { status: 404 });
  const type = types[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const { readable } = await Deno.open(path);
  return new Response(readable, { headers: { ...isolation, "content-type": type } });
}

/** What `litert_page.js` offers. */
interface OpenedPage {
  scores(): Promise<number[]>;
  times(question: Pick<Question, "warmMs" | "times">): Promise<number[]>;
}

async function versionOf(name: string): Promise<string> {
  return JSON.parse(await Deno.readTextFile(`${packages}/${name}/package.json`)).version;
}

/** Call something of the page's. */
function call<Result>(page: Page, method: keyof OpenedPage, question: object = {}): Promise<Result> {
  return page.evaluate(
    async (method, question) =>
      await ((await (globalThis as unknown as { opened: Promise<OpenedPage> }).opened)[method] as (
        question: object,
      ) => Promise<unknown>)(question),
    method,
    question,
  ) as Promise<Result>;
}

const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, respond);
const launched = await launchBrowser();
if ("reason" in launched) throw new Error(launched.reason);
const { browser } = launched;
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${server.addr.port}/?threads=${threads}`);
  await call(page, "times", { warmMs: 0, times: 0 }).catch((error) => {
    throw new Error(complaints[0] ?? error.message);
  });
  const versions = {
    "@litertjs/core": await versionOf("@litertjs/core"),
    chromium: (await browser.version()).replace(/^.*\//, ""),
  };
  await answer(versions, {
    run: { forward: (question) => call<number[]>(page, "times", question) },
    keepsTime: true,
    scores: async () => ({ scores: await call<number[]>(page, "scores") }),
  });
} finally {
  await browser.close();
}
Deno.exit(0);
