/// <reference lib="dom" />
import { useMemo } from "preact/hooks";
import { barLabels } from "../../../../draw/color_bar.ts";
import { colorRow, heatmapOf } from "../drawing.ts";
import type { PlainExplanation } from "../state/answers.ts";
import type { State } from "../state/state.ts";
import { explanationOf, type Wish } from "../state/wish.ts";
import { rawNumber } from "../words.ts";
import { Canvas } from "./canvas.tsx";

/** How near words of the legend may come to each other, as a part of its length. */
const spacing = 0.18;

/** The least and the greatest value of a map, as the scale from 0 to 1 has them. */
function endsOf({ maps: [map], relu }: PlainExplanation): { min: number; max: number } {
  const values = map!.raw.data.filter(Number.isFinite).map((value) => relu ? Math.max(value, 0) : value);
  return {
    min: values.reduce((least, value) => Math.min(least, value), Infinity),
    max: values.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}

/** The numbers that the colours stand for in one map. */
function Numbers(
  { explanation, letter, isAbove }: {
    readonly explanation: PlainExplanation;
    readonly letter: string | undefined;
    /** Whether they stand above the bar. */
    readonly isAbove: boolean;
  },
) {
  const labels = useMemo(() => {
    const { min, max } = endsOf(explanation);
    const ends: Readonly<Record<string, string>> = { min: rawNumber(min), max: rawNumber(max) };
    return barLabels({ raw: heatmapOf(explanation.maps[0]!.raw), relu: explanation.relu }, spacing)
      .map(({ text, ...label }) => ({ ...label, text: ends[text] ?? text }))
      .sort((one, other) => one.at - other.at);
  }, [explanation]);
  return (
    <div class={isAbove ? "numbers above" : "numbers"}>
      {letter && <span class="letter">{letter}</span>}
      <ol>
        {labels.map(({ text, at, isTick }) => (
          <li key={`${text}${at}`} class={isTick ? "tick" : ""} style={{ "--at": at }}>{text}</li>
        ))}
      </ol>
    </div>
  );
}

/** The bar of colours with its numbers, one for all maps that are seen. */
export function Legend({ state, wishes }: { readonly state: State; readonly wishes: readonly Wish[] }) {
  const { colormap } = state.settings;
  const colors = useMemo(() => colorRow(colormap), [colormap]);
  const shown = wishes.map((wish) => explanationOf(state, wish));
  const isTwo = shown.length > 1;
  const numbersOf = (place: number, isAbove: boolean) => {
    const explanation = shown[place];
    const letter = isTwo ? "AB"[place] : undefined;
    return explanation && <Numbers explanation={explanation} letter={letter} isAbove={isAbove} />;
  };
  return (
    <div class={isTwo ? "legend legend-two" : "legend"} role="group" aria-label="What the colours mean">
      <div class="legend-words">
        <span>less</span>
        <span>what speaks for the class</span>
        <span>more</span>
      </div>
      {isTwo && numbersOf(0, true)}
      <Canvas image={colors} class="colors" />
      {numbersOf(isTwo ? 1 : 0, false)}
    </div>
  );
}
