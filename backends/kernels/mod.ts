/**
 * Kernels and gradients that TensorFlow.js lacks on some backend, or has there in a form that is wrong or too slow.
 * A new kernel is one file beside this one and one line in the list.
 *
 * @module
 */
import * as tf from "../../src/base/tfjs.ts";
import type { BackendName } from "../backend.ts";
import { averagePoolGradientKernel } from "./average_pool_gradient.ts";
import { castToFloatKernel } from "./cast_to_float.ts";
import { conv2dFilterGradientKernel } from "./conv2d_filter_gradient.ts";
import { conv2dInputGradientKernel } from "./conv2d_input_gradient.ts";
import { conv3dInputGradientKernel } from "./conv3d_input_gradient.ts";
import { convolutionGradients } from "./convolution_gradients.ts";
import { cumulativeSumGradient } from "./cumulative_sum_gradient.ts";
import { depthwiseFilterGradientKernel } from "./depthwise_filter_gradient.ts";
import { depthwiseInputGradientKernel } from "./depthwise_input_gradient.ts";
import { elementwiseGradients } from "./elementwise_gradients.ts";
import { einsumKernel } from "./einsum.ts";
import { extremeGradients } from "./extreme_gradients.ts";
import type { ExtendedGradient, Kernel } from "./kernel.ts";
import { fusedConvolutionKernels } from "./fused_convolution.ts";
import { fusedProductKernel } from "./fused_product.ts";
import { maxPoolGradientKernel, mirroredMaxPoolGradientKernel } from "./max_pool_gradient.ts";
import { padKernel } from "./pad.ts";
import { preluKernel } from "./prelu.ts";
import { resizeBilinearGradientKernel } from "./resize_bilinear_gradient.ts";
import { resizeNearestGradientKernel } from "./resize_nearest_gradient.ts";
import { reversedSumsKernel } from "./reversed_sums.ts";
import { samePaddingKernels } from "./same_padding.ts";
import { selectKernel } from "./select.ts";
import { stridedSliceGradientExtension } from "./strided_slice_gradient.ts";
import { topValuesGradient } from "./top_values_gradient.ts";
import { transposedProductKernel } from "./transposed_product.ts";
import { unsortedSegmentSumKernel } from "./unsorted_segment_sum.ts";
import { fasterKernels } from "../simd/registered.ts";

/** All kernels, for all backends. */
const kernels: readonly Kernel[] = [
  depthwiseInputGradientKernel,
  depthwiseFilterGradientKernel,
  conv2dInputGradientKernel,
  conv2dFilterGradientKernel,
  conv3dInputGradientKernel,
  averagePoolGradientKernel,
  castToFloatKernel,
  ...fusedConvolutionKernels,
  fusedProductKernel,
  maxPoolGradientKernel,
  mirroredMaxPoolGradientKernel,
  preluKernel,
  resizeBilinearGradientKernel,
  resizeNearestGradientKernel,
  reversedSumsKernel,
  ...samePaddingKernels,
  selectKernel,
  transposedProductKernel,
  einsumKernel,
  padKernel,
  unsortedSegmentSumKernel,
  ...fasterKernels, // last: where they cannot compute, those above do
];

/** All gradients, which are the same on every backend. */
const gradients: readonly ExtendedGradient[] = [
  ...convolutionGradients,
  ...elementwiseGradients,
  ...extremeGradients,
  cumulativeSumGradient,
  stridedSliceGradientExtension,
  topValuesGradient,
];

/** The gradients that this module has registered, so that a second call changes nothing. */
const registered = new Set<tf.GradConfig>();

/** Likewise the kernels, each with those that it consists of: one may take the place of another of this module. */
const parts = new WeakMap<tf.KernelConfig, readonly Kernel[]>();

/**
 * Register what a backend lacks. A second call changes nothing, and a kernel that TensorFlow.js brings itself
 * is left alone unless it is known to be wrong or too slow.
 *
 * @param backend The backend; its own kernels must have been registered before.
 */
export function registerKernels(backend: BackendName): void {
  for (const kernel of kernels) {
    if (kernel.backends.includes(backend)) registerOn(backend, kernel);
  }
  registerGradients();
}

/**
 * Register the gradients that TensorFlow.js lacks, on any backend. A second call changes nothing, unless `@tensorflow/tfjs` was
 * imported in between, which registers its own anew.
 */
export function registerGradients(): void {
  for (const gradient of gradients) registerGradient(gradient);
}

function registerOn(backendName: BackendName, kernel: Kernel): void {
  const { name, replaces = false, makesNothingElse = false, run } = kernel;
  const present = tf.getKernel(name, backendName);
  const before = present && parts.get(present) || [];
  if (present) {
    if (!replaces || before.includes(kernel)) return;
    tf.unregisterKernel(name, backendName);
  }
  const config: tf.KernelConfig = {
    ...present, // with its set-up, which the backend calls when it starts
    kernelName: name,
    backendName,
    kernelFunc(call) {
      const original = (attrs: tf.NamedAttrMap, inputs: tf.NamedTensorInfoMap = call.inputs) =>
        present!.kernelFunc({ ...call, inputs, attrs }) as tf.TensorInfo;
      // The operations of tfjs pass tensors; the type, made for kernels that call each other, says less.
      const inputs = call.inputs as unknown as Record<string, tf.Tensor>;
      const compute = () => run({ inputs, attributes: call.attrs, original }) as tf.Tensor;
      return makesNothingElse ? compute() : tf.tidy(compute);
    },
  };
  tf.registerKernel(config);
  parts.set(config, [...before, kernel]);
}

function registerGradient({ name, extend }: ExtendedGradient): void {
  const present = tf.getGradient(name) as tf.GradConfig | undefined;
  if (present && registered.has(present)) return;
  const extended = extend(present);
  if (present) tf.unregisterGradient(name);
  tf.registerGradient(extended);
  registered.add(extended);
}
