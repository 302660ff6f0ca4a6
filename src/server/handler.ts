import type { Answer, Exchange } from "./exchange.ts";
import { fronts } from "./front/mod.ts";
import type { ConnectionInfo, HandlerOptions } from "./options.ts";
import { answerByRoute } from "./router.ts";
import { Service } from "./service.ts";

/** Photos explained over HTTP. */
export interface ExplainService {
  /** Answer a request, as `deno serve` and edge hosts call it. */
  fetch(this: void, request: Request, info?: ConnectionInfo): Promise<Response>;
  /**
   * Open the models, and see that one photo can be explained, before the first request comes.
   *
   * @throws {ModelError} If one cannot be opened.
   */
  ready(): Promise<void>;
  /** End the workers and free the models; what is under way is dropped. */
  close(): Promise<void>;
}

/** The fronts and the routes behind them, as one. */
const answer: Answer = fronts.reduceRight<Answer>(
  (next, front) => (exchange) => front(exchange, next),
  answerByRoute,
);

/**
 * Photos explained over HTTP, with what a program needs to start and end it. Making it does no work unless `preload` says
 * so.
 *
 * @param options The models, the limits, and who may ask.
 * @throws {RangeError} If a limit is out of range.
 * @throws {TypeError} If an option is unknown or of a wrong type.
 */
export function createService(options: HandlerOptions = {}): ExplainService {
  const service = new Service(options);
  const { onError = console.error } = options;
  if (options.preload) service.engine.ready().catch(onError);
  async function fetch(request: Request, info: ConnectionInfo = {}): Promise<Response> {
    const exchange: Exchange = {
      request,
      url: new URL(request.url),
      id: crypto.randomUUID(),
      info,
      service,
      params: {},
      route: "none",
      received: 0,
      problem: undefined,
    };
    return await answer(exchange);
  }
  return {
    fetch,
    ready: () => service.engine.ready(),
    close: () => service.engine.close(),
  };
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
export function createHandler(options: HandlerOptions = {}): ExplainService["fetch"] {
  return createService(options).fetch;
}
