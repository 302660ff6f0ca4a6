/**
 * A worker of the service: it opens the models, explains photos, and brings the explanations into the forms that were asked
 * for.
 *
 * @module
 */
import * as tf from "../../base/tfjs.ts";
import { release } from "../../base/release.ts";
import { currentBackend, selectBackend } from "../../../backends/mod.ts";
import { followOrders } from "../../jobs/follow_orders.ts";
import type { JobBackend } from "../../jobs/orders.ts";
import { sendError } from "../../jobs/sent_error.ts";
import { HeapKeeper } from "../../platform/garbage.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { filesOf } from "./engine.ts";
import { explainTask } from "./explain_task.ts";
import type { EngineReply, EngineSetup, EngineTask, WorkerState } from "./messages.ts";
import { OpenedModels } from "./opened_models.ts";
import { reportModel } from "./report_model.ts";
import { tryModel } from "./try_model.ts";

/** A model could not be opened; the cause says why. */
class OpeningError extends Error {
  constructor(override readonly cause: unknown) {
    super("Cannot open a model");
  }
}

async function start({ backend, threads }: JobBackend): Promise<void> {
  await selectBackend({ ...backend && { backend }, ...threads !== undefined && { threads } });
}

/** Models, and how they are tried. */
interface Prepared {
  readonly models: OpenedModels;
  readonly options: EngineSetup["options"];
}

async function prepare({ models, options }: EngineSetup, backend: Promise<void>): Promise<Prepared> {
  const opened = new OpenedModels(models, {}, backend);
  await opened.openAll().catch(() => {}); // told to whoever asks for it, and tried again then
  await backend;
  return { models: opened, options };
}

async function open({ models }: Prepared, id: string): Promise<ExplainableModel> {
  try {
    return await models.open(id);
  } catch (error) {
    throw new OpeningError(error);
  }
}

function state(): WorkerState {
  return { backend: currentBackend() ?? null, tensors: tf.memory().numTensors };
}

async function run(task: EngineTask, prepared: Prepared, signal: AbortSignal): Promise<EngineReply> {
  if ("report" in task) {
    return { report: reportModel(task.report, await open(prepared, task.report)), ...state() };
  }
  if ("explain" in task) {
    const model = await open(prepared, task.explain.model);
    const answer = await explainTask(model, task.explain, { signal });
    for (const { bytes } of filesOf(task.explain)) release(bytes);
    return { answer, ...state() };
  }
  await prepared.models.openAll().catch((error) => {
    throw new OpeningError(error);
  });
  for (const id of task.ready) await tryModel(await open(prepared, id), prepared.options);
  return { ready: true, ...state() };
}

function fail(error: unknown): EngineReply {
  const isOpening = error instanceof OpeningError;
  return { error: sendError(isOpening ? error.cause : error), isOpening, ...state() };
}

/** What of a reply is handed over rather than copied: its pictures. */
function transfer(reply: EngineReply): Transferable[] {
  return "answer" in reply ? [...new Set(reply.answer.parts.map(({ content }) => content.buffer))] : [];
}

const heap = new HeapKeeper();
const whenSent = () => void heap.clearUp();

followOrders<EngineSetup, Prepared, EngineTask, EngineReply>({
  start,
  prepare,
  run,
  fail,
  transfer,
  whenSent,
});
