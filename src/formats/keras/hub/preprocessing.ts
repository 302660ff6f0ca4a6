import { parsePreprocessing, type Preprocessing } from "../../../input/preprocess.ts";
import type { Json } from "../inbound.ts";

/** An object inside another, where there is one. */
function inside(value: unknown, key: string): Json | undefined {
  const found = (value as Json | null | undefined)?.[key];
  return typeof found === "object" && found !== null ? found as Json : undefined;
}

/** One number for all channels, or one a channel. */
function numbers(value: unknown, otherwise: number): number[] | undefined {
  const list = [value ?? otherwise].flat();
  return list.every((item) => typeof item === "number" && Number.isFinite(item))
    ? list as number[]
    : undefined;
}

/** Numbers where there may be one for all channels. */
function at(values: readonly number[], channel: number): number {
  return values.length === 1 ? values[0]! : values[channel]!;
}

/** Ways to resize that are known by the same names. */
const filters = ["bicubic", "bilinear", "nearest"];

/**
 * How keras-hub brings photos to a classifier: it resizes, multiplies and adds.
 *
 * @param model The classifier, `{ class_name, config }`.
 * @returns `undefined` where the model notes nothing, or what is not understood.
 */
export function readImageConverter(model: Json): Preprocessing | undefined {
  const preprocessor = inside(inside(model.config, "preprocessor"), "config");
  const config = inside(inside(preprocessor, "image_converter"), "config");
  if (!config) return undefined;
  const scale = numbers(config.scale, 1), offset = numbers(config.offset, 0);
  const size = config.image_size;
  if (!scale || !offset || scale.some((value) => value === 0)) return undefined;
  const channels = Array.from({ length: Math.max(scale.length, offset.length) }, (_, channel) => channel);
  const crops = config.crop_to_aspect_ratio !== false && config.pad_to_aspect_ratio !== true;
  const fit = config.pad_to_aspect_ratio === true ? "letterbox" : crops ? "crop" : "squash";
  try {
    return parsePreprocessing({
      name: "keras-hub",
      mean: channels.map((channel) => -at(offset, channel) / at(scale, channel)),
      std: channels.map((channel) => 1 / at(scale, channel)),
      fit,
      ...(filters.includes(String(config.interpolation)) && { interpolation: config.interpolation }),
      ...(fit === "letterbox" && { border: channels.map(() => 0) }),
      ...(Array.isArray(size) && { size }),
    });
  } catch {
    return undefined;
  }
}
