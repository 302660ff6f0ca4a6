import { type BackendName, ensureBackend } from "../../backends/mod.ts";
import {
  callbackRule,
  checkOptionTypes,
  numberRule,
  objectRule,
  type OptionRules,
  textRule,
} from "../base/options.ts";
import { identityRule, loadModel, modelRule, type ModelSource } from "../formats/mod.ts";
import { backendOf, type GradcamOptions, gradcamRules } from "../explain/gradcam_options.ts";
import type { FitMode } from "../input/image/fit.ts";
import type { Preprocessing, PreprocessingName } from "../input/preprocess.ts";
import type { ExplainableModel } from "../split/model.ts";
import { Gate } from "./gate.ts";

/** Options of {@linkcode createHandler}. */
export interface HandlerOptions {
  /**
   * The model to explain with: where it lies, or an open one.
   * @default {the embedded EfficientNet-Lite0}
   */
  readonly model?: ModelSource;
  /** The names of the classes, instead of those found beside the model. */
  readonly labels?: readonly string[];
  /** How the model was trained to see pixels, instead of what its files say. */
  readonly preprocess?: PreprocessingName | Preprocessing;
  /** Classes of Keras layers that leave their input as it is, as `loadModel` takes them. */
  readonly identity?: readonly string[];
  /** How photos are brought to the model's shape, where a request does not say. */
  readonly fit?: FitMode;
  /** What goes into the model besides the photo, and which output is explained, where a request does not say. */
  readonly defaults?: Pick<GradcamOptions, "output" | "input" | "inputs" | "size">;
  /**
   * The backend to compute on.
   * @default {"auto"}
   */
  readonly backend?: "auto" | BackendName;
  /** Threads for WebAssembly. */
  readonly threads?: number;
  /**
   * The largest request taken, in bytes.
   * @default {20_000_000}
   */
  readonly maxBodyBytes?: number;
  /**
   * The largest photo taken, in pixels.
   * @default {25_000_000}
   */
  readonly maxPixels?: number;
  /**
   * The longest side of a photo taken, in pixels.
   * @default {65_535}
   */
  readonly maxPhotoSide?: number;
  /**
   * How many photos are explained at a time.
   * @default {1}
   */
  readonly concurrency?: number;
  /**
   * How many more may wait; beyond them the answer is 503.
   * @default {8}
   */
  readonly queue?: number;
  /** The origin that pages elsewhere may ask from, or `"*"`; none if left out. */
  readonly cors?: string;
  /**
   * Told of errors that are the server's own.
   * @default {console.error}
   */
  readonly onError?: (error: unknown) => void;
}

const { output, input, inputs, size, fit, preprocess, backend, threads, maxPixels, maxPhotoSide, labels } =
  gradcamRules;

/** What the defaults can be. */
const defaultRules: OptionRules<NonNullable<HandlerOptions["defaults"]>> = { output, input, inputs, size };

/** What each of them can be. */
export const handlerRules: OptionRules<HandlerOptions> = {
  model: modelRule,
  labels,
  preprocess,
  identity: identityRule,
  fit,
  defaults: objectRule("{ output, input, inputs, size }"),
  backend,
  threads,
  maxBodyBytes: numberRule("a number of bytes"),
  maxPixels,
  maxPhotoSide,
  concurrency: numberRule("how many photos at a time"),
  queue: numberRule("how many may wait"),
  cors: textRule('an origin, or "*"'),
  onError: callbackRule("a function that is told of errors"),
};

/** What all requests share. The model and the backend are started by the first request that needs them. */
export class Service {
  /** What the handler was made with, complete with defaults where requests need them. */
  readonly options:
    & HandlerOptions
    & Required<Pick<HandlerOptions, "maxBodyBytes" | "maxPixels" | "maxPhotoSide">>;
  /** Limits how many photos are explained at a time. */
  readonly gate: Gate;
  #opening: Promise<ExplainableModel> | undefined;
  #isOpen = false;

  /**
   * @param options What the handler was made with.
   * @throws {RangeError} If a limit is out of range.
   * @throws {TypeError} If an option is unknown or of a wrong type.
   */
  constructor(options: HandlerOptions) {
    checkOptionTypes("createHandler()", options, handlerRules);
    checkOptionTypes("createHandler(), its defaults,", options.defaults ?? {}, defaultRules);
    const { maxBodyBytes = 20_000_000, maxPixels = 25_000_000, maxPhotoSide = 65_535 } = options;
    const { concurrency = 1, queue = 8 } = options;
    for (
      const [name, value, least] of [
        ["maxBodyBytes", maxBodyBytes, 1],
        ["maxPixels", maxPixels, 1],
        ["maxPhotoSide", maxPhotoSide, 1],
        ["concurrency", concurrency, 1],
        ["queue", queue, 0],
      ] as const
    ) {
      if (!Number.isInteger(value) || value < least) {
        throw new RangeError(`Cannot use ${name} ${value}: it is a whole number from ${least} up`);
      }
    }
    this.options = { ...options, maxBodyBytes, maxPixels, maxPhotoSide };
    this.gate = new Gate({ concurrency, queue });
  }

  /** Whether the model has been opened. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The model, opened once for all requests; a failed opening is tried again by the next one. */
  async model(): Promise<ExplainableModel> {
    this.#opening ??= this.#open();
    try {
      const model = await this.#opening;
      this.#isOpen = true;
      return model;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #open(): Promise<ExplainableModel> {
    const { model, labels, preprocess, identity } = this.options;
    await ensureBackend(backendOf(this.options));
    return await loadModel(model, { labels, preprocess, identity });
  }
}
