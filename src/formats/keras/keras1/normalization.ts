import type { OldLayer } from "./old_layer.ts";

/** Batch norm, of whose three modes Keras 2 kept the first. What Keras 1 calls its running deviation is the variance. */
export const normalization: OldLayer = {
  className: "BatchNormalization",
  refuse: ({ mode = 0 }) =>
    mode === 0
      ? undefined
      : `normalises in mode ${mode}, by its input alone, which later versions of Keras do not have either: train with mode 0`,
};
