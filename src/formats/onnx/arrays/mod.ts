/**
 * What is computed of constants when a model is opened: shapes above all. A new operator is one line in a file beside this
 * one.
 *
 * @module
 */
import { elementwiseFolders } from "./elementwise.ts";
import type { Folders } from "./folder.ts";
import { normalizationFolders } from "./normalization.ts";
import { quantisedFolders } from "./quantised.ts";
import { reductionFolders } from "./reductions.ts";
import { shapingFolders } from "./shaping.ts";

/** What computes an operator of constants alone, by its name. */
export const folders: Folders = {
  ...elementwiseFolders,
  ...normalizationFolders,
  ...quantisedFolders,
  ...reductionFolders,
  ...shapingFolders,
};
