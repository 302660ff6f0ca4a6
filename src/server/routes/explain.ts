import type { AnswerPart, AnswerSummary, ExplainAnswer, ExplainTask } from "../engine/mod.ts";
import { findRendering } from "../../draw/renderings/mod.ts";
import type { Exchange } from "../exchange.ts";
import { pageResponse } from "../page/page.ts";
import { type ExplainParameters, readParameters } from "../parameters.ts";
import { Problem } from "../problem.ts";
import { receiveUpload, type Upload } from "../receive/upload.ts";
import type { Route } from "../route.ts";
import type { Service } from "../service.ts";

/** Header values hold ASCII alone: anything else is percent-encoded, as in a URL. */
function headerText(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("%20", " ");
}

/** What a picture cannot say about itself. */
function describe(summary: AnswerSummary): Headers {
  const { classIndex, label, score, probability, layer, diagnosis, times, warnings } = summary;
  const headers = new Headers({
    "gradcam-class": String(classIndex),
    "gradcam-score": score.toFixed(6),
    "gradcam-layer": headerText(layer),
    "gradcam-diagnosis": diagnosis,
    "server-timing": Object.entries(times).map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`).join(", "),
  });
  if (probability !== undefined) headers.set("gradcam-probability", probability.toFixed(6));
  if (label !== undefined) headers.set("gradcam-label", headerText(label));
  for (const warning of warnings) headers.append("gradcam-warning", headerText(warning));
  return headers;
}

function fileOf({ name, extension }: AnswerPart): string {
  return `gradcam-${name}${extension}`;
}

/** One form as it is, several as the parts of a multipart form. */
function respond({ parts, summary }: ExplainAnswer): Response {
  const headers = describe(summary);
  if (parts.length === 1) {
    const part = parts[0]!;
    headers.set("content-type", part.mediaType);
    headers.set("content-disposition", `inline; filename="${fileOf(part)}"`);
    return new Response(part.content, { headers });
  }
  const form = new FormData();
  for (const part of parts) {
    form.append(part.name, new Blob([part.content], { type: part.mediaType }), fileOf(part));
  }
  return new Response(form, { headers });
}

/** What a request asks of the engine; what it does not say is as the service was told. */
function taskOf(
  { photo, photos }: Pick<Upload, "photo" | "photos">,
  { options, drawing, renderings, model }: ExplainParameters,
  service: Service,
): ExplainTask {
  const { fit, defaults = {} } = service.options;
  const { maxPixels, maxAnswerBytes } = service.limits;
  const inputs = { ...defaults.inputs, ...options.inputs };
  return {
    model: model ?? service.defaultModel,
    photo,
    photos,
    options: { ...fit && { fit }, ...defaults, ...options, inputs, maxPixels },
    drawing,
    renderings: renderings.map(({ name }) => name),
    maxAnswerBytes,
  };
}

/** Stops work when its time is over, or its sender has gone. */
function deadlineOf({ request, service }: Exchange): { signal: AbortSignal; timeIsUp: AbortSignal } {
  const timeIsUp = AbortSignal.timeout(service.limits.timeLimitMs);
  return { signal: AbortSignal.any([request.signal, timeIsUp]), timeIsUp };
}

/** `POST /explain`: a photo in, its explanation out. */
async function explainPhoto(exchange: Exchange): Promise<Response> {
  const { request, service } = exchange;
  service.gate.checkPlace(); // before anything is received
  const upload = await receiveUpload(exchange);
  const { limits, models } = service;
  const asked = readParameters(upload.parameters, { limits, models: [...models.keys()] });
  const prefersJson = request.headers.get("accept")?.includes("application/json") ?? false;
  const usual = [findRendering(prefersJson ? "json" : "overlay")];
  const renderings = asked.renderings.length > 0 ? asked.renderings : usual;
  const photoId = asked.keep ? service.photos.keep(upload.photo) : upload.photoId;
  const task = taskOf(upload, { ...asked, renderings }, service);
  return await service.gate.pass(async () => {
    const { signal, timeIsUp } = deadlineOf(exchange);
    try {
      const response = respond(await service.engine.explain(task, signal));
      if (photoId !== undefined) response.headers.set("gradcam-photo", photoId);
      return response;
    } catch (error) {
      if (!timeIsUp.aborted) throw error;
      throw new Problem(503, `The work took longer than ${service.limits.timeLimitMs} ms, and was ended`);
    }
  }, request.signal);
}

/** `POST /explain`. */
export const explainRoute: Route = { path: "/explain", methods: { POST: explainPhoto } };

/** `/`: the page, and explaining for short. */
export const pageRoute: Route = { path: "/", methods: { GET: pageResponse, POST: explainPhoto } };
