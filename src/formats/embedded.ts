import { ModelError } from "../base/errors.ts";
import { mayRead, readBytes, ReadError } from "../platform/files.ts";
import type { ModelFolder } from "./model_folder.ts";
import { unwrapWeights, weightsIn } from "./wasm_container.ts";

/** How messages name the embedded model. */
const name = "the embedded model";

/** How pictures do. */
const title = "EfficientNet-Lite0";

/** Where its files are, beside this module on disk as on a server. */
const folder = new URL("../../models/efficientnet_lite0/", import.meta.url);

/** What cannot be loaded was never cached, and there is no network. */
function fail(error: Error): never {
  throw new ModelError(`Cannot open ${name}: ${error.message.split("\n")[0]}`, { cause: error });
}

/** A file of JSON, of the modules of this package. */
async function importText(file: string): Promise<Uint8Array | undefined> {
  const { texts } = await import("../../models/efficientnet_lite0/texts.ts").catch(fail);
  return Object.hasOwn(texts, file) ? new TextEncoder().encode(JSON.stringify(texts[file])) : undefined;
}

/** A file of weights, likewise. */
async function importWeights(file: string): Promise<Uint8Array | undefined> {
  const { shards } = await import("../../models/efficientnet_lite0/weights.js").catch(fail);
  return Object.hasOwn(shards, file) ? weightsIn(shards[file]!) : undefined;
}

/** A file of the folder on disk, which is twice as fast as importing it. */
async function readFile(file: string): Promise<Uint8Array | undefined> {
  try {
    return unwrapWeights(await readBytes(new URL(file, folder)));
  } catch (error) {
    if (error instanceof ReadError) return undefined;
    throw error;
  }
}

/**
 * The files of the embedded model. They are modules of this package, so that they lie in Deno's cache with it: they take
 * neither network nor permission. Where they are on disk and may be read, they are.
 *
 * @throws {ModelError} If they cannot be loaded, as where they were never cached and there is no network.
 */
export async function openEmbedded(): Promise<ModelFolder> {
  const importFile = (file: string) => file.endsWith(".wasm") ? importWeights(file) : importText(file);
  const read = mayRead(folder) ? readFile : importFile;
  return { name, title, main: (await read("model.json"))!, read };
}
