import { hasText } from "../image/bytes.ts";
import { headOf, sourceOf } from "./folder.ts";
import type { ModelFormat } from "./mod.ts";

/** Whether a file is a ZIP archive. */
export function isZip(bytes: Uint8Array): boolean {
  return hasText(bytes, "PK\x03\x04");
}

/** Keras's own archives. */
export const kerasZipFormat: ModelFormat = {
  name: "keras-zip",
  description: "Keras .keras: an archive of architecture and weights, as Keras 2.12 and later save it",
  async open(folder, record) {
    if (!isZip(headOf(folder))) return undefined;
    const { openKerasArchive } = await import("../keras/open.ts");
    return await openKerasArchive(sourceOf(folder), folder.name, record);
  },
};
