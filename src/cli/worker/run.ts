import { HeapKeeper } from "../../platform/garbage.ts";
import { whyNoWorkers } from "../../platform/why_no_workers.ts";
import type { CliIo } from "../io.ts";
import { type OpenedModel, openForJobs } from "../session.ts";
import { UsageError } from "../usage_error.ts";
import type { Values } from "../values.ts";
import { prepareFolder } from "../writable.ts";
import type { Answer } from "./answer.ts";
import { endCodes } from "./failures.ts";
import { Journal } from "./journal.ts";
import { recordsOfOperands, recordsOfStream } from "./records.ts";
import { hashOf } from "./result_names.ts";
import { writeResults } from "./results/mod.ts";
import { threadLocation } from "./thread_location.ts";
import { tryOptions } from "./try_options.ts";
import { work } from "./work.ts";
import { startWorkForce, type WorkForce } from "./work_force.ts";
import { WorkLog } from "./work_log.ts";
import { readWorkerRequest, valuesOfRecords, type WorkerRequest } from "./worker_request.ts";

/** Ends the taking of records, with what is to be said of it. */
class Stop extends Error {}

/** How records are worked on. */
interface Division {
  /** Whether threads of their own do it; else this one does. */
  readonly inThreads: boolean;
  /** How many, */
  readonly jobs: number;
  /** and on how many threads each of them computes. */
  readonly threads: number;
}

function divide({ usual: { jobs, options } }: WorkerRequest): Division {
  const cores = navigator.hardwareConcurrency;
  const reason = options.backend === "webgpu" ? "the GPU serves one at a time" : whyNoWorkers(threadLocation);
  if (reason !== undefined) {
    if ((jobs ?? 1) > 1) throw new UsageError(`Cannot use --jobs ${jobs}: ${reason}`);
    return { inThreads: false, jobs: 1, threads: options.threads ?? cores };
  }
  const count = jobs ?? cores;
  const threads = options.threads ?? Math.max(Math.floor(cores / count), 1);
  return { inThreads: true, jobs: count, threads };
}

/** Open the model, and keep its files where threads can open it too. */
async function open(
  { usual }: WorkerRequest,
  { inThreads, threads }: Division,
  io: CliIo,
  log: WorkLog,
): Promise<OpenedModel> {
  const opening = { ...usual, options: { ...usual.options, threads: inThreads ? 1 : threads } };
  const opened = await openForJobs(opening, inThreads ? 2 : 1, io.signal);
  try {
    for (const assumption of opened.model.assumptions ?? []) await log.note(assumption);
    await tryOptions(opened.model, usual, io.signal);
    return opened;
  } catch (error) {
    opened.model.dispose();
    throw error;
  }
}

/** Where results go: lines on standard output, or a journal that becomes files. */
interface Sink {
  readonly journal: Journal | undefined;
  write(text: string): Promise<void>;
}

async function openSink(
  { resultFiles, isResumed, usual: { options, drawing, kinds, model, weights } }: WorkerRequest,
  values: Values,
  { stdout }: CliIo,
): Promise<Sink> {
  const [first] = resultFiles;
  if (first === undefined) return { journal: undefined, write: (text) => stdout.write(`${text}\n`) };
  const { backend: _, threads: __, ...asked } = options;
  const settings = await hashOf({
    asked,
    drawing,
    kinds: kinds.map(({ name }) => name),
    model,
    weights,
    of: values.operands,
  });
  const journal = await Journal.begin(`${first}.journal`, settings, isResumed);
  return { journal, write: (text) => journal.add(text) };
}

/** Make the files of results of the journal, which is then no longer needed. */
async function finish(journal: Journal | undefined, files: readonly string[]): Promise<void> {
  if (!journal) return;
  for (const file of files) await writeResults(file, journal.results());
  await journal.remove();
}

/** A signal that is given with another one. */
function stopOn(signal: AbortSignal): AbortController {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Stop("it was told to end"));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  return stopping;
}

/** Work on the records until there are no more, or it is told to end. */
async function workOnAll(
  request: WorkerRequest,
  values: Values,
  { sink, force, io, log }: { sink: Sink; force: WorkForce; io: CliIo; log: WorkLog },
): Promise<Stop | undefined> {
  const stopping = stopOn(io.signal);
  const heap = new HeapKeeper();
  const { shard, longestLine, usual } = request;
  const records = values.operands.length > 0
    ? recordsOfOperands(valuesOfRecords(values), shard, longestLine)
    : recordsOfStream(io.stdin, valuesOfRecords(values), longestLine);
  await work(records, {
    force,
    model: usual,
    isDone: (record) => sink.journal?.has(record) ?? false,
    stop: stopping.signal,
    async tell(answer: Answer) {
      await sink.write(answer.text);
      await log.count(answer);
      await heap.clearUp();
      if (answer.failure?.code === "disk-full") stopping.abort(new Stop(answer.failure.message));
    },
  });
  return stopping.signal.reason;
}

/**
 * Work on the records of standard input, or of the operands.
 *
 * @returns The exit code, where nothing is thrown.
 */
export async function runWorker(values: Values, io: CliIo): Promise<number> {
  const request = readWorkerRequest(values);
  io.hearInterruptions?.();
  const { folder, usual, fields, isResumed, isStrict, resultFiles } = request;
  const division = divide(request);
  const log = new WorkLog(io.stderr, usual.quiet);
  const prepared = await prepareFolder({ kind: "folder", path: folder });
  const sink = await openSink(request, values, io);
  let force: WorkForce | undefined;
  try {
    if (sink.journal && sink.journal.size > 0) {
      await log.note(`${sink.journal.size} records are done already`);
    }
    const opened = await open(request, division, io, log);
    const { identity, options: { preprocess, backend } } = usual;
    const setup = { identity, preprocess, fields, folder, isResumed };
    force = startWorkForce(opened, { ...division, backend, setup });
    const stop = await workOnAll(request, values, { sink, force, io, log });
    if (!stop) await finish(sink.journal, resultFiles);
    await log.note(log.sum());
    if (stop) {
      await log.say(`Stopped: ${stop.message}: what follows record ${log.lastLine} was not taken`);
      return endCodes.retry;
    }
    return isStrict && log.failed > 0 ? 1 : 0;
  } finally {
    force?.end();
    sink.journal?.close();
    await prepared.removeIfUnused();
  }
}
