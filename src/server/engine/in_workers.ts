import { coresForThisIsolate } from "../../platform/isolates.ts";
import { LastingPool } from "../../jobs/lasting_pool.ts";
import { receiveError } from "../../jobs/sent_error.ts";
import {
  type Engine,
  type EngineOptions,
  type EngineState,
  type ExplainAnswer,
  type ExplainTask,
  filesOf,
  type ModelReport,
} from "./engine.ts";
import type { EngineReply, EngineSetup, EngineTask } from "./messages.ts";
import { sendModels } from "./sent_models.ts";
import { workerLocation } from "./worker_location.ts";

/** How long a worker may go on with work that was dropped before it is ended, in milliseconds. */
const graceMs = 300;

/** Workers cannot be started, or one cannot open a model: this thread may. */
export class WorkerError extends Error {
  /** @param cause Why. */
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

/** Options as they can be sent. */
async function asSentOptions(
  { inputs, ...options }: ExplainTask["options"],
): Promise<ExplainTask["options"]> {
  if (!inputs || Object.keys(inputs).length === 0) return options;
  const { sendInputs } = await import("../../jobs/sent_inputs.ts"); // which TensorFlow.js belongs to
  return { ...options, inputs: await sendInputs(inputs) };
}

type EnginePool = LastingPool<EngineSetup, EngineTask, EngineReply>;

/** What is not to be dropped. */
const always = new AbortController().signal;

/** Explains in workers. Work that is dropped ends: a worker that does not stop in time is ended and replaced. */
export class EngineInWorkers implements Engine {
  readonly concurrency: number;
  readonly #options: EngineOptions;
  readonly #reports = new Map<string, Promise<ModelReport>>();
  #pool: Promise<EnginePool> | undefined;
  #replaced = () => 0;
  #last: Pick<EngineState, "backend" | "tensors"> = { backend: null, tensors: 0 };
  #isOpen = false;
  /** The models of which a photo has been explained, and the explanations under way. */
  readonly #explained = new Set<string>();
  readonly #underWay = new Set<Promise<ExplainAnswer>>();

  /** @param options The models, and where they compute. */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.concurrency = options.workers;
  }

  get state(): EngineState {
    return {
      ...this.#last,
      isOpen: this.#isOpen,
      workers: this.#options.workers,
      replaced: this.#replaced(),
    };
  }

  async ready(): Promise<void> {
    const pool = await this.#start();
    await pool.prepared;
    await Promise.allSettled(this.#underWay); // what has come meanwhile tries a model as well
    const ready = this.#options.models.keys().filter((id) => !this.#explained.has(id)).toArray();
    if (ready.length > 0) this.#take(await pool.do({ task: { ready } }, always));
    this.#isOpen = true;
  }

  async explain(task: ExplainTask, signal: AbortSignal): Promise<ExplainAnswer> {
    // Until a worker has opened the model, this thread may have to do it instead.
    const transfer = this.#isOpen ? [...new Set(filesOf(task).map(({ bytes }) => bytes.buffer))] : [];
    const explaining = this.#explain(task, transfer, signal);
    this.#underWay.add(explaining);
    try {
      return await explaining;
    } finally {
      this.#underWay.delete(explaining);
    }
  }

  report(model: string): Promise<ModelReport> {
    const report = this.#reports.get(model) ?? this.#ask(model);
    this.#reports.set(model, report);
    report.catch(() => this.#reports.delete(model));
    return report;
  }

  async close(): Promise<void> {
    (await this.#pool?.catch(() => undefined))?.close();
  }

  async #explain(task: ExplainTask, transfer: Transferable[], signal: AbortSignal): Promise<ExplainAnswer> {
    const pool = await this.#start();
    const explain = { ...task, options: await asSentOptions(task.options) };
    const reply = this.#take(await pool.do({ task: { explain }, transfer }, signal));
    if (!("answer" in reply)) throw new Error("A worker has answered something else");
    this.#isOpen = true;
    this.#explained.add(task.model);
    return reply.answer;
  }

  /** The workers, started when they are first needed. */
  #start(): Promise<EnginePool> {
    this.#pool ??= this.#startPool();
    this.#pool.catch(() => this.#pool = undefined);
    return this.#pool;
  }

  async #startPool(): Promise<EnginePool> {
    const { workers, backend, threads, models } = this.#options;
    const [cores, sent] = await Promise.all([coresForThisIsolate(), sendModels(models)]);
    // A GPU serves one at a time.
    const computing = workers > 1 && (backend ?? "auto") === "auto" ? "wasm" : backend;
    const pool: EnginePool = new LastingPool({
      location: workerLocation,
      jobs: workers,
      backend: { backend: computing, threads: threads ?? Math.max(Math.floor(cores / workers), 1) },
      setup: { models: sent, options: await asSentOptions(this.#options.trial) },
      graceMs,
    });
    try {
      await pool.running();
    } catch (error) {
      pool.close();
      throw new WorkerError(error as Error);
    }
    this.#replaced = () => pool.replaced;
    return pool;
  }

  async #ask(model: string): Promise<ModelReport> {
    const reply = this.#take(await (await this.#start()).do({ task: { report: model } }, always));
    if (!("report" in reply)) throw new Error("A worker has answered something else");
    return reply.report;
  }

  #take(reply: EngineReply): EngineReply {
    const { backend, tensors } = reply;
    this.#last = { backend, tensors };
    if (!("error" in reply)) return reply;
    const error = receiveError(reply.error);
    throw reply.isOpening ? new WorkerError(error) : error;
  }
}
