import { currentBackend } from "../../backends/mod.ts";
import { markPictures, takesPhoto } from "../base/tensor_info.ts";
import type { TensorInfo } from "../split/model.ts";
import { findDefaultLayer } from "../split/default_layer.ts";
import { whyNoneSpatial } from "../split/layer_choice.ts";
import { version } from "../base/version.ts";
import { explainPhoto } from "./explain.ts";
import { pageResponse } from "./page.ts";
import { Problem, problemResponse, toProblem } from "./problem.ts";
import { type HandlerOptions, Service } from "./service.ts";

/** What answers a request. */
type Answer = (request: Request, service: Service) => Promise<Response> | Response;

function json(value: unknown): Response {
  return new Response(`${JSON.stringify(value)}\n`, { headers: { "content-type": "application/json" } });
}

/** The inputs, with which of them is explained where a request does not say, and which the server was told values for. */
function listInputs(inputs: readonly TensorInfo[], { defaults = {} }: Service["options"]) {
  const given = Object.keys(defaults.inputs ?? {});
  const open = inputs.find((input) => takesPhoto(input) && !given.includes(input.name));
  const image = typeof defaults.input === "number"
    ? inputs[defaults.input]?.name
    : defaults.input ?? open?.name;
  return markPictures(inputs).map((input) => ({
    ...input,
    explained: input.name === image,
    given: given.includes(input.name),
  }));
}

async function listLayers(_request: Request, service: Service): Promise<Response> {
  const model = await service.model();
  const { format, inputs, outputs, layers } = model;
  const found = findDefaultLayer(model) ?? null;
  const reason = found === null ? whyNoneSpatial(layers) : "";
  const given = listInputs(inputs, service.options);
  return json({ format, inputs: given, outputs, default: found, ...(reason && { reason }), layers });
}

function reportHealth(_request: Request, { gate, isOpen }: Service): Response {
  return json({ status: "ok", version, model: isOpen, backend: currentBackend() ?? null, ...gate.state });
}

/** All routes: what answers each method at each path. A new one is one line. */
const routes: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  "/": { GET: pageResponse, POST: explainPhoto },
  "/explain": { POST: explainPhoto },
  "/layers": { GET: listLayers },
  "/health": { GET: reportHealth },
};

/** The methods that a path takes. */
function methodsAt(path: string): string[] {
  const methods = Object.keys(routes[path]!);
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
}

async function route(request: Request, service: Service): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname.length > 1 ? pathname.replace(/\/$/, "") : pathname;
  if (!Object.hasOwn(routes, path)) {
    throw new Problem(404, `Nothing at "${pathname}": the paths are ${Object.keys(routes).join(", ")}`);
  }
  const allow = methodsAt(path).join(", ");
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const answer = routes[path]![request.method === "HEAD" ? "GET" : request.method];
  if (!answer) {
    throw new Problem(405, `Cannot ${request.method} "${pathname}": the methods are ${allow}`, { allow });
  }
  const response = await answer(request, service);
  if (request.method !== "HEAD") return response;
  await response.body?.cancel();
  return new Response(null, response);
}

/** Headers that every answer has. */
function finish(response: Response, cors: string | undefined): Response {
  const { headers } = response;
  headers.set("cache-control", "no-store"); // photos of people, and what was seen in them
  headers.set("x-content-type-options", "nosniff");
  if (cors !== undefined) {
    headers.set("access-control-allow-origin", cors);
    headers.set("access-control-allow-headers", "content-type");
    headers.set("access-control-allow-methods", "GET, POST");
    headers.set("access-control-expose-headers", "*");
    headers.append("vary", "origin");
  }
  return response;
}

/**
 * A handler of requests, for `Deno.serve`, `deno serve` and edge hosts. Making it does no work: the model and the
 * backend are started by the first request that needs them. It reads no file and opens no connection but to
 * where the model lies.
 *
 * - `GET /` is a page with a file chooser.
 * - `POST /explain` (or `/`) takes a photo, as the body or as the file `photo` of a form, and answers with what
 *   `format` names: `overlay` (a PNG, the default), `heatmap`, `panel`, `npy` or `json`; a repeated `format` makes
 *   a form with a part for each. Further parameters, in the URL or the form: `class` (index or name; may be
 *   repeated), `top`, `layer`, `method`, `score`, `relu`, `preprocess`, `fit`, `output`, `region` (`x,y,width,height`), `size`
 *   (`HEIGHTxWIDTH`), `input`, `inputs.NAME` (numbers for another input; where that is a picture also a form's file of that
 *   name), `colormap`, `opacity`, `alpha`, `contour`, `minSide`.
 * - `GET /layers` lists the model's inputs (which are pictures, which of them is explained), outputs and layers, and the
 *   `reason` where it is a network of volumes, `GET /health` says how the server is.
 *
 * What cannot be answered is told as problem details (RFC 9457).
 *
 * @param options The model and the limits.
 * @throws {RangeError} If a limit is out of range.
 *
 * @example
 * ```ts
 * import { createHandler } from "@xai/gradcam/serve";
 * import { assertEquals } from "@std/assert";
 *
 * const handler = createHandler({ maxPixels: 50_000_000 });
 * const photo = await Deno.readFile("testdata/photos/chelsea.png");
 * const request = new Request("http://localhost/explain", { method: "POST", body: photo });
 * const response = await handler(request);
 * assertEquals(response.headers.get("content-type"), "image/png");
 * assertEquals(response.headers.get("gradcam-label"), "Egyptian cat");
 * ```
 */
export function createHandler(options: HandlerOptions = {}): (request: Request) => Promise<Response> {
  const service = new Service(options);
  const { cors, onError = console.error } = options;
  return async function handle(request: Request): Promise<Response> {
    try {
      return finish(await route(request, service), cors);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status === 500 || (problem.status > 500 && !(error instanceof Problem))) onError(error);
      await request.body?.cancel().catch(() => {}); // what is not read of a refused body
      return finish(problemResponse(problem), cors);
    }
  };
}
