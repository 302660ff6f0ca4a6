/**
 * The operators that are known. A new one is a translator in a file beside this one, and its name in that file's list; a new
 * file is one line here.
 *
 * @module
 */
import type { NodeTranslators } from "../translator.ts";
import { activationNodes } from "./activations.ts";
import { arithmeticNodes } from "./arithmetic.ts";
import { convolutionNodes } from "./convolution.ts";
import { generalNodes } from "./general.ts";
import { normalizationNodes } from "./normalization.ts";
import { paddingNodes } from "./padding.ts";
import { poolingNodes } from "./pooling.ts";
import { productNodes } from "./products.ts";
import { reductionNodes } from "./reductions.ts";
import { shapingNodes } from "./shaping.ts";

/** All translators, by the operators that they are for. */
export const translators: NodeTranslators = {
  ...activationNodes,
  ...arithmeticNodes,
  ...convolutionNodes,
  ...generalNodes,
  ...normalizationNodes,
  ...paddingNodes,
  ...poolingNodes,
  ...productNodes,
  ...reductionNodes,
  ...shapingNodes,
};
