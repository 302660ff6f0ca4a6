import { methodOptions } from "./method_options.ts";
import type { OptionSpec } from "./option.ts";
import { maxDecodingMemoryOption, maxPhotoSideOption, maxPixelsOption } from "./options/limits.ts";
import { backendOptions, jobsOption } from "./options/machine.ts";
import { mapOptions } from "./options/map.ts";
import { waysOptions } from "./options/method.ts";
import { modelOptions, photoOptions, rangeOption, wiringOptions } from "./options/model.ts";
import { folderOptions, resultOptions } from "./options/result.ts";

/** All options of the command that explains photos, in the order of the help. */
export const explainOptions: readonly OptionSpec[] = [
  ...modelOptions,
  ...photoOptions,
  rangeOption,
  ...wiringOptions,
  maxPixelsOption,
  maxPhotoSideOption,
  maxDecodingMemoryOption,
  ...mapOptions,
  ...waysOptions,
  ...methodOptions,
  ...resultOptions,
  ...backendOptions,
  jobsOption,
  ...folderOptions,
];
