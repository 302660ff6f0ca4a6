/**
 * The registry of Keras's layers that TensorFlow.js lacks or computes otherwise. A new one is an entry in a file beside
 * this one and one line in {@linkcode kerasLayers}.
 *
 * @module
 */
import { registerActivationObjects } from "./activation_objects.ts";
import { registerActivations } from "./activations.ts";
import { attentionLayers } from "./attention.ts";
import { batchNormalizationLayer } from "./batch_normalization.ts";
import { channelsFirstLayer } from "./channels_first.ts";
import { groupedConvolutionLayer } from "./convolution.ts";
import { convolutionLayers1d } from "./convolution_1d.ts";
import { einsumDenseLayer } from "./einsum_dense.ts";
import { groupNormalizationLayer } from "./group_normalization.ts";
import { hubPositionsLayer, hubTokensLayer } from "./hub_tokens.ts";
import { identityLayers } from "./identity.ts";
import { joiningLayers } from "./joining.ts";
import { type KerasLayer, registerLayer } from "./keras_layer.ts";
import {
  layerNormalizationLayer,
  rmsNormalizationLayer,
  unitNormalizationLayer,
} from "./layer_normalization.ts";
import { multiHeadAttentionLayers } from "./multi_head_attention.ts";
import { layerScaleLayer, normalizationLayer } from "./normalization.ts";
import { operationLayer } from "./operations/mod.ts";
import { stepsLayer } from "./operations/steps.ts";
import { poolingLayers } from "./pooling.ts";
import { recurrentLayers } from "./recurrent.ts";
import { eluLayer, leakyReluLayer, preluLayer, reluLayer, thresholdedReluLayer } from "./relu.ts";
import { centerCropLayer, randomCropLayer, resizingLayer, upSamplingLayer } from "./resizing.ts";
import { shapingLayers } from "./shaping.ts";
import { softmaxLayer } from "./softmax.ts";
import { transposedConvolutionLayer } from "./transposed_convolution.ts";

/** All layers. */
export const kerasLayers: readonly KerasLayer[] = Object.freeze([
  ...attentionLayers,
  batchNormalizationLayer,
  centerCropLayer,
  channelsFirstLayer,
  ...convolutionLayers1d,
  einsumDenseLayer,
  eluLayer,
  groupNormalizationLayer,
  groupedConvolutionLayer,
  hubPositionsLayer,
  hubTokensLayer,
  ...identityLayers,
  ...joiningLayers,
  layerNormalizationLayer,
  layerScaleLayer,
  leakyReluLayer,
  ...multiHeadAttentionLayers,
  normalizationLayer,
  operationLayer,
  ...poolingLayers,
  preluLayer,
  randomCropLayer,
  ...recurrentLayers,
  reluLayer,
  resizingLayer,
  rmsNormalizationLayer,
  ...shapingLayers,
  softmaxLayer,
  stepsLayer,
  thresholdedReluLayer,
  transposedConvolutionLayer,
  unitNormalizationLayer,
  upSamplingLayer,
]);

let registered = false;

/** Register all layers and activations with TensorFlow.js; a second call changes nothing. */
export function registerKerasLayers(): void {
  if (registered) return;
  registered = true;
  for (const layer of kerasLayers) registerLayer(layer);
  registerActivations();
  registerActivationObjects();
}
