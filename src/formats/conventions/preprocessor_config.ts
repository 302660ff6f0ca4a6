import { parsePreprocessing, type Preprocessing } from "../../input/preprocess.ts";
import { asFields, type Fields, flagIn, parseFields, saidOf, textIn } from "./fields.ts";
import { interpolationOfCode } from "./interpolation_codes.ts";
import { pixelScaleOf } from "./pixel_scale.ts";
import { cutOfKind, kindNameOf, otherProcessor, processorKinds } from "./processor_kinds.ts";
import { readTimmConfig } from "./timm_config.ts";

/** Fields of which one at least is there where a processor is for photos, if its class does not say so. */
const signs = ["image_mean", "resample", "do_resize", "do_center_crop", "crop_size"];

/** Whether a processor takes photos, rather than sound or text alone. */
function isOfPhotos(fields: Fields, kind: string): boolean {
  return Object.hasOwn(processorKinds, kind) || signs.some((name) => fields[name] !== undefined);
}

/** What is said: of what is not done `null` says so too, of all else that it is left to the reader. */
function saidIn(file: Fields): Fields {
  const undone = Object.keys(file).filter((name) => name.startsWith("do_") && file[name] === null);
  return { ...saidOf(file), ...Object.fromEntries(undone.map((name) => [name, false])) };
}

/** The processor of photos, where the file is of several. */
function ofPhotos(file: Fields): Fields {
  return asFields(file.image_processor) ?? file;
}

/**
 * How a processor of Hugging Face's transformers brings photos to a model.
 *
 * @param text The content of its `preprocessor_config.json` or `processor_config.json`.
 * @returns `undefined` where it takes no photos.
 * @throws {SyntaxError} If it is no JSON.
 * @throws {TypeError} If a field is of a wrong type.
 * @throws {RangeError} If a number is out of range.
 */
export function readPreprocessorConfig(text: string): Preprocessing | undefined {
  const file = parseFields(text);
  if (!file) throw new TypeError("it is no object");
  const said = saidIn(ofPhotos(file));
  if (asFields(said.pretrained_cfg)) return readTimmConfig(said);
  const className = textIn(said, "image_processor_type") ?? textIn(said, "feature_extractor_type") ?? "";
  const name = kindNameOf(className);
  if (!isOfPhotos(said, name)) return undefined;
  const kind = Object.hasOwn(processorKinds, name) ? processorKinds[name]! : otherProcessor;
  const fields = { ...kind.usual, ...said };
  return parsePreprocessing({
    name: className || "preprocessor_config.json",
    ...pixelScaleOf(fields, kind.isScaledTwice?.(fields) ?? false),
    channels: flagIn(fields, "do_flip_channel_order", false) ? "bgr" : "rgb",
    interpolation: interpolationOfCode(fields.resample),
    ...cutOfKind(kind)(fields, flagIn(fields, "default_to_square", kind.isSquare ?? true)),
  });
}
