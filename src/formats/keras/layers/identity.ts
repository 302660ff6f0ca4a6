import type { KerasLayer } from "./keras_layer.ts";

/** Layers that do something in training alone. */
const classNames = [
  "ActivityRegularization",
  "AlphaDropout",
  "AugMix",
  "CutMix",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "MixUp",
  "RandAugment",
  "RandomBrightness",
  "RandomColorDegeneration",
  "RandomColorJitter",
  "RandomContrast",
  "RandomElasticTransform",
  "RandomErasing",
  "RandomFlip",
  "RandomGaussianBlur",
  "RandomGrayscale",
  "RandomHeight",
  "RandomHue",
  "RandomInvert",
  "RandomPerspective",
  "RandomPosterization",
  "RandomRotation",
  "RandomSaturation",
  "RandomSharpness",
  "RandomShear",
  "RandomTranslation",
  "RandomWidth",
  "RandomZoom",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  "StochasticDepth",
];

/** Layers that hand their input on in inference: augmentation and what keeps from overfitting. */
export const identityLayers: readonly KerasLayer[] = classNames.map((className) => ({
  className,
  shape: (input) => input,
  call: ([x]) => x!.clone(),
}));
