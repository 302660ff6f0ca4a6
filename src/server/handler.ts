import { type Answer, type Exchange, malformedUrl } from "./exchange.ts";
import { fronts } from "./front/mod.ts";
import type { ConnectionInfo, HandlerOptions } from "./options.ts";
import { answerByRoute, findRoute } from "./router.ts";
import { Service } from "./service.ts";

/** How a service is. */
export interface ServiceState {
  /** How many requests are being answered. */
  readonly underWay: number;
  /** Whether new work is refused. */
  readonly isDraining: boolean;
}

/** Options of {@linkcode ExplainService.drain}. */
export interface DrainOptions {
  /**
   * After how many milliseconds what is still under way is cut: its clients get 503.
   * @default {never}
   */
  readonly timeoutMs?: number | undefined;
}

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
  /** How it is. */
  readonly state: ServiceState;
  /**
   * Take no new work: it gets 503 from now on, and connections are closed after their answers. What was admitted before is
   * answered.
   *
   * @returns When nothing is under way any more.
   */
  drain(options?: DrainOptions): Promise<void>;
  /** End the workers and free the models; what is under way is dropped. */
  close(): Promise<void>;
}

/** The fronts and the routes behind them, as one. */
const answer: Answer = fronts.reduceRight<Answer>(
  (next, front) => (exchange) => front(exchange, next),
  answerByRoute,
);

/** The ids of requests that are taken as they are: they go into logs. */
const requestId = /^[\w.-]{1,128}$/;

function idOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given !== null && requestId.test(given) ? given : crypto.randomUUID();
}

/** What a request is answered with. */
function exchangeOf(request: Request, info: ConnectionInfo, service: Service, signal: AbortSignal): Exchange {
  const url = URL.parse(request.url) ?? malformedUrl;
  return {
    request,
    url,
    id: idOf(request),
    info,
    service,
    signal,
    began: performance.now(),
    ...findRoute(url.pathname),
    times: {},
    received: 0,
    problem: undefined,
  };
}

/**
 * Photos explained over HTTP, with what a program needs to start and end it. Making it does no work unless `preload` says
 * so.
 *
 * @param options The models, the limits, and who may ask.
 * @throws {RangeError} If a limit is out of range.
 * @throws {TypeError} If an option is unknown or of a wrong type.
 *
 * @example A server that ends without losing a photo
 * ```ts
 * import { createService } from "@xai/gradcam/serve";
 *
 * const service = createService({ workers: 0 });
 * const server = Deno.serve({ port: 0, onListen: () => {} }, service.fetch);
 *
 * await service.drain({ timeoutMs: 10_000 }); // as on SIGTERM: what was admitted is answered
 * await server.shutdown();
 * await service.close();
 * ```
 */
export function createService(options: HandlerOptions = {}): ExplainService {
  const service = new Service(options);
  const { underWay, readiness } = service;
  if (options.preload) readiness.begin().catch((error) => service.tell(error));
  async function fetch(request: Request, info: ConnectionInfo = {}): Promise<Response> {
    const { signal, end } = underWay.begin(request.signal);
    try {
      return await answer(exchangeOf(request, info, service, signal));
    } finally {
      end();
    }
  }
  return {
    fetch,
    ready: () => readiness.begin(),
    get state() {
      return { underWay: underWay.count, isDraining: underWay.isDraining };
    },
    drain: ({ timeoutMs } = {}) => underWay.drain(timeoutMs),
    async close() {
      await underWay.drain(0);
      await service.engine.close();
    },
  };
}

/**
 * A handler of requests, for `Deno.serve`, `deno serve` and edge hosts. Making it does no work: the model and the
 * backend are started by the first request that needs them. It reads no file and opens no connection but to where the
 * model lies, and to hosts that photos may be fetched from.
 *
 * - `POST /v1/explain` takes a photo (the body, a form's file `photo`, or JSON) and parameters such as `class`, `layer`,
 *   `model` and `format`, and answers with pictures, NumPy's format or JSON.
 * - `GET /v1/models`, `/v1/models/{id}`, `/v1/models/{id}/layers` and `/v1/methods` say what there is to choose from.
 * - `GET /healthz`, `/readyz` and `/metrics` are for whoever runs it; `/` is a page to try it on.
 * - `GET /openapi.json` describes all of these with their parameters; docs/service.md says more.
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
 * const request = new Request("http://localhost/v1/explain", { method: "POST", body: photo });
 * const response = await handler(request);
 * assertEquals(response.headers.get("content-type"), "image/png");
 * assertEquals(response.headers.get("gradcam-label"), "Egyptian cat");
 * ```
 */
export function createHandler(options: HandlerOptions = {}): ExplainService["fetch"] {
  return createService(options).fetch;
}
