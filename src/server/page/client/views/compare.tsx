/// <reference lib="dom" />
import type { Side } from "../state/settings.ts";
import { isQuick, titleOf, usualRuns } from "../state/method.ts";
import { aboutOf, type State } from "../state/state.ts";
import { listedScores, wishOf } from "../state/wish.ts";
import { Chips } from "./chips.tsx";
import { chosenClass } from "./classes.tsx";
import { Combobox, type Option } from "./combobox.tsx";
import { classOptions, layerOptions } from "./options.ts";
import type { PageProps } from "./props.ts";

/** What two maps can differ in, what there is to choose from, and what stands there first. */
interface SideChoice {
  readonly side: Side;
  readonly title: string;
  readonly label: string;
  readonly options: (state: State) => readonly Option[];
  readonly first: (state: State) => string | undefined;
}

const sides: readonly SideChoice[] = [
  {
    side: "class",
    title: "Another class",
    label: "The other class",
    options: (state) => {
      const about = aboutOf(state);
      return about ? classOptions(about) : [];
    },
    first: (state) => {
      const wish = wishOf(state);
      const scores = wish ? listedScores(state, wish) : [];
      return scores.find(({ classIndex }) => classIndex !== chosenClass(state))?.classIndex.toString();
    },
  },
  {
    side: "layer",
    title: "Another layer",
    label: "The other layer",
    options: (state) => {
      const about = aboutOf(state);
      return about ? layerOptions(about) : [];
    },
    first: (state) => {
      const about = aboutOf(state);
      const chosen = state.settings.layer ?? about?.defaultLayer;
      const suggested = about?.suggested.map(({ path }) => path) ?? [];
      const neighbour = suggested[suggested.indexOf(chosen ?? "") + 1];
      const all = about?.layers.map(({ path }) => path).reverse() ?? [];
      return [neighbour, ...suggested, ...all].find((path) => path !== undefined && path !== chosen);
    },
  },
  {
    side: "method",
    title: "Another method",
    label: "The other method",
    options: ({ methods }) =>
      methods.map((method) => ({
        value: method.name,
        label: titleOf(method),
        hint: isQuick(method) ? undefined : `${usualRuns(method).toLocaleString("en")} runs`,
      })),
    first: ({ methods, settings }) =>
      methods.find(({ name }) => name !== (settings.method ?? methods[0]?.name))?.name,
  },
];

/** Chooses what stands beside the map. */
export function Compare({ state, actions }: PageProps) {
  const { comparison } = state.settings;
  const possible = sides.filter(({ first, side }) => first(state) !== undefined || comparison?.by === side);
  const chosen = sides.find(({ side }) => side === comparison?.by);
  if (possible.length === 0) return null;
  return (
    <fieldset class="card" id="beside">
      <legend>Beside it</legend>
      <Chips
        name="compare"
        chips={[
          { value: "", label: "Nothing" },
          ...possible.map(({ side, title }) => ({ value: side, label: title })),
        ]}
        value={comparison?.by ?? ""}
        onChoose={(value) => {
          const side = sides.find(({ side }) => side === value);
          const first = side?.first(state);
          actions.choose({
            comparison: side && first !== undefined ? { by: side.side, value: first } : undefined,
          });
        }}
      />
      {chosen && comparison && (
        <Combobox
          key={chosen.side}
          label={chosen.label}
          options={chosen.options(state)}
          value={comparison.value}
          onChoose={(value) => actions.choose({ comparison: { by: chosen.side, value } })}
        />
      )}
    </fieldset>
  );
}
