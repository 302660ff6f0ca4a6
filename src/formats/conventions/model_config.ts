import { parseLabels } from "../labels.ts";
import { asFields, type Fields, parseFields } from "./fields.ts";
import { readTimmConfig } from "./timm_config.ts";
import type { Told } from "./told.ts";

/** Fields that show whose a file is, whose name is a common one. */
const signs = /"(id2label|label2id|pretrained_cfg|label_names)"/;

/** A name that stands for none. */
const placeholder = /^LABEL_\d+$/;

/** The names of classes by their numbers, or the other way round. */
function namesIn({ id2label, label2id }: Fields): string[] | undefined {
  const table = asFields(id2label) ?? asFields(label2id);
  if (!table || Object.keys(table).length === 0) return undefined;
  return parseLabels(JSON.stringify(table));
}

/** timm's names: words of WordNet's, with what they mean beside them. */
function timmNamesIn(fields: Fields): string[] | undefined {
  const names = fields.label_names ?? asFields(fields.pretrained_cfg)?.label_names;
  if (!Array.isArray(names) || names.length === 0) return undefined;
  const meanings = asFields(fields.label_descriptions ?? asFields(fields.pretrained_cfg)?.label_descriptions);
  return names.map((name) => String(meanings?.[String(name)] ?? name));
}

/** How timm marks weights that were trained on ImageNet last. */
const imageNetTag = /(^|_)in1k(_|$)/;

/** Whether timm's network has ImageNet's classes. */
function isOfImageNet(fields: Fields): boolean {
  const cfg = asFields(fields.pretrained_cfg);
  return (fields.num_classes ?? cfg?.num_classes) === 1000 && imageNetTag.test(String(cfg?.tag));
}

/**
 * What a `config.json` of Hugging Face's transformers, or of timm, tells about a model: the names of its classes, and
 * timm's also how photos are brought to it.
 *
 * @param text Its content; of a file that is neither's it tells nothing.
 * @throws {SyntaxError} If it is one of theirs, but no JSON.
 * @throws {TypeError} If a field is of a wrong type.
 * @throws {RangeError} If a number is out of range.
 */
export function readModelConfig(text: string): Told {
  if (!signs.test(text)) return {};
  const fields = parseFields(text);
  if (!fields) return {};
  const names = timmNamesIn(fields) ?? namesIn(fields);
  const labels = names?.every((name) => placeholder.test(name)) ? undefined : names;
  return {
    ...labels ? { labels } : isOfImageNet(fields) && { isOfImageNet: true },
    ...asFields(fields.pretrained_cfg) && { preprocessing: readTimmConfig(fields) },
  };
}
