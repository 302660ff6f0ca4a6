/// <reference lib="dom" />
import type { ModelAbout, ModelLayer } from "../server/describe.ts";
import { Chips } from "./chips.tsx";
import { Combobox } from "./combobox.tsx";
import { layerOptions, sizeText } from "./options.ts";
import type { PageProps } from "./props.ts";

function asChip(layer: ModelLayer) {
  return { value: layer.path, label: sizeText(layer), hint: layer.path };
}

/** The layers worth a look first, and a search among all of them. */
export function Layers({ state, actions, about }: PageProps & { readonly about: ModelAbout }) {
  const chosen = state.settings.layer ?? about.defaultLayer;
  const all = layerOptions(about);
  if (all.length === 0) return null;
  const choose = (layer: string) =>
    actions.choose({ layer: layer === about.defaultLayer ? undefined : layer });
  return (
    <fieldset class="card">
      <legend>Where in the network</legend>
      <Chips name="layer" chips={about.suggested.map(asChip)} value={chosen} onChoose={choose} />
      {all.length > about.suggested.length && (
        <Combobox label={`Any of its ${all.length} layers`} options={all} value={chosen} onChoose={choose} />
      )}
    </fieldset>
  );
}
