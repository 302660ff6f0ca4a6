import { numberRule, type OptionSpec } from "../option.ts";

/** The largest photo accepted. */
export const maxPixelsOption: OptionSpec = {
  name: "max-pixels",
  value: "N",
  group: "Model",
  description: "The largest photo accepted, in pixels (default: 100000000)",
  rule: numberRule({ min: 1, whole: true }),
};

/** The longest side accepted. */
export const maxPhotoSideOption: OptionSpec = {
  name: "max-photo-side",
  value: "N",
  group: "Model",
  description: "The longest side of a photo accepted, in pixels (default: 65535)",
  rule: numberRule({ min: 1, whole: true }),
};

/** The most memory that decoding may take. */
export const maxDecodingMemoryOption: OptionSpec = {
  name: "max-decoding-memory",
  value: "MB",
  group: "Model",
  description:
    "The most memory that decoding a photo may take, in megabytes, as it is estimated (default: any)",
  rule: numberRule({ min: 1 }),
};
