import { ensureBackend } from "../../../backends/mod.ts";
import { backendOf, type GradcamOptions } from "../../explain/gradcam_options.ts";
import { isExplainable, loadModelOn } from "../../formats/mod.ts";
import { coresForThisIsolate } from "../../platform/isolates.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { ServedModel } from "../options.ts";

/** Where models compute. */
type ComputeOptions = Pick<GradcamOptions, "backend" | "threads">;

/** Where models compute: on this isolate's share of the cores, where nothing is said and there are several isolates. */
async function withShare(backend: ComputeOptions): Promise<ComputeOptions> {
  if (backend.threads !== undefined) return backend;
  const cores = await coresForThisIsolate();
  return cores === navigator.hardwareConcurrency ? backend : { ...backend, threads: cores };
}

/** Models that are opened when they are first needed, each once; a failed opening is tried again by the next who asks. */
export class OpenedModels {
  readonly #served: ReadonlyMap<string, ServedModel>;
  readonly #backend: ComputeOptions;
  readonly #starting: Promise<void>;
  readonly #opening = new Map<string, Promise<ExplainableModel>>();
  #open = 0;

  /**
   * @param served Where the models are, by their ids.
   * @param backend Where they compute.
   * @param starting Resolves when that has been started, if somebody does so.
   */
  constructor(
    served: ReadonlyMap<string, ServedModel>,
    backend: ComputeOptions,
    starting: Promise<void> = Promise.resolve(),
  ) {
    this.#starting = starting;
    this.#served = served;
    this.#backend = backend;
  }

  /** Whether all were opened. */
  get areOpen(): boolean {
    return this.#open === this.#served.size;
  }

  /** Open one, or wait until it is. */
  async open(id: string): Promise<ExplainableModel> {
    const opening = this.#opening.get(id) ?? this.#start(id);
    this.#opening.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      this.#opening.delete(id);
      throw error;
    }
  }

  /** Open all. */
  async openAll(): Promise<ExplainableModel[]> {
    return await Promise.all(this.#served.keys().map((id) => this.open(id)));
  }

  /** Free those that were opened here. */
  async dispose(): Promise<void> {
    const opened = await Promise.allSettled(
      this.#opening.entries().map(async ([id, opening]) => {
        const { model } = this.#served.get(id)!;
        if (!isExplainable(model)) (await opening).dispose(); // one that the caller opened stays the caller's
      }),
    );
    this.#opening.clear();
    this.#open -= opened.length;
  }

  async #startBackend(): Promise<void> {
    await this.#starting;
    await ensureBackend(backendOf(await withShare(this.#backend)));
  }

  async #start(id: string): Promise<ExplainableModel> {
    const { model, ...options } = this.#served.get(id)!;
    const starting = this.#startBackend();
    try {
      const opened = await loadModelOn(starting, model, options);
      this.#open++;
      return opened;
    } finally {
      await starting.catch(() => {}); // which goes on where the files cannot be read
    }
  }
}
