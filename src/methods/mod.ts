/**
 * The registry of CAM methods. The command line tool's help, the server and the conformance tests read it;
 * a new method is one file beside this one and one line in {@linkcode methods}.
 *
 * @module
 */
import { findNamed } from "../base/find_named.ts";
import { ablationcamMethod } from "./ablationcam.ts";
import { attentionRelevanceMethod } from "./attentionrelevance.ts";
import { deconvolutionMethod } from "./deconvolution.ts";
import { deepFeatureFactorizationMethod } from "./deepfeaturefactorization.ts";
import { eigencamMethod } from "./eigencam.ts";
import { eigengradcamMethod } from "./eigengradcam.ts";
import { femMethod } from "./fem.ts";
import { fullgradMethod } from "./fullgrad.ts";
import { gradcamMethod } from "./gradcam.ts";
import { gradcamPlusPlusMethod } from "./gradcam_plus_plus.ts";
import { gradcamElementWiseMethod } from "./gradcamelementwise.ts";
import { guidedBackpropMethod } from "./guided_backprop.ts";
import { guidedGradcamMethod } from "./guided_gradcam.ts";
import { hirescamMethod } from "./hirescam.ts";
import { inputXGradientMethod } from "./input_x_gradient.ts";
import { integratedGradientsMethod } from "./integrated_gradients.ts";
import { kpcacamMethod } from "./kpcacam.ts";
import { layercamMethod } from "./layercam.ts";
import { legradMethod } from "./legrad.ts";
import { limeMethod } from "./lime.ts";
import type { NamedMethod } from "./method.ts";
import { occlusionMethod } from "./occlusion.ts";
import { refinecamMethod } from "./refinecam.ts";
import { riseMethod } from "./rise.ts";
import { rolloutMethod } from "./rollout.ts";
import { saliencyMethod } from "./saliency.ts";
import { scorecamMethod } from "./scorecam.ts";
import type { MethodSettings } from "./settings.ts";
import { shapleycamMethod } from "./shapleycam.ts";
import { smoothgradMethod } from "./smoothgrad.ts";
import { smoothgradSquaredMethod } from "./smoothgrad_squared.ts";
import { vargradMethod } from "./vargrad.ts";
import { xgradcamMethod } from "./xgradcam.ts";

/** The name of a method. */
export type MethodName =
  | "gradcam"
  | "gradcam++"
  | "xgradcam"
  | "hirescam"
  | "gradcamelementwise"
  | "layercam"
  | "eigencam"
  | "eigengradcam"
  | "shapleycam"
  | "fem"
  | "kpcacam"
  | "refinecam"
  | "fullgrad"
  | "scorecam"
  | "ablationcam"
  | "occlusion"
  | "rise"
  | "lime"
  | "deepfeaturefactorization"
  | "saliency"
  | "inputxgradient"
  | "smoothgrad"
  | "smoothgradsquared"
  | "vargrad"
  | "integratedgradients"
  | "guidedbackprop"
  | "deconvolution"
  | "guidedgradcam"
  | "rollout"
  | "attentionrelevance"
  | "legrad";

/** A way to show where in a picture a model looked. */
export type CamMethod = NamedMethod<MethodName>;

/** All methods, the default first. */
export const methods: readonly CamMethod[] = Object.freeze([
  gradcamMethod,
  gradcamPlusPlusMethod,
  xgradcamMethod,
  hirescamMethod,
  gradcamElementWiseMethod,
  layercamMethod,
  eigencamMethod,
  eigengradcamMethod,
  shapleycamMethod,
  femMethod,
  kpcacamMethod,
  refinecamMethod,
  fullgradMethod,
  scorecamMethod,
  ablationcamMethod,
  occlusionMethod,
  riseMethod,
  limeMethod,
  deepFeatureFactorizationMethod,
  saliencyMethod,
  inputXGradientMethod,
  smoothgradMethod,
  smoothgradSquaredMethod,
  vargradMethod,
  integratedGradientsMethod,
  guidedBackpropMethod,
  deconvolutionMethod,
  guidedGradcamMethod,
  rolloutMethod,
  attentionRelevanceMethod,
  legradMethod,
]);

/**
 * The methods of names, each once.
 *
 * @param names One, or several.
 * @param settings What they are told.
 * @throws {RangeError} If there is no such method, or none of them takes a setting.
 */
export function findMethods(names: string | readonly string[], settings: MethodSettings): CamMethod[] {
  const wanted = [...new Set([names].flat())].map((name) => findMethod(name));
  if (wanted.length === 0) throw new RangeError("Cannot explain with no method: name at least one");
  for (const [name, value] of Object.entries(settings)) {
    const takes = ({ settings = {} }: CamMethod) => Object.hasOwn(settings, name);
    if (value === undefined || wanted.some(takes)) continue;
    const takers = methods.filter(takes).map((method) => method.name);
    throw new RangeError(
      `Cannot use ${name} with ${wanted.map((method) => method.name).join(", ")}: it is for ${
        takers.join(", ")
      }`,
    );
  }
  return wanted;
}

/**
 * The method of a name.
 *
 * @param name As in `CamMethod.name`.
 * @throws {RangeError} If there is none.
 */
export function findMethod(name: string): CamMethod {
  return findNamed(methods, name, "method");
}
