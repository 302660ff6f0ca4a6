/**
 * Where in the picture did the network look? Grad-CAM for any convolutional classifier that TensorFlow.js
 * runs, on WebGPU where Deno exposes a GPU, otherwise on multithreaded WebAssembly.
 *
 * @example Explain a photo with the embedded ImageNet model
 * ```ts
 * import { gradcam } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const explanation = await gradcam("testdata/photos/chelsea.png");
 * assertEquals(explanation.label, "Egyptian cat");
 * assertEquals(explanation.heatmap.width, 7);
 * const png = await explanation.encode("overlay"); // explanation.save("chelsea.png") writes it
 * assertEquals(png[1], 0x50);
 * ```
 *
 * @module
 */
export { gradcam } from "./src/gradcam.ts";
export { GradCAM, type GradCAMOptions } from "./src/gradcam_class.ts";
export type { GradcamOptions } from "./src/gradcam_options.ts";
export type { Model } from "./src/model.ts";
export { explainAll, type ExplainAllOptions } from "./src/jobs/explain_all.ts";
export type { ExplainedPhoto, FailedPhoto, PhotoOutcome } from "./src/jobs/outcome.ts";
export type { Photos } from "./src/jobs/photos.ts";
export type { Items } from "./src/jobs/feed.ts";
export {
  loadModel,
  type LoadModelOptions,
  type ModelBytes,
  type ModelFiles,
  type ModelSource,
} from "./src/formats/mod.ts";
export { type ClassMap, Explanation, type ExplanationRecord, type SaveOptions } from "./src/explanation.ts";
export type { ClassScore } from "./src/classes.ts";
export type { Diagnosis } from "./src/diagnosis.ts";
export { type Heatmap, normalize, resizeHeatmap } from "./src/heatmap.ts";
export type { ImageInput, InputOptions } from "./src/input.ts";
export type { OtherInputs } from "./src/other_inputs.ts";
export type { Box, Mask, Region } from "./src/region.ts";
export type { DecodedImage, DecodeOptions, Placement, RgbaImage } from "./src/image/types.ts";
export type { FitMode } from "./src/image/fit.ts";
export { decodeImage } from "./src/image/mod.ts";
export { encodePng } from "./src/image/encode_png.ts";
export { type Rendering, renderings, type RenderOptions } from "./src/renderings.ts";
export { type Colormap, colormaps } from "./src/colormaps.ts";
export { type CamMethod, methods } from "./src/methods/mod.ts";
export { type Preprocessing, type PreprocessingName, preprocessings } from "./src/preprocess.ts";
export type {
  DirectPass,
  ExplainableModel,
  FinalActivation,
  HeadResult,
  LayerInfo,
  RegionWeights,
  ScoreKind,
  Shape,
  SplitModel,
  SplitOptions,
  TensorInfo,
} from "./src/split/mod.ts";
export {
  type BackendInfo,
  type BackendName,
  currentBackend,
  selectBackend,
  type SelectBackendOptions,
  type SkippedBackend,
} from "./backends/mod.ts";
export {
  BackendError,
  ClassNotFoundError,
  GradcamError,
  ImageError,
  LayerNotFoundError,
  ModelError,
  OutputError,
  RegionError,
} from "./src/errors.ts";
export type {
  DataType,
  GraphModel,
  LayersModel,
  Tensor,
  Tensor2D,
  Tensor3D,
  Tensor4D,
} from "./src/tensors.ts";
