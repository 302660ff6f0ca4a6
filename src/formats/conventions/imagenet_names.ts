import { ModelError } from "../../base/errors.ts";
import { parseLabels } from "../labels.ts";

/**
 * The names of ImageNet's 1,000 classes in the order of their synsets, as all networks have them that were trained on it:
 * those of the embedded model.
 *
 * @throws {ModelError} If they cannot be loaded.
 */
export async function imageNetNames(): Promise<readonly string[]> {
  const { texts } = await import("../../../models/efficientnet_lite0/texts.ts").catch((error: Error) => {
    throw new ModelError(`Cannot load the names of ImageNet's classes: ${error.message.split("\n")[0]}`);
  });
  return parseLabels(JSON.stringify(texts["labels.json"]));
}
