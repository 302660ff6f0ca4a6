import type { ExplainableModel, ModelRecord } from "../split/model.ts";
import type { ModelFolder } from "./model_folder.ts";

/** A file format that models come in. */
export interface ModelFormat {
  /** The name, such as `"tfjs"`. */
  readonly name: string;
  /** One line for the documentation and the help. */
  readonly description: string;
  /**
   * Open a model, or say that it is of another format.
   *
   * @returns `undefined` if the content is not of this format.
   * @throws {ModelError} If it is, but damaged.
   */
  open(folder: ModelFolder, record: ModelRecord): Promise<ExplainableModel | undefined>;
}
