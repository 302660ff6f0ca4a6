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
export { gradcam } from "./src/explain/gradcam.ts";
export { GradCAM, type GradCAMOptions } from "./src/explain/gradcam_class.ts";
export type { ClassIndex, GradcamOptions } from "./src/explain/gradcam_options.ts";
export type { NamedEmbeddings } from "./src/explain/embeddings.ts";
export type { Model } from "./src/explain/model.ts";
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
  type WeightsSource,
} from "./src/formats/mod.ts";
export {
  type ClassMap,
  type ComponentMap,
  type EncodeOptions,
  Explanation,
  type ExplanationRecord,
  type SaveOptions,
} from "./src/explain/explanation.ts";
export type { ClassScore } from "./src/explain/classes.ts";
export type { Diagnosis } from "./src/explain/diagnosis.ts";
export type { Smoothing } from "./src/explain/smoothing.ts";
export { type Heatmap, normalize, resizeHeatmap } from "./src/base/heatmap.ts";
export type { GridSize, TokenGrid } from "./src/base/token_grid.ts";
export { type MapScale, mapScales, scaleMap } from "./src/base/scaling.ts";
export type { Rectifier, RectifierMemory } from "./src/operations/operation.ts";
export type { ImageInput } from "./src/input/image_input.ts";
export type { InputOptions } from "./src/input/input_options.ts";
export type { OriginalPhoto } from "./src/input/plan.ts";
export type { OtherInputs } from "./src/explain/other_inputs.ts";
export type { Box, Mask, Region } from "./src/explain/region.ts";
export type { DecodedImage, DecodeOptions, Placement, RgbaImage } from "./src/input/image/types.ts";
export type { InterpolationName } from "./src/input/image/interpolations/mod.ts";
export type { CropRounding, FitMode, Fitting } from "./src/input/image/window.ts";
export type { PhotoLimits } from "./src/input/image/limits.ts";
export type { ValueRange } from "./src/input/image/range.ts";
export { decodeImage } from "./src/input/image/mod.ts";
export { encodePng } from "./src/input/image/encode_png.ts";
export {
  type FileType,
  fileTypeOf,
  type Rendering,
  type RenderingName,
  renderings,
  type RenderOptions,
} from "./src/draw/renderings/mod.ts";
export type {
  Drawable,
  DrawnClass,
  DrawnComponent,
  DrawnMap,
  NamedRendering,
} from "./src/draw/renderings/rendering.ts";
export {
  type EncodingOptions,
  encodings,
  type PictureEncoding,
  type PictureFormat,
} from "./src/draw/encodings/mod.ts";
export { type Colormap, type ColormapName, colormaps } from "./src/draw/colormaps/mod.ts";
export { opacities, type Opacity, type OpacityName } from "./src/draw/opacity.ts";
export type { NamedColormap } from "./src/draw/colormaps/colormap.ts";
export { type CamMethod, type MethodName, methods } from "./src/methods/mod.ts";
export type {
  ConceptScore,
  MapComponent,
  MethodCost,
  MethodResult,
  MethodScope,
  NamedMethod,
} from "./src/methods/method.ts";
export type {
  AttentionProbe,
  BatchMaker,
  BlockAttention,
  GradientOptions,
  Place,
  Probe,
  RectifierCount,
  RunOptions,
  ValueGradient,
} from "./src/methods/probe.ts";
export type { Baseline, MethodSettings } from "./src/methods/settings.ts";
export { measure } from "./src/metrics/measure.ts";
export type { MeasureOptions } from "./src/metrics/measure_options.ts";
export type { MeasuredMap, MeasuredNumber } from "./src/metrics/measured_map.ts";
export { type Metric, type MetricName, metrics } from "./src/metrics/mod.ts";
export type {
  Curve,
  Measurement,
  MetricCost,
  MetricKind,
  MetricScope,
  NamedMetric,
} from "./src/metrics/metric.ts";
export type { MetricSettings } from "./src/metrics/settings.ts";
export type { RandomisedMap, Subject } from "./src/metrics/subject.ts";
export type { PhotoTruth, Truth, TruthBox, TruthMask, TruthObject } from "./src/metrics/truth.ts";
export { type Control, type ControlName, controls } from "./src/metrics/controls/mod.ts";
export type { ControlScope, NamedControl } from "./src/metrics/controls/control.ts";
export { evaluate } from "./src/evaluate/evaluate.ts";
export type { EvaluateOptions, EvaluationPlan, EvaluationRun } from "./src/evaluate/evaluate_options.ts";
export type {
  EvaluatedMap,
  EvaluatedNumber,
  EvaluatedPhoto,
  UnmatchedClasses,
} from "./src/evaluate/evaluated.ts";
export type { MethodPasses } from "./src/evaluate/expect_passes.ts";
export { summarise, type SummariseOptions } from "./src/evaluate/summarise.ts";
export { drawExamples, type DrawExamplesOptions } from "./src/evaluate/pictures.ts";
export { photosCsv, summaryCsv } from "./src/evaluate/csv.ts";
export type {
  Choice,
  EvaluationAbout,
  EvaluationComparison,
  EvaluationCurve,
  EvaluationRow,
  EvaluationSummary,
  ExamplePicture,
  MethodAbout,
  MetricAbout,
  ModelAbout,
  PhotoExample,
  RankedChoice,
} from "./src/evaluate/summary.ts";
export { openTruth, type TruthFiles, truthFormats } from "./src/truth/mod.ts";
export type {
  FoundEntries,
  FoundObject,
  FoundTruth,
  NamedTruthFormat,
  PhotoSize,
  TruthEntry,
} from "./src/truth/truth_format.ts";
export type { TruthFile, TruthSource } from "./src/truth/truth_source.ts";
export type { RegionOptions } from "./src/explain/explanation.ts";
export type { MaskOptions } from "./src/regions/mask.ts";
export type { MapRegion, PhotoPlace } from "./src/regions/region_boxes.ts";
export type { BoxOptions } from "./src/draw/boxes.ts";
export { type Threshold, type ThresholdName, thresholds } from "./src/regions/mod.ts";
export type { NamedThreshold } from "./src/regions/threshold.ts";
export { type TargetKind, type TargetName, targets } from "./src/targets/mod.ts";
export type { NamedTarget, Target, TargetFunction, TargetWish } from "./src/targets/target.ts";
export type { MapPlan, MapProgress, PlanListener, ProgressListener } from "./src/explain/progress.ts";
export type {
  Backward,
  JoinMode,
  Operation,
  RectifierKind,
  RectifierRule,
  Retrace,
} from "./src/operations/operation.ts";
export type { DrawWeight, Weight } from "./src/operations/weight.ts";
export type { BackOptions, WalkOptions } from "./src/operations/walk.ts";
export type { Keep, KeptWeights } from "./backends/kept_weights.ts";
export type { EvidenceSource, PixelChoice, PixelEvidence } from "./src/input/evidence.ts";
export { type Preprocessing, type PreprocessingName, preprocessings } from "./src/input/preprocess.ts";
export type {
  AttentionInfo,
  DirectPass,
  EvidenceOptions,
  ExplainableModel,
  FinalActivation,
  HeadResult,
  LayerInfo,
  RegionWeights,
  ScoreKind,
  Shape,
  SplitModel,
  SplitOptions,
  TapedTail,
  TensorInfo,
  UnitReading,
  WalkedPass,
} from "./src/split/model.ts";
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
  ComputeError,
  DiskFullError,
  GradcamError,
  ImageError,
  LayerNotFoundError,
  ModelError,
  OutputError,
  RegionError,
  TruthError,
} from "./src/base/errors.ts";
export type {
  DataType,
  GraphModel,
  LayersModel,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorFlow,
} from "./src/base/tensors.ts";
