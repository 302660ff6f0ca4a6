import type { ModelAbout, ModelLayer } from "../server/describe.ts";
import type { Option } from "./combobox.tsx";

const classOptionsOf = new WeakMap<ModelAbout, readonly Option[]>();
const layerOptionsOf = new WeakMap<ModelAbout, readonly Option[]>();

/** The height and width of a layer's output. */
export function sizeText({ tokens, outputShape: [, rows, columns] }: ModelLayer): string {
  const { height, width } = tokens ?? { height: rows, width: columns };
  return `${width ?? "?"} × ${height ?? "?"}`;
}

/** All classes of a model, to be searched. */
export function classOptions(about: ModelAbout): readonly Option[] {
  const known = classOptionsOf.get(about);
  if (known) return known;
  const options = Array.from({ length: about.classes ?? 0 }, (_, index) => ({
    value: String(index),
    label: about.labels[index] || `class ${index}`,
    hint: about.labels[index] ? String(index) : undefined,
  }));
  classOptionsOf.set(about, options);
  return options;
}

/** All layers that maps can be of, the last first. */
export function layerOptions(about: ModelAbout): readonly Option[] {
  const known = layerOptionsOf.get(about);
  if (known) return known;
  const options = about.layers.map((layer) => ({
    value: layer.path,
    label: layer.path,
    hint: sizeText(layer),
  }))
    .reverse();
  layerOptionsOf.set(about, options);
  return options;
}
