import type { ModelFormat } from "./format.ts";
import { beginsAsJson, headOf } from "./model_folder.ts";

/** Keras's architectures, whose weights lie in a file of their own. */
export const kerasJsonFormat: ModelFormat = {
  name: "keras-json",
  description: "Keras .json (model.to_json()) with its weights (model.save_weights()) in an .h5 beside it",
  async open(folder, record) {
    const isText = headOf(folder)[0] === 0x22; // some put the JSON into a file as a text of JSON
    if (!isText && !beginsAsJson(folder)) return undefined;
    const { parseArchitecture } = await import("./keras/is_architecture.ts");
    const architecture = parseArchitecture(folder.main);
    if (!architecture) return undefined;
    const { openKerasJson } = await import("./keras/open.ts");
    return await openKerasJson(architecture, folder, record);
  },
};
