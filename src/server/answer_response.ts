import { cut } from "../base/quote.ts";
import type { AnswerShape } from "./answer_form.ts";
import type { AnswerPart, AnswerSummary, ExplainAnswer } from "./engine/mod.ts";
import { sizedResponse } from "./json_response.ts";

/** The longest text in a header, in characters before it is encoded: proxies refuse answers with headers of some kilobytes. */
const longestText = 500;

/** Header values hold ASCII alone: anything else is percent-encoded, as in a URL. */
function headerText(text: string): string {
  const short = text.length > longestText ? cut(text, longestText) : text;
  return encodeURIComponent(short.toWellFormed()).replaceAll("%20", " ");
}

/** What a picture cannot say about itself. */
function describe(summary: AnswerSummary): Headers {
  const { classIndex, label, score, probability, method, layer, diagnosis, warnings } = summary;
  const headers = new Headers({
    "gradcam-class": String(classIndex),
    "gradcam-score": score.toFixed(6),
    "gradcam-method": method,
    "gradcam-layer": headerText(layer),
    "gradcam-diagnosis": diagnosis,
  });
  if (probability !== undefined) headers.set("gradcam-probability", probability.toFixed(6));
  if (label !== undefined) headers.set("gradcam-label", headerText(label));
  for (const warning of warnings) headers.append("gradcam-warning", headerText(warning));
  return headers;
}

function fileOf({ name, extension, method }: AnswerPart): string {
  return `${method}-${name}${extension}`;
}

function respondWithOne([part]: readonly AnswerPart[], headers: Headers): Response {
  headers.set("content-type", part!.mediaType);
  headers.set("content-disposition", `inline; filename="${fileOf(part!)}"`);
  return sizedResponse(part!.content, { headers });
}

async function respondWithForm(parts: readonly AnswerPart[], headers: Headers): Promise<Response> {
  const form = new FormData();
  for (const part of parts) {
    form.append(part.name, new Blob([part.content], { type: part.mediaType }), fileOf(part));
  }
  const encoded = new Response(form);
  headers.set("content-type", encoded.headers.get("content-type")!);
  return sizedResponse(await encoded.bytes(), { headers });
}

/** The JSON with one field more, `files`; it is not parsed for it, since maps can be long. */
function respondWithJson(parts: readonly AnswerPart[], headers: Headers): Response {
  const explanation = parts.find(({ name }) => name === "json")!;
  const files = parts.filter((part) => part !== explanation).map((part) => {
    const { name, mediaType, content } = part;
    return [name, { mediaType, name: fileOf(part), base64: content.toBase64() }] as const;
  });
  const text = new TextDecoder().decode(explanation.content).trimEnd();
  headers.set("content-type", explanation.mediaType);
  return sizedResponse(`${text.slice(0, -1)},"files":${JSON.stringify(Object.fromEntries(files))}}\n`, {
    headers,
  });
}

const shapes: Readonly<
  Record<AnswerShape, (parts: readonly AnswerPart[], headers: Headers) => Response | Promise<Response>>
> = { one: respondWithOne, form: respondWithForm, json: respondWithJson };

/** An explained photo as a response. */
export async function answerResponse(
  { parts, summary }: ExplainAnswer,
  shape: AnswerShape,
): Promise<Response> {
  return await shapes[shape](parts, describe(summary));
}
