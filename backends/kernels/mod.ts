/**
 * What TensorFlow.js's backends lack for gradients. A new kernel is one file beside this one and one line in
 * {@linkcode kernels}.
 *
 * @module
 */
import type { BackendName } from "../mod.ts";
import { depthwiseFilterGradient } from "./depthwise_filter_gradient.ts";
import { depthwiseInputGradient } from "./depthwise_input_gradient.ts";
import { mendDilatedConvolutions } from "./dilated_convolutions.ts";
import { filterGradient } from "./filter_gradient.ts";
import { type ComposedKernel, registerKernel } from "./kernel.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

/** All composed kernels. */
const kernels: readonly ComposedKernel[] = [
  depthwiseInputGradient,
  depthwiseFilterGradient,
  filterGradient,
  unsortedSegmentSum,
];

/**
 * Give a backend the kernels that it lacks, and mend gradients that fail on all. Doing it again does nothing.
 *
 * @param backend A backend that is started.
 */
export function registerKernels(backend: BackendName): void {
  for (const kernel of kernels) registerKernel(kernel, backend);
  mendDilatedConvolutions();
}
