import { asBytes, pathOf } from "../../formats/file_set.ts";
import { share } from "../../jobs/shared_model.ts";
import type { ServedModel } from "../options.ts";

/** A file or several, as they can be sent to workers: where they are, or what they hold. */
async function send(source: unknown): Promise<unknown> {
  if (source instanceof URL) return source.href;
  const bytes = asBytes(source);
  if (bytes !== undefined) return share(await bytes);
  if (typeof source !== "object" || source === null) return source;
  const files: [string, unknown][] = Array.isArray(source)
    ? source.map((file: File) => [pathOf(file), file])
    : Object.entries(source);
  const read = files.map(async ([name, content]) => [name, await send(content)] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Models as they can be sent to workers, by their ids. */
export async function sendModels(
  models: ReadonlyMap<string, ServedModel>,
): Promise<ReadonlyMap<string, ServedModel>> {
  const sent = models.entries().map(async ([id, { model, weights, ...options }]) =>
    [id, { ...options, model: await send(model), weights: await send(weights) } as ServedModel] as const
  );
  return new Map(await Promise.all(sent));
}
