/// <reference lib="dom" />
import { aboutOf, type State } from "../state/state.ts";
import { listedScores, lookOf, wishOf } from "../state/wish.ts";
import { classNameOf, scoreOf, shareOf } from "../words.ts";
import { Combobox, type Option } from "./combobox.tsx";
import { classOptions } from "./options.ts";
import type { PageProps } from "./props.ts";
import type { PlainExplanation, PlainScore } from "../state/answers.ts";

/** The class that is chosen: the best where none was. */
export function chosenClass(state: State): number | undefined {
  const wish = wishOf(state);
  return state.settings.classIndex ?? (wish && lookOf(state, wish)?.scores[0]?.classIndex);
}

/** Any class, or none, that it is compared with. */
function versusOptions(all: readonly Option[]): readonly Option[] {
  return [{ value: "", label: "compared with none" }, ...all];
}

function ClassRow(
  { score, look, isChosen, onChoose }: {
    readonly score: PlainScore;
    readonly look: PlainExplanation;
    readonly isChosen: boolean;
    readonly onChoose: () => void;
  },
) {
  const share = shareOf(score, look);
  return (
    <li>
      <label class="class-row">
        <input type="radio" name="class" class="unseen" checked={isChosen} onChange={onChoose} />
        <span class="class-name">{classNameOf(score, look.unit)}</span>
        <span class="class-share">{scoreOf(score, look)}</span>
        {share !== undefined && (
          <span class="meter" aria-hidden="true">
            <span style={{ "--share": share }} />
          </span>
        )}
      </label>
    </li>
  );
}

/** The best classes as bars, and a search among all of them. */
export function Classes({ state, actions }: PageProps) {
  const wish = wishOf(state);
  const about = aboutOf(state);
  const scores = wish ? listedScores(state, wish) : [];
  const look = wish && lookOf(state, wish);
  const chosen = chosenClass(state);
  const all = about && classOptions(about);
  const choose = (classIndex: number) => actions.choose({ classIndex });
  return (
    <fieldset class="card classes">
      <legend>What it saw</legend>
      {look && scores.length > 0
        ? (
          <ul>
            {scores.map((score) => (
              <ClassRow
                key={score.classIndex}
                score={score}
                look={look}
                isChosen={score.classIndex === chosen}
                onChoose={() => choose(score.classIndex)}
              />
            ))}
          </ul>
        )
        : <p class="quiet empty">Here the best classes will stand.</p>}
      {all && all.length > scores.length && (
        <Combobox
          label={`Any of its ${all.length} classes`}
          options={all}
          value={chosen?.toString()}
          onChoose={(value) => choose(Number(value))}
        />
      )}
      {all && all.length > 1 && (
        <div class="versus">
          <Combobox
            label="And not"
            options={versusOptions(all)}
            value={state.settings.versus?.toString() ?? ""}
            onChoose={(value) => actions.choose({ versus: value === "" ? undefined : Number(value) })}
          />
        </div>
      )}
    </fieldset>
  );
}
