import * as tf from "../../base/tfjs.ts";
import { currentBackend } from "../../../backends/mod.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ServedModel } from "../options.ts";
import type { Engine, EngineState, ExplainAnswer, ExplainTask, ModelReport } from "./engine.ts";
import { explainTask } from "./explain_task.ts";
import { OpenedModels } from "./opened_models.ts";
import { tryModel } from "./try_model.ts";
import { reportModel } from "./report_model.ts";

/** Options of {@linkcode EngineHere}. */
export interface HereOptions extends Pick<GradcamOptions, "backend" | "threads"> {
  /** Where the models are, by their ids. */
  readonly models: ReadonlyMap<string, ServedModel>;
  /** How many photos are explained at a time. */
  readonly concurrency: number;
  /** What a photo is explained with where a request does not say. */
  readonly trial: ExplainTask["options"];
}

/** Explains in this thread. Work is dropped between any two operations, and not while a photo is decoded. */
export class EngineHere implements Engine {
  readonly concurrency: number;
  readonly #models: OpenedModels;
  readonly #trial: ExplainTask["options"];
  readonly #backend: Pick<GradcamOptions, "backend" | "threads">;

  /** @param options The models, and where they compute. */
  constructor({ models, concurrency, backend, threads, trial }: HereOptions) {
    this.#trial = trial;
    this.concurrency = concurrency;
    this.#backend = { backend, threads };
    this.#models = new OpenedModels(models, this.#backend);
  }

  get state(): EngineState {
    return {
      backend: currentBackend() ?? null,
      isOpen: this.#models.areOpen,
      workers: 0,
      replaced: 0,
      tensors: tf.memory().numTensors,
    };
  }

  async ready(): Promise<void> {
    for (const model of await this.#models.openAll()) {
      await tryModel(model, { ...this.#trial, ...this.#backend });
    }
  }

  async explain(task: ExplainTask, signal: AbortSignal): Promise<ExplainAnswer> {
    return await explainTask(await this.#models.open(task.model), task, { ...this.#backend, signal });
  }

  async report(id: string): Promise<ModelReport> {
    return reportModel(id, await this.#models.open(id));
  }

  async close(): Promise<void> {
    await this.#models.dispose();
  }
}
