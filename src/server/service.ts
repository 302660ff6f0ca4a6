import { Origins } from "./access/origins.ts";
import { RateLimiter } from "./access/rate_limiter.ts";
import { Tokens } from "./access/tokens.ts";
import { createEngine, type Engine } from "./engine/mod.ts";
import { Gate } from "./gate.ts";
import { type Limits, readLimits } from "./limits.ts";
import { RequestMetrics } from "./metrics.ts";
import { checkHandlerOptions, type HandlerOptions, modelsOf, type ServedModel } from "./options.ts";
import { Readiness } from "./readiness.ts";
import { UnderWay } from "./under_way.ts";
import { PhotoCache } from "./photos.ts";
import { Receiving } from "./receive/receiving.ts";

/** What all requests share. The models and the backend are started by the first request that needs them. */
export class Service {
  /** What it was made with. */
  readonly options: HandlerOptions;
  /** The limits, complete. */
  readonly limits: Limits;
  /** The models by their ids; the first is meant where a request names none. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** Explains photos. */
  readonly engine: Engine;
  /** Limits how many photos are explained at a time. */
  readonly gate: Gate;
  /** Whether the models are open. */
  readonly readiness: Readiness;
  /** The requests that are being answered. */
  readonly underWay: UnderWay = new UnderWay();
  /** Counts those that have been. */
  readonly metrics: RequestMetrics = new RequestMetrics();
  /** The origins whose pages may ask. */
  readonly origins: Origins;
  /** The tokens that let requests in. */
  readonly tokens: Tokens;
  /** How many requests each client may send, where that is limited. */
  readonly rates: RateLimiter | undefined;
  /** Limits what is received at a time. */
  readonly receiving: Receiving;
  /** Photos that are kept for a while. */
  readonly photos: PhotoCache;

  /**
   * @param options What the service is made with.
   * @throws {RangeError} If a limit is out of range.
   * @throws {TypeError} If an option is unknown or of a wrong type.
   */
  constructor(options: HandlerOptions) {
    checkHandlerOptions(options);
    this.options = options;
    this.limits = readLimits(options);
    this.models = modelsOf(options);
    this.origins = new Origins(options.cors);
    this.tokens = new Tokens(options.tokens);
    this.rates = options.rateLimit && new RateLimiter(options.rateLimit);
    const { backend, threads, workers = 1 } = options;
    const { concurrency, queue } = this.limits;
    const warn = (message: string) => console.warn(message);
    const trial = { ...options.fit && { fit: options.fit }, ...options.defaults };
    const { models } = this;
    this.engine = createEngine({ models, workers, concurrency, backend, threads, trial, warn });
    this.gate = new Gate({ concurrency: () => this.engine.concurrency, queue });
    this.readiness = new Readiness(this.engine);
    this.receiving = new Receiving(this.limits);
    this.photos = new PhotoCache(options.photoCache);
  }

  /** Tell whoever runs the service of an error that is its own; nothing comes of it if they fail too. */
  tell(error: unknown): void {
    const { onError = console.error } = this.options;
    try {
      onError(error);
    } catch (failure) {
      console.error(failure);
    }
  }

  /** The id of the model that is meant where none is named. */
  get defaultModel(): string {
    return this.models.keys().next().value!;
  }
}
