/**
 * What the tests of many photos need. It is not published.
 *
 * @module
 */
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { explainAll, type ExplainAllOptions } from "./explain_all.ts";
import type { PhotoOutcome } from "./outcome.ts";
import type { Photos } from "./photos.ts";

/** Small pictures. */
export const images: URL = new URL("images/", testdata);

/** One of them, as a file. */
export const jpeg: URL = new URL("plain.jpg", images);

/** Another, as its content. */
export const bytes: Uint8Array<ArrayBuffer> = await Deno.readFile(new URL("plain.png", images));

/** Do something with a model that gives three classes, and a folder; no tensor may be left over. */
export async function withModel(use: (model: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "wasm", threads: 1 });
    await Deno.mkdir(`${folder}/photos`);
    const model = await writeTinyModel(folder);
    await leavingNoTensors(() => use(model, `${folder}/photos`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All that comes of photos. */
export function run(photos: Photos, options: ExplainAllOptions): Promise<PhotoOutcome[]> {
  return Array.fromAsync(explainAll(photos, { preprocess: "unit", ...options }));
}
