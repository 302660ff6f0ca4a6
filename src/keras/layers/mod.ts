/**
 * The registry of Keras's layers that TensorFlow.js lacks or computes otherwise. A new one is an entry in a file beside
 * this one and one line in {@linkcode kerasLayers}.
 *
 * @module
 */
import { registerActivations, softmaxLayer } from "./activations.ts";
import { identityLayers } from "./identity.ts";
import { type KerasLayer, registerLayer } from "./keras_layer.ts";
import {
  groupNormalizationLayer,
  layerScaleLayer,
  normalizationLayer,
  unitNormalizationLayer,
} from "./normalization.ts";
import { operationLayer } from "./operation.ts";
import { leakyReluLayer, reluLayer } from "./relu.ts";
import {
  globalAveragePoolingLayer,
  globalMaxPoolingLayer,
  groupedConvolutionLayer,
  rescalingLayer,
  resizingLayer,
  scaledSumLayer,
  subtractLayer,
} from "./shaping.ts";

/** All layers. */
export const kerasLayers: readonly KerasLayer[] = Object.freeze([
  ...identityLayers,
  globalAveragePoolingLayer,
  globalMaxPoolingLayer,
  groupNormalizationLayer,
  groupedConvolutionLayer,
  layerScaleLayer,
  leakyReluLayer,
  normalizationLayer,
  operationLayer,
  reluLayer,
  rescalingLayer,
  resizingLayer,
  scaledSumLayer,
  softmaxLayer,
  subtractLayer,
  unitNormalizationLayer,
]);

let registered = false;

/** Register all layers and activations with TensorFlow.js; a second call changes nothing. */
export function registerKerasLayers(): void {
  if (registered) return;
  registered = true;
  for (const layer of kerasLayers) registerLayer(layer);
  registerActivations();
}
