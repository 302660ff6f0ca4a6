import type {
  Engine,
  EngineOptions,
  EngineState,
  ExplainAnswer,
  ExplainTask,
  ModelReport,
} from "./engine.ts";
import { EngineHereLater } from "./here_later.ts";
import { EngineInWorkers, WorkerError } from "./in_workers.ts";

/**
 * Explains in workers, and where they cannot be started, or cannot open what this thread can, such as a model with a layer
 * whose class was registered here, in this thread from then on.
 */
export class WorkersOrHere implements Engine {
  readonly #options: EngineOptions;
  readonly #workers: EngineInWorkers;
  #here: EngineHereLater | undefined;

  /** @param options The models, and where they compute. */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.#workers = new EngineInWorkers(options);
  }

  get concurrency(): number {
    return this.#engine.concurrency;
  }

  get state(): EngineState {
    return this.#engine.state;
  }

  ready(): Promise<void> {
    return this.#try((engine) => engine.ready());
  }

  explain(task: ExplainTask, signal: AbortSignal): Promise<ExplainAnswer> {
    return this.#try((engine) => engine.explain(task, signal));
  }

  report(model: string): Promise<ModelReport> {
    return this.#try((engine) => engine.report(model));
  }

  async close(): Promise<void> {
    await this.#workers.close();
    await this.#here?.close();
  }

  get #engine(): Engine {
    return this.#here ?? this.#workers;
  }

  async #try<Result>(use: (engine: Engine) => Promise<Result>): Promise<Result> {
    try {
      return await use(this.#engine);
    } catch (error) {
      if (this.#here || !(error instanceof WorkerError)) throw error;
      await this.#openHere(error.cause);
      return await use(this.#engine);
    }
  }

  /** @throws What is wrong with a model itself, which is no matter of workers. */
  async #openHere(reason: Error): Promise<void> {
    const here = new EngineHereLater(this.#options);
    await here.ready();
    if (this.#here) return await here.close(); // another request was faster
    this.#here = here;
    this.#options.warn(
      `Photos are explained in the thread that answers, since workers cannot: ${reason.message}`,
    );
    await this.#workers.close();
  }
}
