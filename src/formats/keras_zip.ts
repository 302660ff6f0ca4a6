import { hasText } from "../image/bytes.ts";
import type { ModelFormat } from "./mod.ts";

/** Keras's own archives. */
export const kerasZipFormat: ModelFormat = {
  name: "keras-zip",
  description: "Keras .keras: an archive of architecture and weights, as Keras 2.12 and later save it",
  async open({ main, name }, record) {
    if (!hasText(main, "PK\x03\x04")) return undefined;
    const { openKerasArchive } = await import("../keras/open.ts");
    return await openKerasArchive(main, name, record);
  },
};
