/**
 * The operators that are known. A new one is a translator in a file beside this one, and its name in that file's list; a new
 * file is one line here.
 *
 * @module
 */
import type { NodeTranslators } from "../translator.ts";
import { activationNodes } from "./activations.ts";
import { arithmeticNodes } from "./arithmetic.ts";
import { attentionNodes } from "./attention.ts";
import { controlNodes } from "./control.ts";
import { convolutionNodes } from "./convolution.ts";
import { einsumNodes } from "./einsum.ts";
import { functionNodes } from "./functions.ts";
import { generalNodes } from "./general.ts";
import { indexingNodes } from "./indexing.ts";
import { logicNodes } from "./logic.ts";
import { normalizationNodes } from "./normalization.ts";
import { paddingNodes } from "./padding.ts";
import { poolingNodes } from "./pooling.ts";
import { productNodes } from "./products.ts";
import { quantisedNodes } from "./quantised.ts";
import { reductionNodes } from "./reductions.ts";
import { resizeNodes } from "./resize.ts";
import { runtimeNodes } from "./runtime.ts";
import { selectionNodes } from "./selection.ts";
import { shapingNodes } from "./shaping.ts";
import { spaceNodes } from "./space.ts";
import { transposedConvolutionNodes } from "./transposed_convolution.ts";

/** All translators, by the operators that they are for. */
export const translators: NodeTranslators = {
  ...activationNodes,
  ...arithmeticNodes,
  ...attentionNodes,
  ...controlNodes,
  ...convolutionNodes,
  ...einsumNodes,
  ...functionNodes,
  ...generalNodes,
  ...indexingNodes,
  ...logicNodes,
  ...normalizationNodes,
  ...paddingNodes,
  ...poolingNodes,
  ...productNodes,
  ...quantisedNodes,
  ...reductionNodes,
  ...resizeNodes,
  ...runtimeNodes,
  ...selectionNodes,
  ...shapingNodes,
  ...spaceNodes,
  ...transposedConvolutionNodes,
};
