/// <reference lib="dom" />
import { useMemo } from "preact/hooks";
import { barLabels, endsOf, type ScaledMap } from "../../../../draw/color_bar.ts";
import { colormapOf, colorRow, heatmapOf } from "../drawing.ts";
import type { PlainExplanation } from "../state/answers.ts";
import type { State } from "../state/state.ts";
import { explanationOf, type Wish } from "../state/wish.ts";
import { rawNumber } from "../words.ts";
import { Canvas } from "./canvas.tsx";

/** How near words of the legend may come to each other, as a part of its length. */
const spacing = 0.18;

/** A map as the bar of colours takes it. */
function scaledMapOf({ maps: [map] }: PlainExplanation): ScaledMap {
  return { raw: heatmapOf(map!.raw), relu: map!.relu, scale: map!.scale };
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
    const map = scaledMapOf(explanation);
    const [low, high] = endsOf(map).map(rawNumber);
    return barLabels(map, spacing)
      .map(({ text, ...label }) => ({ ...label, text: label.at === 0 ? low : label.at === 1 ? high : text }))
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

/** A bar of colours, the highest at the right. */
function Bar({ name }: { readonly name: string }) {
  const colors = useMemo(() => colorRow(name), [name]);
  return <Canvas image={colors} class="colors" />;
}

/** The bar of colours with its numbers, one for all maps that are seen and drawn in the same. */
export function Legend({ state, wishes }: { readonly state: State; readonly wishes: readonly Wish[] }) {
  const shown = wishes.map((wish) => explanationOf(state, wish));
  const known = shown.filter((explanation) => explanation !== undefined);
  const names = new Set(known.map((explanation) => colormapOf(explanation, state.settings)));
  if (names.size === 0) names.add(colormapOf(undefined, state.settings));
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
      {[...names].map((name) => <Bar key={name} name={name} />)}
      {numbersOf(isTwo ? 1 : 0, false)}
    </div>
  );
}
