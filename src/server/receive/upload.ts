import { shown } from "../../base/options.ts";
import type { PhotoBytes } from "../engine/mod.ts";
import type { Exchange } from "../exchange.ts";
import { inputPrefix, likeName } from "../input_names.ts";
import { Problem } from "../problem.ts";
import { receiveBody } from "./body.ts";
import { readForm } from "./form.ts";
import { type BodyContent, type Given, type GivenPhoto, photoName, readUrl } from "./given.ts";
import type { Place } from "./receiving.ts";

/** What a request asks for: photos, and parameters. */
export interface Upload {
  /** The photo's file. No two files share memory, so that each can be handed over. */
  readonly photo: PhotoBytes;
  /** The files of photos for other inputs, by the inputs' names. */
  readonly photos: Readonly<Record<string, PhotoBytes>>;
  /** The file of the photo that it is compared with, where there is one. */
  readonly like: PhotoBytes | undefined;
  /** Parameters by name, from the URL and from the body, which wins. */
  readonly parameters: Given;
  /** Those of the URL, also where the body has others. */
  readonly urlParameters: Given;
  /** The id under which the photo was kept, where it was given by it. */
  readonly photoId: string | undefined;
}

/** A kind of body. */
interface BodyKind {
  /** The media types that it has, for messages. */
  readonly types: readonly string[];
  /** Whether it has a media type. */
  matches(mediaType: string): boolean;
  /** Read what it says. */
  read(body: Uint8Array<ArrayBuffer>, exchange: Exchange, place: Place): Promise<BodyContent>;
}

const noBody: BodyContent = {
  parameters: new Map(),
  without: "Cannot find the photo: the request has no body",
};

/** The photo itself. */
const bare: BodyKind = {
  types: ["image/*", "application/octet-stream"],
  matches: (type) => type.startsWith("image/") || type === "application/octet-stream",
  read: (bytes) => Promise.resolve({ ...noBody, photo: { file: { bytes, name: undefined } } }),
};

/** All of them. */
const kinds: readonly BodyKind[] = [
  bare,
  {
    types: ["multipart/form-data"],
    matches: (type) => type === "multipart/form-data",
    read: (body, { request, service }) =>
      readForm(body, request.headers.get("content-type")!, service.limits),
  },
  {
    types: ["application/json"],
    matches: (type) => /^application\/([\w.-]+\+)?json$/.test(type),
    async read(body, { service }, place) {
      const { readJsonBody } = await import("./json_body.ts");
      return await readJsonBody(body, service.limits, place);
    },
  },
];

function kindOf({ headers }: Request): BodyKind | Problem {
  const [type] = (headers.get("content-type") ?? "application/octet-stream").toLowerCase().split(";");
  const kind = kinds.find(({ matches }) => matches(type!.trim()));
  if (kind) return kind;
  const types = kinds.flatMap(({ types }) => types);
  return new Problem(
    415,
    `Cannot take ${shown(type)}: send ${types.slice(0, -1).join(", ")} with a file "${photoName}", or ${
      types.at(-1)
    }`,
    { accept: types.join(", ") },
    "unsupported-type",
  );
}

async function receiveContent(exchange: Exchange, place: Place, isNamed: boolean): Promise<BodyContent> {
  const kind = kindOf(exchange.request);
  if (kind instanceof Problem && !isNamed) throw kind;
  const body = await receiveBody(exchange, place);
  if (body.length === 0) return noBody;
  if (kind instanceof Problem) throw kind;
  if (isNamed && kind === bare) throw twice(2, 422); // no schema can say so
  return await kind.read(body, exchange, place);
}

/** The photo that the URL names, by the id under which it was kept. */
function idOf(given: Map<string, string[]>): string | undefined {
  const [id, ...more] = (given.get(photoName) ?? []).filter((value) => value !== "");
  given.delete(photoName);
  if (more.length === 0) return id;
  throw twice(more.length + 1, 400);
}

function twice(times: number, status: 400 | 422): Problem {
  return new Problem(status, `Cannot use ${photoName} ${times} times: give it once`, {}, "bad-parameter");
}

/** The file of a photo that may be given otherwise. */
async function fileOf(photo: GivenPhoto, { signal, service }: Exchange, place: Place): Promise<PhotoBytes> {
  if ("file" in photo) return photo.file;
  if ("id" in photo) return service.photos.get(photo.id);
  const { photoHosts: hosts = [] } = service.options;
  if (hosts.length === 0) {
    throw new Problem(
      400,
      "Cannot fetch the photo: this server fetches none: send it",
      {},
      "photo-url-refused",
    );
  }
  const { fetchPhoto } = await import("./remote.ts");
  return await fetchPhoto(photo.url, { hosts, limits: service.limits, place, signal });
}

/** The URL's parameters, but those that the body gives too. */
function merge(given: Map<string, string[]>, { parameters, photos = {}, like }: BodyContent): Given {
  if (like) given.delete(likeName);
  for (const name of Object.keys(photos)) given.delete(`${inputPrefix}${name}`);
  for (const [name, values] of parameters) given.set(name, [...values]);
  return given;
}

/**
 * Receive a photo and what is asked of it: as the body itself, as a form's file, in JSON, or by the id under which it was
 * kept. Forms and JSON may have photos for other inputs and parameters too, which win over those of the URL.
 *
 * @param exchange A POST.
 * @throws {Problem} 400 if there is no photo or what is sent is damaged, 404 if the photo is kept no more, 408 if it comes too
 * slowly, 413 if the body is too large, 415 if it is of another type or packed, 422 if a photo cannot be fetched, 503 if
 * too much is received.
 */
export async function receiveUpload(exchange: Exchange): Promise<Upload> {
  const { service, url } = exchange;
  const given = readUrl(url, service.limits);
  const urlId = idOf(given);
  const urlParameters = new Map(given);
  return await service.receiving.receive(async (place) => {
    const content = await receiveContent(exchange, place, urlId !== undefined);
    const photo = content.photo ?? (urlId === undefined ? undefined : { id: urlId });
    if (!photo) throw new Problem(400, content.without, {}, "photo-missing");
    return {
      photo: await fileOf(photo, exchange, place),
      photos: content.photos ?? {},
      like: content.like,
      parameters: merge(given, content),
      urlParameters,
      photoId: "id" in photo ? photo.id : undefined,
    };
  });
}
