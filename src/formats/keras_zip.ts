import { hasText } from "../image/bytes.ts";
import { headOf } from "./folder.ts";
import type { ModelFormat } from "./mod.ts";

/** Keras's own archives. */
export const kerasZipFormat: ModelFormat = {
  name: "keras-zip",
  description: "Keras .keras: an archive of architecture and weights, as Keras 2.12 and later save it",
  async open(folder, record) {
    if (!hasText(headOf(folder), "PK\x03\x04")) return undefined;
    const { openKerasArchive } = await import("../keras/open.ts");
    return await openKerasArchive(folder.main, folder.name, record);
  },
};
