import type { BackendName } from "../../backends/mod.ts";
import {
  anyRule,
  callbackRule,
  checkOptionTypes,
  flagRule,
  listRule,
  numberRule,
  objectRule,
  type OptionRules,
  rule,
  textRule,
} from "../base/options.ts";
import { type GradcamOptions, gradcamRules } from "../explain/gradcam_options.ts";
import {
  identityRule,
  type LoadModelOptions,
  loadRules,
  modelRule,
  type ModelSource,
} from "../formats/load_options.ts";
import type { FitMode } from "../input/image/window.ts";
import type { Preprocessing, PreprocessingName } from "../input/preprocess.ts";
import { type LimitName, limitNames, type LimitOptions, limits } from "./limits.ts";

/** A model of several that a service explains with. */
export interface ServedModel
  extends Pick<LoadModelOptions, "labels" | "preprocess" | "identity" | "weights"> {
  /**
   * The model: where it lies, or an open one.
   * @default {the embedded EfficientNet-Lite0}
   */
  readonly model?: ModelSource | undefined;
}

/** What a service says of a request when it has been answered. It holds nothing of the photo. */
export interface RequestRecord {
  /** The request's id. */
  readonly id: string;
  /** When it came, in ISO 8601. */
  readonly time: string;
  /** The HTTP method. */
  readonly method: string;
  /** The route that answered, such as `/v1/explain`; `"none"` where there is none. */
  readonly route: string;
  /** The status of the answer. */
  readonly status: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Bytes that were received. */
  readonly received: number;
  /** Bytes that were sent, where that is known. */
  readonly sent: number | undefined;
  /** The problem's detail, where there was one. */
  readonly problem?: string | undefined;
}

/** How many requests a client may send. */
export interface RateLimit {
  /** How many a second, over time. */
  readonly perSecond: number;
  /**
   * How many at once.
   * @default {ten times `perSecond`, at least 1}
   */
  readonly burst?: number | undefined;
}

/** What is known of a connection, as the platform tells it. */
export interface ConnectionInfo {
  /** Where the request came from. */
  readonly remoteAddr?: { readonly hostname?: string } | { readonly path?: string } | undefined;
}

/** Photos that are kept for a while, so that they need not be sent again. */
export interface PhotoCacheOptions {
  /**
   * How many bytes of files are kept; the oldest go first.
   * @default {64000000}
   */
  readonly maxBytes?: number | undefined;
  /**
   * For how long each is kept after it was last asked for, in milliseconds.
   * @default {600000}
   */
  readonly maxAgeMs?: number | undefined;
}

