/// <reference lib="dom" />
import { useMemo } from "preact/hooks";
import { colormaps } from "../../../../draw/colormaps/mod.ts";
import { opacities } from "../../../../draw/opacity.ts";
import { alphaOf, colormapOf, colorRow } from "../drawing.ts";
import { explanationOf, wishOf } from "../state/wish.ts";
import { Canvas } from "./canvas.tsx";
import { Chips } from "./chips.tsx";
import type { PageProps } from "./props.ts";

/** What the kinds of opacity are called here. */
const opacityTitles: Readonly<Record<string, string>> = { map: "Follows the map", constant: "Even" };

/** The name of the colour map that suits the map that is seen. */
function suitingColormap(state: PageProps["state"]): string {
  const wish = wishOf(state);
  return colormapOf(wish && explanationOf(state, wish), {});
}

/** A colour map; that which suits the map is chosen by itself, so that another map gets what suits it. */
function Swatch({ name, state, actions }: PageProps & { readonly name: string }) {
  const suiting = suitingColormap(state);
  const colors = useMemo(() => colorRow(name), [name]);
  return (
    <label class="swatch">
      <input
        type="radio"
        name="colormap"
        value={name}
        class="unseen"
        checked={(state.settings.colormap ?? suiting) === name}
        onChange={() => actions.choose({ colormap: name === suiting ? undefined : name })}
      />
      <Canvas image={colors} class="colors" />
      <span>{name}</span>
    </label>
  );
}

/** Colours, opacity and contour: all drawn here, at once. */
export function Appearance(props: PageProps) {
  const { state: { settings }, actions } = props;
  const alpha = alphaOf(settings);
  return (
    <fieldset class="card">
      <legend>How it is drawn</legend>
      <div class="swatches" role="radiogroup" aria-label="Colours">
        {colormaps.map(({ name }) => <Swatch key={name} {...props} name={name} />)}
      </div>
      <div role="radiogroup" aria-label="Opacity">
        <Chips
          name="opacity"
          chips={opacities.map(({ name }) => ({ value: name, label: opacityTitles[name] ?? name }))}
          value={settings.opacity}
          onChoose={(opacity) => actions.choose({ opacity, alpha: undefined })}
        />
      </div>
      <div class="slider">
        <label for="alpha">Opacity</label>
        <input
          type="range"
          id="alpha"
          min="0"
          max="1"
          step="0.05"
          value={alpha}
          onInput={({ currentTarget }) =>
            actions.choose({ alpha: Number(currentTarget.value) }, { isSlide: true })}
        />
        <output for="alpha">{Math.round(alpha * 100)} %</output>
      </div>
      <label class="check">
        <input
          type="checkbox"
          id="contour"
          checked={settings.contour}
          onChange={({ currentTarget }) => actions.choose({ contour: currentTarget.checked })}
        />
        A line round the strongest tenth
      </label>
    </fieldset>
  );
}
