import { joinBytes } from "../../base/bytes.ts";
import { fileNameOf } from "../../input/image/read.ts";
import type { PhotoBytes } from "../engine/mod.ts";
import type { Exchange } from "../exchange.ts";
import { Problem } from "../problem.ts";

/** What a request asks for: photos, and parameters. */
export interface Upload {
  /** The photo's file. */
  readonly photo: PhotoBytes;
  /** The files of photos for other inputs, by the inputs' names. */
  readonly photos: Readonly<Record<string, PhotoBytes>>;
  /** Parameters by name, from the URL and from the form. */
  readonly parameters: URLSearchParams;
}

/** How the names of parameters, and of a form's files, begin that are for another input of the model. */
export const inputPrefix = "inputs.";

/** Whether a field or a parameter is for another input, by its name. */
export function isInputName(name: string): boolean {
  return name.startsWith(inputPrefix) && name !== inputPrefix;
}

/** The form field that holds the photo. */
const photoField = "photo";

function tooLarge(maxBytes: number): Problem {
  return new Problem(413, `The request is too large: at most ${maxBytes} bytes are taken`);
}

/** Read a body to its end, but not past a limit; its declared length may lie. */
async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Problem
      ? error
      : new Problem(400, "Cannot read the request: it was cut short", {}, "cut-short");
  }
  return joinBytes(chunks);
}

async function readForm(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw new Problem(400, "Cannot read the form: it is damaged or cut short");
  }
}

/** A file of a form, and the name of its field. */
type Field = readonly [name: string, file: File];

/** The photo that is explained among a form's files. */
function photoAmong(files: readonly Field[]): File {
  const photos = files.filter(([name]) => !isInputName(name));
  const [first] = photos;
  if (first && photos.length === 1 && first[0] === photoField) return first[1];
  const given = files.map(([name]) => `"${name}"`).join(", ") || "none";
  const others = first && photos.length > 1 ? ` (those for other inputs are named ${inputPrefix}NAME)` : "";
  throw new Problem(
    400,
    `Cannot find the photo: give one file in the field "${photoField}", the files are ${given}${others}`,
  );
}

/** The photos for other inputs; browsers send an empty file where none was chosen. */
function inputPhotos(files: readonly Field[], form: FormData): Record<string, File> {
  const given = files.filter(([name, file]) => isInputName(name) && (file.size > 0 || file.name !== ""));
  for (const [name] of given) {
    const times = form.getAll(name).length;
    if (times > 1) throw new Problem(400, `Cannot use ${name} ${times} times: give it once`);
  }
  return Object.fromEntries(given.map(([name, file]) => [name.slice(inputPrefix.length), file]));
}

async function bytesOf(file: File): Promise<PhotoBytes> {
  return { bytes: await file.bytes(), name: fileNameOf(file) };
}

async function fromForm(form: FormData, parameters: URLSearchParams): Promise<Upload> {
  const fields = [...form.entries()];
  const files = fields.filter((field): field is [string, File] => field[1] instanceof File);
  const photo = photoAmong(files);
  const inputs = inputPhotos(files, form);
  for (const name of new Set(fields.map(([name]) => name))) {
    if (name !== photoField) parameters.delete(name); // the form's own values win over those of the URL
  }
  for (const [name, value] of fields) {
    if (typeof value === "string") parameters.append(name, value);
  }
  const others = Object.entries(inputs).map(async ([name, file]) => [name, await bytesOf(file)] as const);
  return { photo: await bytesOf(photo), photos: Object.fromEntries(await Promise.all(others)), parameters };
}

/**
 * Receive a photo, as a form's file or as the body itself; a form may have files for other inputs too, `inputs.NAME`.
 *
 * @param exchange A POST.
 * @throws {Problem} 400 if there is no photo, 413 if the body is too large, 415 if it is of another type.
 */
export async function receiveUpload(exchange: Exchange): Promise<Upload> {
  const { request, service: { limits: { maxBodyBytes } } } = exchange;
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  const [mediaType] = contentType.toLowerCase().split(";");
  const parameters = new URL(request.url).searchParams;
  const isForm = mediaType === "multipart/form-data";
  const isPhoto = mediaType!.startsWith("image/") || mediaType === "application/octet-stream";
  if (!isForm && !isPhoto) {
    throw new Problem(
      415,
      `Cannot take "${mediaType}": send image/*, application/octet-stream, or multipart/form-data with a file "${photoField}"`,
      { accept: "image/*, application/octet-stream, multipart/form-data" },
    );
  }
  const body = await readBody(request, maxBodyBytes);
  exchange.received = body.length;
  if (isForm) return await fromForm(await readForm(body, contentType), parameters);
  if (body.length === 0) throw new Problem(400, "Cannot find the photo: the request has no body");
  return { photo: { bytes: body, name: undefined }, photos: {}, parameters };
}
