import type { ModelFormat } from "./format.ts";
import { headOf } from "./model_folder.ts";
import { isHdf5 } from "./signatures.ts";

/** Keras's HDF5 files. */
export const kerasH5Format: ModelFormat = {
  name: "keras-h5",
  description:
    "Keras .h5 or .hdf5: a whole model as Keras 1, 2 and 3 save it, or weights beside their architecture",
  async open(folder, record) {
    if (!isHdf5(headOf(folder))) return undefined;
    const { openKerasH5 } = await import("./keras/open.ts");
    return await openKerasH5(folder, record);
  },
};
