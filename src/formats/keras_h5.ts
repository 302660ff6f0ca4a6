import { hasText } from "../image/bytes.ts";
import { headOf, sourceOf } from "./folder.ts";
import type { ModelFormat } from "./mod.ts";

const signature = "\x89HDF\r\n\x1a\n";

/** Whether a file is HDF5; a block of the user's own may stand before its content. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0, 512, 1024, 2048].some((start) => hasText(bytes, signature, start));
}

/** Keras's HDF5 files. */
export const kerasH5Format: ModelFormat = {
  name: "keras-h5",
  description: "Keras .h5 or .hdf5: a whole model as Keras 2 and 3 save it",
  async open(folder, record) {
    if (!isHdf5(headOf(folder))) return undefined;
    const { openKerasH5 } = await import("../keras/open.ts");
    return await openKerasH5(sourceOf(folder), folder.name, record);
  },
};
