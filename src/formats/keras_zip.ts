import type { ModelFormat } from "./format.ts";
import { headOf } from "./model_folder.ts";
import { isZip } from "./signatures.ts";

/** Keras's own archives. */
export const kerasZipFormat: ModelFormat = {
  name: "keras-zip",
  description: "Keras .keras: an archive of architecture and weights, as Keras 2.12 and later save it",
  async open(folder, record) {
    if (!isZip(headOf(folder))) return undefined;
    const { openKerasArchive } = await import("./keras/open.ts");
    return await openKerasArchive(folder, record);
  },
};
