import type { Engine, EngineState, ExplainAnswer, ExplainTask, ModelReport } from "./engine.ts";
import type { EngineHere, HereOptions } from "./here.ts";

/** Explains in this thread, and loads what that takes when it is first needed: a service whose workers do it needs none. */
export class EngineHereLater implements Engine {
  readonly concurrency: number;
  readonly #options: HereOptions;
  #loading: Promise<EngineHere> | undefined;
  #here: EngineHere | undefined;

  /** @param options The models, and where they compute. */
  constructor(options: HereOptions) {
    this.concurrency = options.concurrency;
    this.#options = options;
  }

  get state(): EngineState {
    return this.#here?.state ?? { backend: null, isOpen: false, workers: 0, replaced: 0, tensors: 0 };
  }

  async ready(): Promise<void> {
    await (await this.#load()).ready();
  }

  async explain(task: ExplainTask, signal: AbortSignal): Promise<ExplainAnswer> {
    return await (await this.#load()).explain(task, signal);
  }

  async report(model: string): Promise<ModelReport> {
    return await (await this.#load()).report(model);
  }

  async close(): Promise<void> {
    await this.#here?.close();
  }

  #load(): Promise<EngineHere> {
    return this.#loading ??= this.#start();
  }

  async #start(): Promise<EngineHere> {
    const { EngineHere } = await import("./here.ts");
    return this.#here = new EngineHere(this.#options);
  }
}
