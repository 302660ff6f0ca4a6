import type { AnswerForm, AskedForm } from "./answer_form.ts";
import { answerResponse } from "./answer_response.ts";
import type { ExplainAnswer, ExplainTask } from "./engine/mod.ts";
import type { Exchange } from "./exchange.ts";
import { type ExplainParameters, readParameters } from "./parameters.ts";
import { isRefusal, Problem } from "./problem.ts";
import { readEnd, senderLeft } from "./receive/body.ts";
import { receiveUpload, type Upload } from "./receive/upload.ts";
import type { Service } from "./service.ts";

/** What differs between the routes that explain. */
export interface ExplainRules {
  /** Says what to answer with. */
  readonly chooseForm: (asked: AskedForm) => AnswerForm;
  /** Whether an empty value is refused rather than taken as not given, and a wrong one of the URL that the body replaces. */
  readonly isStrict: boolean;
  /** The status of what has the right form, and may be asked of another model or photo. */
  readonly outOfRange: 400 | 422;
}

/** Do something, and note how long it took. */
async function timed<Result>(
  { times }: Exchange,
  name: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  try {
    return await run();
  } finally {
    times[name] = performance.now() - began;
  }
}

/** What a request asks of the engine; what it does not say is as the service was told. */
function taskOf(
  { photo, photos, like }: Upload,
  { options, model }: ExplainParameters,
  { renderings, drawing }: AnswerForm,
  service: Service,
): ExplainTask {
  const { fit, defaults = {} } = service.options;
  const { maxPixels, maxPhotoSide, maxDecodingBytes, maxSide, maxAnswerBytes, maxPasses } = service.limits;
  const inputs = { ...defaults.inputs, ...options.inputs };
  return {
    model: model ?? service.defaultModel,
    photo,
    photos,
    like,
    options: {
      ...fit && { fit },
      ...defaults,
      ...options,
      inputs,
      maxPixels,
      maxPhotoSide,
      maxDecodingBytes,
      keptPhotoSide: maxSide,
      maxPasses,
    },
    drawing,
    renderings,
    maxAnswerBytes,
  };
}

/**
 * Have the engine do a task until its time is over, or its sender has gone.
 *
 * @throws {Problem} 503 if it takes too long.
 */
export async function explainInTime(
  { service: { engine, limits: { timeLimitMs } }, signal }: Exchange,
  task: ExplainTask,
): Promise<ExplainAnswer> {
  const timeIsUp = new AbortController();
  const timer = setTimeout(() => timeIsUp.abort(), timeLimitMs);
  try {
    return await engine.explain(task, AbortSignal.any([signal, timeIsUp.signal]));
  } catch (error) {
    if (!timeIsUp.signal.aborted || signal.aborted) throw error;
    const detail = `The work took longer than ${timeLimitMs} ms, and was ended`;
    throw new Problem(503, detail, { "retry-after": "10" }, "time-limit");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * When its turn comes. A sender who seems to have left may be there, if the server is being shut down: then nobody else's
 * body can be read to its end either, and it is answered after all others.
 */
async function explainInTurn(exchange: Exchange, task: ExplainTask): Promise<ExplainAnswer> {
  const { request, service: { gate }, signal, times } = exchange;
  const waitsSince = performance.now();
  async function explain(): Promise<ExplainAnswer> {
    times.wait = performance.now() - waitsSince;
    return await explainInTime(exchange, task);
  }
  const answer = await gate.pass(async () => {
    const isThere = await readEnd(request);
    if (isThere === false) return undefined;
    if (isThere) gate.dropLast(senderLeft); // the server is not being shut down
    return await explain();
  }, signal);
  return answer ?? await gate.passLast(explain, signal);
}

/** What a request asks for. */
function readAsked({ service }: Exchange, upload: Upload, { isStrict }: ExplainRules): ExplainParameters {
  const { limits, models } = service;
  const options = { limits, models: [...models.keys()], refuseEmpty: isStrict };
  if (isStrict) readParameters(upload.urlParameters, options);
  return readParameters(upload.parameters, options);
}

/** Explain what was received. */
async function explainUpload(exchange: Exchange, upload: Upload, rules: ExplainRules): Promise<Response> {
  const { request: { headers }, service, times } = exchange;
  const asked = readAsked(exchange, upload, rules);
  const form = rules.chooseForm({ ...asked, headers });
  const photoId = asked.keep ? service.photos.keep(upload.photo) : upload.photoId;
  const answer = await explainInTurn(exchange, taskOf(upload, asked, form, service));
  Object.assign(times, answer.summary.times);
  const response = await answerResponse(answer, form.shape);
  if (photoId !== undefined) response.headers.set("gradcam-photo", photoId);
  return response;
}

/**
 * A photo in, its explanation out.
 *
 * @throws {Problem} If the request cannot be answered.
 */
export async function explainPhoto(exchange: Exchange, rules: ExplainRules): Promise<Response> {
  const { service } = exchange;
  service.underWay.checkOpen();
  service.gate.checkPlace(); // before anything is received
  const upload = await timed(exchange, "receive", () => receiveUpload(exchange));
  try {
    return await explainUpload(exchange, upload, rules);
  } catch (error) {
    if (isRefusal(error)) throw new Problem(rules.outOfRange, error.message, {}, "out-of-range");
    throw error;
  }
}
