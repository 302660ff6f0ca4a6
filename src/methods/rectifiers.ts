import type { Tensor4D } from "../base/tensors.ts";
import type { RectifierRule } from "../operations/operation.ts";
import type { Probe, RectifierCount } from "./probe.ts";

/** What the user should know of a way back whose rectifiers were to be passed by another rule. */
function warningsOf({ exchanged, kept }: RectifierCount, title: string): string[] {
  const nothing = `${title} gives the plain gradient`;
  if (exchanged === 0 && kept === 0) return [`${nothing}: the network has no rectifier (ReLU)`];
  if (exchanged === 0) return [`${nothing}: of ${kept} rectifiers none cuts off all that is below 0`];
  if (kept === 0) return [];
  return [
    `${title} leaves ${kept} of ${exchanged + kept} rectifiers their own derivative, such as leaky ones`,
  ];
}

/** A gradient at the pixels that was taken by another rule. */
export interface RuledGradient {
  /** `[1, H, W, C]`; the caller disposes it. */
  readonly gradient: Tensor4D;
  readonly warnings: readonly string[];
}

/**
 * The gradient at the pixels, all rectifiers passed by a rule: ReLU, ReLU6 and others with an upper bound, wherever in the
 * network they stand. Leaky rectifiers, ELU and PReLU cut nothing off, so that the rule means nothing there: they keep their
 * own derivative, and a warning says so. A gate made of a rectifier, as in hard-swish of MobileNetV3, is one as well.
 *
 * @param title The method, for warnings.
 */
export async function ruledGradient(
  { picture }: Probe,
  rule: Exclude<RectifierRule, "gradient">,
  title: string,
): Promise<RuledGradient> {
  const { gradient, rectifiers } = await picture.gradientAt(await picture.activation(), { rule });
  return { gradient, warnings: rectifiers ? warningsOf(rectifiers, title) : [] };
}
