import type { Explanation } from "../explain/explanation.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { type ExplainParameters, readParameters } from "./parameters.ts";
import type { Service } from "./service.ts";
import { receiveUpload } from "./upload.ts";

/** Header values hold ASCII alone: anything else is percent-encoded, as in a URL. */
function headerText(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", " ");
}

/** What a picture cannot say about itself. */
function describe(explanation: Explanation): Headers {
  const { classIndex, label, score, maps, layer, diagnosis, times, warnings } = explanation;
  const headers = new Headers({
    "gradcam-class": String(classIndex),
    "gradcam-score": score.toFixed(6),
    "gradcam-layer": headerText(layer),
    "gradcam-diagnosis": diagnosis,
    "server-timing": Object.entries(times).map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`).join(", "),
  });
  const { probability } = maps[0]!;
  if (probability !== undefined) headers.set("gradcam-probability", probability.toFixed(6));
  if (label !== undefined) headers.set("gradcam-label", headerText(label));
  for (const warning of warnings) headers.append("gradcam-warning", headerText(warning));
  return headers;
}

/** One rendering as it is, several as the parts of a form. */
async function answer(
  explanation: Explanation,
  { renderings, drawing }: ExplainParameters,
): Promise<Response> {
  const headers = describe(explanation);
  const parts = await Promise.all(renderings.map(async ({ name, mediaType, extension }) => ({
    name,
    file: `gradcam-${name}${extension}`,
    content: new Blob([await explanation.encode(name, drawing) as Uint8Array<ArrayBuffer>], {
      type: mediaType,
    }),
  })));
  if (parts.length === 1) {
    const { content, file } = parts[0]!;
    headers.set("content-disposition", `inline; filename="${file}"`);
    return new Response(content, { headers });
  }
  const form = new FormData();
  for (const { name, content, file } of parts) form.append(name, content, file);
  return new Response(form, { headers });
}

/** `POST /explain`: a photo in, its explanation out. */
export async function explainPhoto(request: Request, service: Service): Promise<Response> {
  const { fit, defaults = {}, backend, threads, maxBodyBytes, maxPixels, maxPhotoSide } = service.options;
  async function receive() {
    const { photo, inputs, parameters } = await receiveUpload(request, maxBodyBytes);
    const prefersJson = request.headers.get("accept")?.includes("application/json") ?? false;
    return { photo, photos: inputs, wanted: readParameters(parameters, prefersJson) };
  }
  async function run({ photo, photos, wanted }: Awaited<ReturnType<typeof receive>>) {
    const inputs = { ...defaults.inputs, ...wanted.options.inputs, ...photos };
    const options: GradcamOptions = {
      fit,
      backend,
      threads,
      ...defaults,
      ...wanted.options,
      inputs,
      maxPixels,
      maxPhotoSide,
    };
    return await answer(await gradcam(await service.model(), photo, options), wanted);
  }
  return await service.gate.pass(receive, run);
}
