/// <reference lib="dom" />
import type { PlainExplanation } from "../state/answers.ts";
import type { Wish } from "../state/wish.ts";
import type { OpenPhoto } from "../photo/open_photo.ts";
import { type Reply, send } from "./send.ts";
import { checkReply, RefusedError } from "./trouble.ts";

/** Options of {@linkcode explainPhoto} and {@linkcode drawPhoto}. */
export interface AskOptions {
  readonly photo: OpenPhoto;
  /** The model's input, in pixels: the photo is sent no larger than it can use. */
  readonly modelSide: number;
  readonly signal: AbortSignal;
  /** Told how much of the photo was sent, 0 to 1; not called where it need not be sent. */
  readonly onProgress?: (share: number) => void;
}

type Parameters = readonly (readonly [name: string, value: string])[];

/** The ids under which the server holds uploads for a while, and uploads that are under way. */
const held = new WeakMap<Blob, string>();
const underWay = new WeakMap<Blob, Promise<unknown>>();

/** Whether the server holds photos at all; not known at first. */
let holds: boolean | undefined;

function parametersOf({ model, input, inputs, classIndex, versus, layer, method, told }: Wish): Parameters {
  const given: readonly (readonly [string, string | undefined])[] = [
    ["model", model],
    ["input", input],
    ["class", classIndex?.toString()],
    ["versus", versus?.toString()],
    ["layer", layer],
    ["method", method],
    ...Object.entries(told),
    ...Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value.trim()] as const),
  ];
  return given.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
}

async function askById(id: string, parameters: Parameters, signal: AbortSignal): Promise<Reply> {
  const query = new URLSearchParams([["photo", id], ...parameters.map(([name, value]) => [name, value])]);
  return await checkReply(await send(`v1/explain?${query}`, { body: "", signal }));
}

/** Whether it may be that the server holds no photos, or none so large. */
function mayBeHolding({ status, code }: RefusedError): boolean {
  return code === "photos-not-kept" || status === 413;
}

/** Send the photo, and have it held if the server does. */
async function askWithPhoto(
  upload: File,
  parameters: Parameters,
  { files }: Wish,
  { signal, onProgress }: AskOptions,
): Promise<Reply> {
  const asksToHold = holds !== false;
  const form = new FormData();
  for (const [name, value] of parameters) form.append(name, value);
  if (asksToHold) form.append("keep", "true");
  for (const [name, { file }] of Object.entries(files)) form.append(`inputs.${name}`, file);
  form.append("photo", upload);
  onProgress?.(0);
  const reply = await send("v1/explain", { body: form, signal, onProgress });
  try {
    await checkReply(reply);
  } catch (error) {
    if (!asksToHold || !(error instanceof RefusedError) || !mayBeHolding(error)) throw error;
    form.delete("keep");
    const again = await checkReply(await send("v1/explain", { body: form, signal, onProgress }));
    if (error.status === 400) holds = false;
    return again;
  }
  const id = reply.header("gradcam-photo");
  if (asksToHold) holds = id !== null;
  if (id !== null) held.set(upload, id);
  return reply;
}

/** Ask about a photo by the id under which it is held, or send it; one upload at a time, so that it goes up once. */
async function ask(wish: Wish, more: Parameters, options: AskOptions): Promise<Reply> {
  const upload = await options.photo.uploadFor(wish.exact ? undefined : options.modelSide);
  const parameters = [...parametersOf(wish), ...more];
  const hasFiles = Object.keys(wish.files).length > 0; // which are not held
  while (true) {
    options.signal.throwIfAborted();
    const id = hasFiles ? undefined : held.get(upload);
    if (id !== undefined) {
      try {
        return await askById(id, parameters, options.signal);
      } catch (error) {
        if (!(error instanceof RefusedError && isGone(error))) throw error;
        if (held.get(upload) === id) held.delete(upload);
        continue;
      }
    }
    const other = underWay.get(upload);
    if (!other || hasFiles || holds === false) break;
    await other.catch(() => {});
  }
  const sending = askWithPhoto(upload, parameters, wish, options);
  underWay.set(upload, sending);
  try {
    return await sending;
  } finally {
    if (underWay.get(upload) === sending) underWay.delete(upload);
  }
}

/** Whether the server does not hold the photo any more. */
function isGone({ status, code }: RefusedError): boolean {
  return status === 404 && (code === undefined || code === "photo-gone");
}

/** How many classes are explained along with the best, so that choosing one of them asks nothing. */
const bestFew = 5;

/** Whether it may be that the server does not explain so many classes at once. */
function isOutOfRange({ status, code = "" }: RefusedError): boolean {
  return status === 400 || (status === 422 && !/^(photo|class|layer)-/.test(code));
}

/**
 * Explain a photo. Where neither class nor layer is chosen the best few classes are explained at once: at the last layer
 * that costs hardly more.
 *
 * @param wish What is asked.
 * @param classes How many classes the model has, where that is known and the method is quick.
 * @returns The explanation; it has a map for each explained class, the one that is asked for first.
 * @throws {RefusedError} If the server refuses.
 */
export async function explainPhoto(
  wish: Wish,
  classes: number | undefined,
  options: AskOptions,
): Promise<PlainExplanation> {
  const few = Math.min(bestFew, classes ?? 1);
  const top: Parameters = wish.classIndex === undefined && wish.layer === undefined && few > 1
    ? [["top", String(few)]]
    : [];
  const json = ["format", "json"] as const;
  try {
    const { body } = await ask(wish, [...top, json], options);
    return JSON.parse(await body.text());
  } catch (error) {
    const mayBeTooMany = top.length > 0 && error instanceof RefusedError && isOutOfRange(error);
    if (!mayBeTooMany) throw error;
    const { body } = await ask(wish, [json], options);
    return JSON.parse(await body.text());
  }
}

/** Have the server draw: a picture as a file. */
export async function drawPhoto(wish: Wish, drawing: Parameters, options: AskOptions): Promise<Blob> {
  return (await ask(wish, drawing, options)).body;
}
