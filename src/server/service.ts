import { createEngine, type Engine } from "./engine/mod.ts";
import { Gate } from "./gate.ts";
import { type Limits, readLimits } from "./limits.ts";
import { checkHandlerOptions, type HandlerOptions, modelsOf, type ServedModel } from "./options.ts";
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
    const { backend, threads, workers = 1 } = options;
    const { concurrency, queue } = this.limits;
    this.engine = createEngine({ models: this.models, workers, concurrency, backend, threads });
    this.gate = new Gate({ concurrency: this.engine.concurrency, queue });
    this.receiving = new Receiving(this.limits);
    this.photos = new PhotoCache(options.photoCache);
  }

  /** The id of the model that is meant where none is named. */
  get defaultModel(): string {
    return this.models.keys().next().value!;
  }
}
