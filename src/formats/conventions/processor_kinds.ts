import { type Fields, flagIn } from "./fields.ts";
import {
  type Cut,
  cutAsSaid,
  cutBeforeResizing,
  cutByFraction,
  cutIfSmall,
  cutOfEighthMore,
} from "./processor_cuts.ts";

/** A class of processors. */
export interface ProcessorKind {
  /** What a file need not say. */
  readonly usual: Fields;
  /**
   * Whether a size of one number is height and width; else the shorter side.
   * @default {true}
   */
  readonly isSquare?: boolean;
  /**
   * How it resizes and cuts.
   * @default {as it is said}
   */
  readonly cut?: Cut;
  /** Whether it divides by the deviation twice. */
  readonly isScaledTwice?: (fields: Fields) => boolean;
}

const half = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const imageNet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const clip = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};

/** Pillow's numbers of interpolations. */
const [bilinear, bicubic] = [2, 3];

/** The middle of so many pixels. */
function middle(side: number): Fields {
  return { do_center_crop: true, crop_size: side };
}

const clipKind: ProcessorKind = {
  usual: { size: 224, ...middle(224), resample: bicubic, ...clip },
  isSquare: false,
};

/** The classes of processors whose ways differ, by their names without what stands at the end of all. */
export const processorKinds: Readonly<Record<string, ProcessorKind>> = {
  Beit: { usual: { size: 256, crop_size: 224, resample: bicubic, ...half } },
  Bit: clipKind,
  Blip: { usual: { size: 384, resample: bicubic, ...clip } },
  ChineseCLIP: clipKind,
  CLIP: clipKind,
  ConvNext: {
    usual: { size: 384, crop_pct: 224 / 256, resample: bicubic, ...half },
    isSquare: false,
    cut: cutIfSmall,
  },
  DeiT: { usual: { size: 256, ...middle(224), resample: bicubic, ...half } },
  DPT: { usual: { size: 384, resample: bicubic, ...half } },
  EfficientNet: {
    usual: { size: 346, crop_size: 289, resample: bicubic, include_top: true, ...half },
    isScaledTwice: (fields) => flagIn(fields, "include_top", true),
  },
  Flava: { usual: { size: 224, ...middle(224), resample: bicubic, ...clip } },
  Levit: {
    usual: { size: 224, ...middle(224), resample: bicubic, ...imageNet },
    isSquare: false,
    cut: cutOfEighthMore,
  },
  MobileNetV1: { usual: { size: 256, ...middle(224), resample: bilinear, ...half }, isSquare: false },
  MobileNetV2: { usual: { size: 256, ...middle(224), resample: bilinear, ...half }, isSquare: false },
  MobileViT: {
    usual: {
      size: 224,
      ...middle(256),
      resample: bicubic,
      do_normalize: false,
      do_flip_channel_order: true,
    },
    isSquare: false,
  },
  OwlViT: { usual: { size: 768, crop_size: 768, resample: bicubic, ...clip } },
  Perceiver: {
    usual: { size: 224, ...middle(256), resample: bicubic, ...imageNet },
    cut: cutBeforeResizing,
  },
  PoolFormer: {
    usual: { size: 224, ...middle(224), crop_pct: 0.9, resample: bicubic, ...imageNet },
    isSquare: false,
    cut: cutByFraction,
  },
  Pvt: { usual: { size: 224, resample: bicubic, ...imageNet } },
  Segformer: { usual: { size: 512, resample: bilinear, ...imageNet } },
  Siglip: { usual: { size: 224, resample: bicubic, ...half } },
  ViT: { usual: { size: 224, resample: bilinear, ...half } },
};

/** A processor of which nothing is known but what its file says: as most of them. */
export const otherProcessor: ProcessorKind = { usual: { resample: bicubic } };

/** How a class of processors resizes and cuts. */
export function cutOfKind({ cut = cutAsSaid }: ProcessorKind): Cut {
  return cut;
}

/** The class's name without what stands at the end of all such names: `ViT` of `ViTImageProcessorFast`. */
export function kindNameOf(className: string): string {
  return className.replace(/(ImageProcessor|FeatureExtractor).*$/, "");
}