/** Options of {@linkcode createService}: the model, the limits, and who may ask. */
export interface HandlerOptions extends LimitOptions {
  /**
   * The model to explain with: where it lies, or an open one, which no worker can share.
   * @default {the embedded EfficientNet-Lite0}
   */
  readonly model?: ModelSource | undefined;
  /** Several models in place of one, by their ids; the first is explained with where a request names none. */
  readonly models?: Readonly<Record<string, ServedModel>> | undefined;
  /** The names of the classes, instead of those found beside the model. */
  readonly labels?: readonly string[] | undefined;
  /** How the model was trained to see pixels, instead of what its files say. */
  readonly preprocess?: PreprocessingName | Preprocessing | undefined;
  /** Classes of Keras layers that leave their input as it is, as `loadModel` takes them. */
  readonly identity?: readonly string[] | undefined;
  /** The file that holds the model's weights, as `loadModel` takes it. */
  readonly weights?: LoadModelOptions["weights"];
  /** How photos are brought to the model's shape, where a request does not say. */
  readonly fit?: FitMode | undefined;
  /** What goes into the model besides the photo, and which output is explained, where a request does not say. */
  readonly defaults?: Pick<GradcamOptions, "output" | "input" | "inputs" | "size" | "range"> | undefined;
  /**
   * The backend to compute on.
   * @default {"auto"}
   */
  readonly backend?: "auto" | BackendName | undefined;
  /**
   * Threads for WebAssembly, of each worker.
   * @default {the machine's, divided among the workers}
   */
  readonly threads?: number | undefined;
  /**
   * How many workers decode, compute and draw, from 0 to 64, so that the thread that answers stays free. With none,
   * where there can be none, or where the model is an open one, it does so itself.
   * @default {1}
   */
  readonly workers?: number | undefined;
  /**
   * Whether models are opened at once, rather than by the first request that needs them.
   * @default {false}
   */
  readonly preload?: boolean | undefined;
  /**
   * Photos that are kept in memory for a short time under an id that cannot be guessed, so that a page need not send
   * them again; `false` keeps none.
   * @default {64 MB, ten minutes}
   */
  readonly photoCache?: false | PhotoCacheOptions | undefined;
  /** Hosts that photos may be fetched from by https where a request gives a URL; none if left out. */
  readonly photoHosts?: readonly string[] | undefined;
  /** The origins that pages elsewhere may ask from, or `"*"`; none if left out. */
  readonly cors?: string | readonly string[] | undefined;
  /** Bearer tokens, one of which every request must show but those for the service's health; none if left out. */
  readonly tokens?: readonly string[] | undefined;
  /** How many requests each client may send; no limit if left out. */
  readonly rateLimit?: RateLimit | undefined;
  /**
   * Who sent a request, for the rate limit: behind a proxy, the address that it passes on.
   * @default {the bearer token, or else the address of the connection}
   */
  readonly clientOf?: ((request: Request, info: ConnectionInfo) => string) | undefined;
  /** Told of each request when it has been answered, such as to log it; nothing of a photo is in it. */
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
  /**
   * Told of errors that are the server's own.
   * @default {console.error}
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const { output, input, inputs, size, range, fit, preprocess, backend, threads, labels } = gradcamRules;

/** What the defaults can be. */
const defaultRules: OptionRules<NonNullable<HandlerOptions["defaults"]>> = {
  output,
  input,
  inputs,
  size,
  range,
};

/** What each model of several can be. */
const servedModelRules: OptionRules<ServedModel> = {
  model: modelRule,
  labels: loadRules.labels,
  preprocess: loadRules.preprocess,
  identity: identityRule,
  weights: loadRules.weights,
};

/** What a rate limit can be. */
const rateLimitRules: OptionRules<RateLimit> = {
  perSecond: numberRule("how many requests a second"),
  burst: numberRule("how many requests at once"),
};

/** What a cache of photos can be. */
const photoCacheRules: OptionRules<PhotoCacheOptions> = {
  maxBytes: numberRule("a number of bytes"),
  maxAgeMs: numberRule("a number of milliseconds"),
};

const limitRules = Object.fromEntries(
  limitNames.map((name) => [name, numberRule(`${limits[name].what}: a number`)]),
) as unknown as OptionRules<Record<LimitName, number>>;

const textsRule = listRule("an array of texts", textRule("a text"));

/** What each of them can be. */
export const handlerRules: OptionRules<HandlerOptions> = {
  ...limitRules,
  model: modelRule,
  models: objectRule("an object of models by their ids"),
  labels,
  preprocess,
  identity: identityRule,
  weights: loadRules.weights,
  fit,
  defaults: objectRule("{ output, input, inputs, size, range }"),
  backend,
  threads,
  workers: numberRule("how many workers"),
  preload: flagRule,
  photoCache: anyRule(rule("false", (value) => value === false), objectRule("{ maxBytes, maxAgeMs }")),
  photoHosts: textsRule,
  cors: anyRule(textRule('an origin, or "*"'), listRule("an array of origins", textRule("an origin"))),
  tokens: textsRule,
  rateLimit: objectRule("{ perSecond, burst }", "perSecond"),
  clientOf: callbackRule("a function that says who sent a request"),
  onRequest: callbackRule("a function that is told of requests"),
  onError: callbackRule("a function that is told of errors"),
};

/** More workers than any machine gains from. */
const mostWorkers = 64;

/** The ids that models can have: parts of a path that need no escaping. */
const modelId = /^[A-Za-z0-9][\w.-]{0,99}$/;

function checkModels({ model, models }: HandlerOptions): void {
  if (!models) return;
  if (model !== undefined) throw new TypeError("Cannot use both model and models: give one of them");
  const ids = Object.keys(models);
  if (ids.length === 0) throw new RangeError("Cannot serve no models: give one at least");
  for (const id of ids) {
    if (!modelId.test(id)) {
      throw new RangeError(
        `Cannot use the model id ${JSON.stringify(id)}: use letters, digits, ".", "-" and "_"`,
      );
    }
    checkOptionTypes(`createService(), its model "${id}",`, models[id], servedModelRules);
  }
}

/** A host's name or address as URLs have it, or a name below which all are meant. */
const hostPattern = /^((\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i;

function checkPhotoHosts({ photoHosts = [] }: HandlerOptions): void {
  const wrong = photoHosts.find((host) => !hostPattern.test(host));
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot use ${
      JSON.stringify(wrong)
    } in photoHosts: give names such as photos.example.com or *.example.com`,
  );
}

/**
 * Make sure that options can be used; limits are read by `readLimits`.
 *
 * @throws {RangeError} If a number is out of range.
 * @throws {TypeError} If an option is unknown or of a wrong type.
 */
export function checkHandlerOptions(options: HandlerOptions): void {
  checkOptionTypes("createHandler()", options, handlerRules);
  checkOptionTypes("createHandler(), its defaults,", options.defaults ?? {}, defaultRules);
  if (options.rateLimit) {
    checkOptionTypes("createHandler(), its rateLimit,", options.rateLimit, rateLimitRules);
  }
  if (options.photoCache) {
    checkOptionTypes("createHandler(), its photoCache,", options.photoCache, photoCacheRules);
  }
  checkModels(options);
  checkPhotoHosts(options);
  const { workers = 1 } = options;
  if (!Number.isInteger(workers) || workers < 0 || workers > mostWorkers) {
    throw new RangeError(`Cannot use ${workers} workers: use 0 to ${mostWorkers}`);
  }
}

/** The models of a service, by their ids. */
export function modelsOf({ models, model, labels, preprocess, identity, weights }: HandlerOptions): Map<
  string,
  ServedModel
> {
  return new Map(Object.entries(models ?? { default: { model, labels, preprocess, identity, weights } }));
}
